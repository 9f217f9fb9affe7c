"""What a chat keeps, read back: its past turns, and its images with their pixels on first use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from store.chats.conversations import ImageRow, TurnRow, TurnState
from tools.context import ChatImage

if TYPE_CHECKING:
    from store.pictures.image_store import ImageStore


@dataclass(frozen=True)
class Turn:
    """One past turn. `answer` is None when it was cut off or is still running; see `state`.

    `good` is what its reader thought of the answer; None if that was not said.
    """

    id: str
    question: str
    attached: tuple[str, ...]
    state: TurnState
    answer: Answer | None
    good: bool | None = None


def past_turn(row: TurnRow, good: bool | None = None) -> Turn:
    """A turn as it was written down, and what was thought of it."""
    answer = Answer.from_json(row.answer) if row.answer else None
    return Turn(row.id, row.question, row.attached, row.state, answer, good)


def kept_image(row: ImageRow, images: ImageStore) -> ChatImage:
    """An image of a chat; `images` is asked for its pixels when they are first looked at."""
    return ChatImage(row.id, row.key, row.gate, lambda: images.get(row.key), row.index, row.facts)
