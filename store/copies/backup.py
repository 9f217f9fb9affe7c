"""A backup while Casebook is in use: databases as of one moment, then what they refer to, until both agree.

Nothing is locked for longer than SQLite takes to copy its pages. What a database refers to never changes, it
can only go; so if something has gone when it is to be copied, the database is copied once more.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from store.copies.contents import (
    CASES,
    CHATS,
    MANIFEST,
    PLAIN,
    Listed,
    Manifest,
    case_keys,
    chat_keys,
    copied,
    copied_database,
    counted,
)
from store.errors import CaseError, SetupError
from store.pictures.places import place_of
from store.whole_file import write_whole

# Ours: chats that are deleted while their images are copied; more rounds than that are a fault.
_ROUNDS = 10


def back_up(home: Path, chats: Path, out: Path) -> Manifest:
    """Copy all that Casebook keeps into a new folder, whole or not at all.

    Args:
        home: the Casebook folder.
        chats: the SQLite database of the conversations.
        out: the folder; it is not there yet, or empty.

    Returns:
        What was copied. `Manifest.lacking` names what a database refers to and was not there, or differed
        from its digest.

    Raises:
        CaseError: `out` is there and not empty, or lies in the Casebook folder; or nothing was kept yet.
        SetupError: something cannot be read, or `out` cannot be written.
    """
    _refuse(home, chats, out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
        try:
            manifest = _Copy(home, chats, part).run()
            write_whole(part / MANIFEST, manifest.model_dump_json(indent=1))
            if hasattr(os, "sync"):
                os.sync()
            if out.exists():
                out.rmdir()
            part.rename(out)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except (OSError, sqlite3.Error) as error:
        raise SetupError(
            "The backup was not made: something in the Casebook folder cannot be read, or the disk it goes "
            "to is full or cannot be written. Run casebook doctor, or name a folder on another disk."
        ) from error
    return manifest


@dataclass
class _Copy:
    home: Path
    chats: Path
    out: Path
    files: dict[str, Listed] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)

    def run(self) -> Manifest:
        self._agreeing(self.chats, CHATS, self._of_chats, ("images/", "pictures/"))
        if (self.home / CASES).exists():
            self._agreeing(self.home / CASES, CASES, self._of_cases, ("library/pictures/",))
        for pattern in PLAIN:
            for path in self.home.glob(pattern):
                self._plain(path)
        made_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        counts = counted(self.out)
        for folder in ("images", "pictures", "library/pictures"):
            counts[f"files in {folder}"] = sum(name.startswith(f"{folder}/") for name in self.files)
        lacking = tuple(sorted(self.lacking))
        return Manifest(made_at=made_at, counts=counts, lacking=lacking, files=self.files)

    def _agreeing(
        self, source: Path, name: str, wanted: Callable[[Path], dict[str, Path]], tops: tuple[str, ...]
    ) -> None:
        """Copy a database and what it refers to, so that neither is newer than the other."""
        missing: set[str] | None = None
        for _ in range(_ROUNDS):
            (self.out / name).parent.mkdir(parents=True, exist_ok=True)
            copied_database(source, self.out / name)
            places = wanted(self.out / name)
            self._drop(set(places), tops)
            before, missing = missing, {one for one, place in places.items() if not self._take(one, place)}
            if not missing or missing == before:
                break
        self.lacking |= missing or set()
        self.files[name] = copied(self.out / name, self.out / f"{name}.copy")
        (self.out / f"{name}.copy").unlink()

    def _of_chats(self, database: Path) -> dict[str, Path]:
        images, pictures = chat_keys(database)
        found = {
            f"images/{key[:2]}/{key}": place_of(self.home / "images", key, what="image") for key in images
        }
        return found | {f"pictures/{key[:2]}/{key}.png": self._png("pictures", key) for key in pictures}

    def _of_cases(self, database: Path) -> dict[str, Path]:
        keys = case_keys(database)
        return {f"library/pictures/{key[:2]}/{key}.png": self._png("library/pictures", key) for key in keys}

    def _png(self, folder: str, key: str) -> Path:
        return place_of(self.home / folder, key, what="picture").with_suffix(".png")

    def _take(self, name: str, place: Path) -> bool:
        """Copy a picture or an image's folder; False if it is gone, or no longer what its digest says."""
        if name in self.files or f"{name}/meta.json" in self.files:
            return True
        try:
            if place.is_dir():
                told = {
                    f"{name}/{one.name}": copied(one, self.out / name / one.name) for one in place.iterdir()
                }
                whole = place.is_dir() and "meta.json" in {one.rsplit("/", 1)[1] for one in told}
            else:
                told = {name: copied(place, self.out / name)}
                whole = told[name].sha256 == place.stem
        except FileNotFoundError:
            whole = False
        if whole:
            self.files |= told
        else:
            _clear(self.out / name)
        return whole

    def _drop(self, wanted: set[str], tops: tuple[str, ...]) -> None:
        """Leave out what an earlier copy of the database referred to and this one does not."""
        for name in [one for one in self.files if one.startswith(tops)]:
            owner = name.rsplit("/", 1)[0] if name.startswith("images/") else name
            if owner not in wanted:
                del self.files[name]
                (self.out / name).unlink()

    def _plain(self, path: Path) -> None:
        for one in [path] if path.is_file() else sorted(path.rglob("*")):
            if one.is_file() and not any(part.startswith(".") for part in one.relative_to(self.home).parts):
                name = one.relative_to(self.home).as_posix()
                self.files[name] = copied(one, self.out / name)


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _refuse(home: Path, chats: Path, out: Path) -> None:
    if not chats.exists():
        raise CaseError("There is nothing to back up yet: no chat was kept in the Casebook folder.")
    if out.resolve().is_relative_to(home.resolve()):
        raise CaseError("The backup would lie in the Casebook folder itself. Name a folder outside of it.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CaseError(f"{out.name!r} is there already. A backup overwrites nothing: name a new folder.")
