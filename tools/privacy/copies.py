"""Copies of a file or of all files in a folder, with a report; what was not written counts as failed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from store.errors import CaseError, SetupError
from store.whole_file import write_whole
from tools.privacy.cleaning import Cleaner
from tools.privacy.copy import Copy
from tools.privacy.profile import EDITION

_REPORT = ".report.json"
# Ours: that much of a digest tells the files of any folder apart.
_NAME = 20
_NO_ROOM = "The copy cannot be written. Make room, or name a folder elsewhere."
_NO_REPORT = (
    "The report of the copies cannot be written. Make room, remove the copies, and name a folder that can be "
    "written."
)
_UNCLEAN = "The copy was not clean when it was read again, and is gone."


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Attributes:
        source: the file.
        copy: what was, or would be, written; None where there can be no copy.
        written: where it was written.
        refused: why there is none.
    """

    source: Path
    copy: Copy | None = None
    written: Path | None = None
    refused: str | None = None

    def without_bytes(self) -> Outcome:
        """The same, for those who hold many: what the copy holds is let go of."""
        return replace(self, copy=replace(self.copy, data=b"") if self.copy else None)


def files_below(source: Path) -> list[Path]:
    """The file, or every file in a folder and below it, links left out.

    Raises:
        CaseError: there is none.
    """
    if not source.is_dir():
        return [source]
    walked = (Path(root, name) for root, _, names in os.walk(source) for name in names)
    found = sorted(path for path in walked if path.is_file() and not path.is_symlink())
    if not found:
        raise CaseError("There is no file in this folder or below it.")
    return found


def look_at(source: Path, cleaner: Cleaner) -> Iterator[Outcome]:
    """What each file carries; nothing is written."""
    for path in files_below(source):
        yield _cleaned(path, cleaner)


def write_copies(source: Path, out: Path, cleaner: Cleaner, *, keep_names: bool = False) -> Iterator[Outcome]:
    """Write a copy of each file, and a report beside them, which names no source.

    A copy is read again before it counts: nothing may be left in it that would be taken out.

    Args:
        source: a file or folder.
        out: a folder that is not there or empty; for one file also the name of the copy.
        cleaner: makes the copies.
        keep_names: copies have the names and folders of their sources; else a name made of their content.

    Raises:
        CaseError: `out` cannot be used; before anything is written.
        SetupError: the report could not be written.
    """
    to_file = not source.is_dir() and bool(out.suffix) and not out.is_dir()
    _refuse(source, out, to_file=to_file)
    done = []
    for path in files_below(source):
        outcome = _cleaned(path, cleaner)
        if outcome.copy is not None:
            name = path.relative_to(source).with_suffix("") if source.is_dir() else Path(path.stem)
            target = out if to_file else _free(out / _name(outcome.copy, name if keep_names else None))
            outcome = _written(outcome, outcome.copy, target, cleaner)
        done.append((outcome.without_bytes(), _digest(outcome)))
        yield outcome
    report = json.dumps(_report(done, cleaner), indent=2, ensure_ascii=False) + "\n"
    try:
        write_whole(out.with_name(out.name + _REPORT), report)
    except OSError as error:
        raise SetupError(_NO_REPORT) from error


def _refuse(source: Path, out: Path, *, to_file: bool) -> None:
    inside = out.resolve().is_relative_to(source.resolve()) or source.resolve().is_relative_to(out.resolve())
    if source.is_dir() and inside:
        raise CaseError("Copies are never written among their sources. Name a folder elsewhere.")
    there = out.exists() and (to_file or not out.is_dir() or any(out.iterdir()))
    if there or out.resolve() == source.resolve():
        raise CaseError(
            f"{str(out)!r} is there already, and nothing is written over. Name a new file or an empty folder."
        )


def _cleaned(path: Path, cleaner: Cleaner) -> Outcome:
    try:
        return Outcome(path, cleaner.copy(path))
    except CaseError as error:
        return Outcome(path, refused=str(error))
    except OSError:
        return Outcome(path, refused="This file cannot be read. Check its permissions.")


def _name(copy: Copy, kept: Path | None) -> Path:
    stem = kept or Path(hashlib.sha256(copy.data).hexdigest()[:_NAME])
    return stem.with_name(stem.name.removesuffix(".nii") + copy.suffix)


def _free(path: Path) -> Path:
    """A path that is not taken: sources that differed only in what was taken out have the same copy."""
    suffix = "".join(path.suffixes[-2:]) if path.name.endswith(".nii.gz") else path.suffix
    stem = path.name.removesuffix(suffix)
    names = (f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}" for number in count(1))
    return next(free for name in names if not (free := path.with_name(name)).exists())


def _written(outcome: Outcome, copy: Copy, target: Path, cleaner: Cleaner) -> Outcome:
    """Write a copy under a name that begins with a dot, and give it its own once it was found clean."""
    part = target.with_name(f".{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(part, copy.data)
        left = _cleaned(part, replace(cleaner, finder=None))  # pixels were looked at twice already
        if left.copy is None or left.copy.changes:
            return Outcome(outcome.source, copy, refused=_UNCLEAN)
        part.replace(target)
    except OSError:
        return Outcome(outcome.source, copy, refused=_NO_ROOM)
    finally:
        part.unlink(missing_ok=True)
    return Outcome(outcome.source, copy, target)


def _digest(outcome: Outcome) -> str:
    return hashlib.sha256(outcome.copy.data).hexdigest() if outcome.copy else ""


def _report(done: Sequence[tuple[Outcome, str]], cleaner: Cleaner) -> dict[str, Any]:
    files = [_file(one.written, one.copy, digest) for one, digest in done if one.written and one.copy]
    return {
        "profile": f"DICOM PS3.15 {EDITION}, Basic Application Level Confidentiality Profile",
        "dates": "moved" if cleaner.move_dates else "removed",
        "given": len(done),
        "written": len(files),
        "failed": len(done) - len(files),
        "files": files,
    }


def _file(path: Path, copy: Copy, digest: str) -> dict[str, Any]:
    return {
        "copy": path.name,
        "sha256": digest,
        "text_in_pixels_looked_for": copy.pixels_seen,
        "changes": [{"attribute": one.attribute, "action": one.action} for one in copy.changes],
    }
