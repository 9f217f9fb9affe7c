"""What of a chat goes into a copy: words, evidence, safety texts, and the pictures as they were shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.kinds import kind_in
from assistant.answers.outside import for_outside
from assistant.turn.kept import Turn
from store.errors import CaseError
from store.pictures.preview import jpeg_preview
from store.records import Picture, parse_record
from tools.context import ChatImage
from tools.language.sayings import FIRST, say

if TYPE_CHECKING:
    from assistant.chat import Chat

Find = Callable[[str], Path]
"""Finds a kept picture by its key; raises `CaseError` when it is gone."""


@dataclass(frozen=True)
class Pictured:
    """A picture, and what stands below it. `data` is a JPEG without any header of the file it came from."""

    name: str
    caption: str
    data: bytes


@dataclass(frozen=True)
class Exchange:
    """One question with what came with it, and one answer with what tools drew for it.

    `answer` is None for a turn that was cut off; `gone` says of each picture that is no longer kept why.
    """

    question: str
    attached: tuple[Pictured, ...]
    answer: Answer | None
    drawn: tuple[Pictured, ...]
    gone: tuple[str, ...] = ()
    good: bool | None = None


@dataclass(frozen=True)
class ChatCopy:
    """A chat, read once and kept apart from what is stored.

    Attributes:
        title: as in the list of chats.
        language: of its last answer, a folder of ``prompts/sayings``.
        exchanges: in the order they were asked.
    """

    title: str
    language: str
    exchanges: tuple[Exchange, ...]


def copy_of(chat: Chat, find: Find) -> ChatCopy:
    """Read a chat as it is now.

    Args:
        chat: the chat.
        find: where pictures lie that tools drew.
    """
    turns = chat.history()
    images = {image.id: image for image in chat.images()}
    spoken = [turn.answer.language for turn in turns if turn.answer]
    return ChatCopy(
        chat.title,
        spoken[-1] if spoken else FIRST,
        tuple(_exchange(turn, images, find) for turn in turns),
    )


def _exchange(turn: Turn, images: dict[str, ChatImage], find: Find) -> Exchange:
    language = turn.answer.language if turn.answer else FIRST
    attached, lost = _kept(partial(_shown, images[one], language) for one in turn.attached)
    drawn, gone = _kept(partial(_drawn, record, find) for record in _pictures(turn.answer))
    answer = for_outside(turn.answer) if turn.answer else None
    return Exchange(turn.question, attached, answer, drawn, (*lost, *gone), turn.good)


def _kept(pictures: Iterable[Callable[[], Pictured]]) -> tuple[tuple[Pictured, ...], tuple[str, ...]]:
    """Those that are still kept, and of the others why they are not."""
    found, gone = [], []
    for picture in pictures:
        try:
            found.append(picture())
        except CaseError as error:
            gone.append(str(error))
    return tuple(found), tuple(gone)


def _shown(image: ChatImage, language: str) -> Pictured:
    # As it came, whatever slice was asked for since.
    count = int(image.facts.get("frames", 1))
    caption = kind_in(image.gate, language)
    if count > 1:
        caption = say("export.slice", language, kind=caption, slice=image.image.index + 1, count=count)
    return Pictured(image.id, caption, jpeg_preview(image.image.pixels))


def _pictures(answer: Answer | None) -> Iterator[Picture]:
    found = (
        (parse_record(dict(record)) for one in answer.evidence for record in one.records) if answer else ()
    )
    yield from (record for record in found if isinstance(record, Picture))


def _drawn(record: Picture, find: Find) -> Pictured:
    """A picture as a tool drew it, written again as a JPEG."""
    import numpy as np
    from PIL import Image as PillowImage

    with PillowImage.open(find(record.key)) as picture:
        data = jpeg_preview(np.asarray(picture.convert("RGB")))
    return Pictured(record.image_id, record.caption, data)
