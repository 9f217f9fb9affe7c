"""What was pulled: one small JSON file per system with commits, folders and the hash of every file."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from store.errors import SetupError
from store.whole_file import write_json

Role = Literal["checkpoint", "base"]
Progress = Callable[[int], None]
"""Called with the number of bytes just done."""

BLOCK = 1 << 20
"""Bytes read at a time."""


@dataclass(frozen=True)
class PulledFile:
    """One file, by its name in the repository."""

    name: str
    nbytes: int
    sha256: str


@dataclass(frozen=True)
class Repository:
    """What was pulled of one repository.

    Attributes:
        name: ``owner/name``.
        role: what it is to the system.
        asked: the branch, tag or commit that was asked for.
        revision: the commit that was pulled.
        folder: the snapshot in the cache of huggingface_hub.
        was_there: whether all of it was in the cache before Casebook asked for it.
        older: commits that were pulled before this one and are still in the cache.
        files: those that have arrived and whose hash was right.
    """

    name: str
    role: Role
    asked: str
    revision: str
    folder: Path
    was_there: bool
    files: tuple[PulledFile, ...] = ()
    older: tuple[str, ...] = ()

    @property
    def nbytes(self) -> int:
        """Bytes of its files."""
        return sum(file.nbytes for file in self.files)


@dataclass(frozen=True)
class Pulled:
    """What was pulled for one system.

    Attributes:
        system: its name.
        complete: False while a pull is under way or was cut off.
        repositories: the checkpoint first, then its base.
    """

    system: str
    complete: bool
    repositories: tuple[Repository, ...]

    @property
    def checkpoint(self) -> Repository:
        """The system's own repository."""
        return self.repositories[0]

    @property
    def base(self) -> Repository | None:
        """The repository under the adapter, or None."""
        return next((one for one in self.repositories if one.role == "base"), None)

    @property
    def nbytes(self) -> int:
        """Bytes of all files."""
        return sum(one.nbytes for one in self.repositories)

    def missing(self) -> list[str]:
        """Names of files that are no longer there, or no longer have their size."""
        return [
            file.name for one in self.repositories for file in one.files if not _has_size(one.folder, file)
        ]

    def to_dict(self) -> dict[str, Any]:
        """As one JSON object."""
        value = dataclasses.asdict(self)
        for one in value["repositories"]:
            one["folder"] = str(one["folder"])
        return value


def read_pulled(system: str, home: Path) -> Pulled | None:
    """What was pulled for `system` into the Casebook folder `home`; None if nothing was.

    Raises:
        SetupError: the record cannot be read.
    """
    path = _record(system, home)
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        first, *others = (
            Repository(
                name=one["name"],
                role=one["role"],
                asked=one["asked"],
                revision=one["revision"],
                folder=Path(one["folder"]),
                was_there=one["was_there"],
                files=tuple(PulledFile(**file) for file in one["files"]),
                older=tuple(one["older"]),
            )
            for one in value["repositories"]
        )
        return Pulled(system=system, complete=bool(value["complete"]), repositories=(first, *others))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(
            f"The record of what was pulled for {system} cannot be read. Delete models/{path.name} in the "
            f"Casebook folder, then run: casebook models pull {system}"
        ) from error


def write_pulled(pulled: Pulled, home: Path) -> None:
    """Keep `pulled` in the Casebook folder `home`, all of it or nothing.

    Raises:
        SetupError: the folder cannot be written.
    """
    write_json(_record(pulled.system, home), pulled.to_dict())


def forget_pulled(system: str, home: Path) -> None:
    """Drop the record of `system`; its files stay."""
    _record(system, home).unlink(missing_ok=True)


def check_files(pulled: Pulled, home: Path, progress: Progress = lambda _: None) -> None:
    """Compare every file with the hash it was pulled with. A file that differs is pulled anew next time.

    Raises:
        SetupError: a file is missing or has changed; says which and what to do.
    """
    command = f"casebook models pull {pulled.system}"
    if not pulled.complete:
        raise SetupError(f"{pulled.system} was not pulled to its end. Go on with: {command}")
    if missing := pulled.missing():
        raise SetupError(
            f"{pulled.system} lacks {_some(missing)}, or it is cut short. Fetch it again: {command}"
        )
    changed: list[str] = []
    repositories = []
    for one in pulled.repositories:
        right = tuple(
            file for file in one.files if sha256_of(one.folder / file.name, progress) == file.sha256
        )
        changed += [file.name for file in one.files if file not in right]
        repositories.append(dataclasses.replace(one, files=right))
    if changed:
        write_pulled(dataclasses.replace(pulled, complete=False, repositories=tuple(repositories)), home)
        raise SetupError(
            f"{_some(changed)} of {pulled.system} is not what was pulled: its hash differs. "
            f"Fetch it again: {command}"
        )


def sha256_of(path: Path, progress: Progress = lambda _: None) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    for block in blocks(path):
        digest.update(block)
        progress(len(block))
    return digest.hexdigest()


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, `BLOCK` at a time."""
    with path.open("rb") as opened:
        while block := opened.read(BLOCK):
            yield block


def _record(system: str, home: Path) -> Path:
    return home / "models" / f"{system}.json"


def _has_size(folder: Path, file: PulledFile) -> bool:
    path = folder / file.name
    return path.is_file() and path.stat().st_size == file.nbytes


def _some(names: list[str], most: int = 3) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
