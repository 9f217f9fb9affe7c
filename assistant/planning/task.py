"""What a question comes to: one task or more, each with the images it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.planning.reading_wish import Wish
from assistant.planning.words import Intent

NEEDS_IMAGE: frozenset[Intent] = frozenset(
    {"treat_as", "slice", "rank", "classify", "similar", "compare", "quality", "tissue", "facts", "header",
     "what_is", "measure", "describe", "read"}
)  # fmt: skip
"""What is done with an image."""
FIRST: tuple[Intent, ...] = ("treat_as", "slice")
"""What changes an image, before anything else is done with it."""


@dataclass(frozen=True)
class Task:
    """One thing to answer: what, in which words, about which images.

    `detail` is what an intent needs besides: the slice number, or the kind to treat an image as. `wish` is
    what is asked of the reading models. `given` is what a tool is given besides, by name.
    """

    intent: Intent
    clause: str
    images: tuple[str, ...] = ()
    note: str = ""
    detail: str = ""
    wish: Wish | None = None
    either: tuple[Intent, ...] = ()
    given: tuple[tuple[str, Any], ...] = ()
