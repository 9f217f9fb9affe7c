"""What the database holds of a chat, row by row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from store.records import Gate

TURN = ("id", "n", "question", "attached", "state", "answer", "started_at")
"""The columns of a turn that `turn_of` reads."""

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


def number(image_id: str) -> int:
    """The number in an image id: 3 for ``img-3``."""
    return int(image_id.removeprefix("img-"))


def turn_of(row: Any) -> TurnRow:
    """A row of the table of turns."""
    attached = tuple(json.loads(row.attached))
    return TurnRow(row.id, row.n, row.question, attached, row.state, row.answer, row.started_at)


def image_of(row: Any) -> ImageRow:
    """A row of the table of images: number, key, gate, facts and slice."""
    n, key, gate, facts, index = row
    return ImageRow(f"img-{n}", key, Gate.model_validate_json(gate), json.loads(facts), index)


def changed_values(chat_id: str, image: ImageRow) -> dict[str, Any]:
    """What may change of an image, with where it stands."""
    of_image = {"gate": image.gate.model_dump_json(), "slice_index": image.index}
    return {"chat": chat_id, "at": number(image.id), **of_image}


def image_values(chat_id: str, image: ImageRow) -> dict[str, Any]:
    """An image as the columns of its table."""
    return {
        "chat_id": chat_id,
        "n": number(image.id),
        "image_key": image.key,
        "gate": image.gate.model_dump_json(),
        "facts": json.dumps(image.facts),
        "slice_index": image.index,
    }
