"""What collections of cases are called; nothing else, so that a command can name them without a library."""

from __future__ import annotations

UNKNOWN = "unknown"
"""Version of vectors that were imported and do not say what made them."""

IMPORTED = "-imported"
"""How the name of a collection ends whose vectors were imported without their pictures."""


def is_imported(collection: str) -> bool:
    """Whether a collection holds vectors that were imported without their pictures."""
    return collection.endswith(IMPORTED)


def learned_name(collection: str) -> str:
    """The encoder whose vectors a learned collection holds."""
    return collection.removesuffix(IMPORTED)
