"""Which files of this machine a program may name: those below the folders that the operator gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from store.errors import CaseError, SetupError

# One sentence for what is not there and for what may not be looked at: it must not tell which it is.
_NOT_HERE = (
    "There is no such file or folder below the folders that Casebook may read. Give a path below one of "
    "them, whole or from there, or the bytes of the file as base64 in `data`."
)
_NO_ROOTS = (
    "Casebook may read no files here. Give the bytes of the file as base64 in `data`, or ask whoever started "
    "the server to name a folder: casebook mcp --root FOLDER"
)


@dataclass(frozen=True)
class Roots:
    """The folders.

    Attributes:
        folders: with links followed.
        home: the Casebook folder with links followed, from which nothing is ever read.
    """

    folders: tuple[Path, ...]
    home: Path

    def find(self, typed: str) -> Path:
        """The file or folder at a path, with links followed.

        Args:
            typed: the path, whole or below one of the folders.

        Raises:
            CaseError: it is not below one of the folders, lies in or around the Casebook folder, or is not
                there; the sentence does not tell which.
        """
        if not self.folders:
            raise CaseError(_NO_ROOTS)
        for folder in self.folders:
            try:
                found = (folder / typed).resolve(strict=True)
            except (OSError, ValueError, RuntimeError):
                continue
            kept = found.is_relative_to(self.home) or self.home.is_relative_to(found)
            if found.is_relative_to(folder) and not kept:
                return found
        raise CaseError(_NOT_HERE)


def roots_of(typed: Sequence[str], home: Path) -> Roots:
    """The folders that the operator named.

    Raises:
        SetupError: one of them is no folder.
    """
    folders = []
    for one in typed:
        try:
            folders.append(Path(one).expanduser().resolve(strict=True))
        except (OSError, ValueError, RuntimeError):
            raise SetupError(f"There is no folder {one!r}. Name one that is there: --root FOLDER") from None
        if not folders[-1].is_dir():
            raise SetupError(f"{one!r} is a file. Name the folder that holds it: --root FOLDER")
    return Roots(tuple(folders), home.resolve())
