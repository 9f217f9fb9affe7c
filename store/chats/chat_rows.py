"""What the database holds of a chat, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from store.records import Gate

TurnState = Literal["running", "answered", "stopped", "failed"]


@dataclass(frozen=True)
class ChatRow:
    """One chat in a list. Times are seconds since the epoch."""

    id: str
    title: str
    created_at: float
    updated_at: float


@dataclass(frozen=True)
class TurnRow:
    """One question and, once finished, its answer as JSON text. `attached` holds image ids."""

    id: str
    n: int
    question: str
    attached: tuple[str, ...]
    state: TurnState
    answer: str | None
    started_at: float


@dataclass(frozen=True)
class ImageRow:
    """One image of a chat: its handle, its key in the image store, what it is, where the user looks.

    `facts` is small and printable: frame count, width, height, file type.
    """

    id: str
    key: str
    gate: Gate
    facts: dict[str, Any]
    index: int


@dataclass(frozen=True)
class Removed:
    """Keys that no chat refers to any more."""

    image_keys: tuple[str, ...]
    picture_keys: tuple[str, ...]
