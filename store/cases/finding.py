"""Where the picture of a row lies: at its path, or, by its name or id alone, anywhere below the table.

Published sets list ids without an ending (``ISIC_0000000``) and keep the files in folders of their own. An id
that fits several different files is not guessed at.
"""

from __future__ import annotations

import filecmp
import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# What an id may end in; sidecars of metadata have the same names.
_ENDINGS = (
    *(".jpg", ".jpeg", ".png", ".heic", ".heif", ".avif", ".webp", ".bmp", ".gif", ".tif", ".tiff"),
    *(".dcm", ".dicom", ".nii.gz", ".nii"),
)
_SHOWN = 3


@dataclass(frozen=True)
class Pictures:
    """The pictures below one folder. They are listed once, when a path is not found as written."""

    folder: Path

    def find(self, name: str) -> list[Path]:
        """The files that a row can mean.

        Args:
            name: what the row says: a path below the folder, a file's name, or its name without its ending.

        Returns:
            One if it is clear, none if there is none, several different ones if it is not clear.
        """
        written = _as_written(self.folder, name)
        if written is not None:
            return [written]
        wanted = _plain(name)
        if not wanted or wanted.startswith("/") or ".." in wanted.split("/"):
            return []
        return _different([one for one in self._named(wanted) if self._fits(one, wanted)])

    def _named(self, wanted: str) -> list[Path]:
        return self._by_name.get(wanted.rsplit("/", 1)[-1], [])

    def _fits(self, path: Path, wanted: str) -> bool:
        relative = _plain(str(path.relative_to(self.folder)))
        return any(f"/{one}".endswith(f"/{wanted}") for one in (relative, _without_ending(relative)))

    @cached_property
    def _by_name(self) -> dict[str, list[Path]]:
        """Every picture below the folder by its name with and without its ending."""
        found: dict[str, list[Path]] = defaultdict(list)
        for path in _pictures(self.folder):
            name = _plain(path.name)
            for one in {name, _without_ending(name)}:
                found[one].append(path)
        return found


def several(folder: Path, paths: list[Path]) -> str:
    """The files that a name fits, as words."""
    shown = [repr(str(path.relative_to(folder))) for path in paths[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")


def _pictures(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and name.lower().endswith(_ENDINGS):
                yield Path(where, name)


def _different(paths: list[Path]) -> list[Path]:
    """The same without copies: sets are often unpacked twice."""
    kept: list[Path] = []
    for path in paths:
        if not any(filecmp.cmp(path, one, shallow=False) for one in kept):
            kept.append(path)
    return kept


def _as_written(folder: Path, name: str) -> Path | None:
    # Tables made on Windows write \, file names made on a Mac are decomposed.
    written = (name, name.replace("\\", "/"))
    for form in [f(w) for w in written for f in (str, _composed, _decomposed)]:
        try:
            if (folder / form).is_file():
                return folder / form
        except OSError:  # a name longer than the file system allows
            return None
    return None


def _plain(name: str) -> str:
    return _composed(name.replace("\\", "/"))


def _without_ending(name: str) -> str:
    ending = next((one for one in _ENDINGS if name.lower().endswith(one)), "")
    return name[: len(name) - len(ending)]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)
