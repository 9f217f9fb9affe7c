"""What a visitor of the page may import: tables and folders below those that the operator named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.pages.words import said
from store.errors import CaseError

# One sentence for what is not there and for what may not be looked at: it must not tell which it is.
_NOT_HERE = "page.not_here"


def import_place(typed: str, places: Sequence[Path], home: Path) -> Path:
    """Where the table or folder lies that a visitor named.

    Args:
        typed: its path, whole or below one of `places`.
        places: the folders that the operator named.
        home: the Casebook folder, from which nothing is ever imported.

    Raises:
        CaseError: it is not below one of `places`, is the Casebook folder or one in or around it, or is not
            there; the sentence does not tell which.
    """
    for place in places:
        try:
            root, found = place.resolve(), (place / typed.strip()).resolve(strict=True)
            folder = found if found.is_dir() else found.parent
            kept = home.resolve()
        except (OSError, ValueError, RuntimeError):
            continue
        inside = found.is_relative_to(root) and folder.is_relative_to(root)
        if inside and not (folder.is_relative_to(kept) or kept.is_relative_to(folder)):
            return found
    raise CaseError(said(_NOT_HERE))
