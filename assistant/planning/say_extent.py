"""Pixels and centimetres of whole pictures side by side: which has more, and what that does not say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.say_image import extent, records, result_of
from store.records import Fact
from tools.language.sayings import in_a_row

_PIXELS = re.compile(r"\b(?:resolution|pixels?|megapixels?|matrix|dimensions?|field of view|fov)\b", re.I)
_LENGTH = re.compile(
    r"\b(?:cm|mm|centimet\w+|millimet\w+|wider|taller|larger|largest|bigger|biggest|smaller|smallest|size|"
    r"extent)\b",
    re.I,
)


def is_of_extent(clause: str, *, radiology: bool) -> bool:
    """Whether a comparison is about the pictures as a whole; a size is, where no lesion can be outlined."""
    return bool(_PIXELS.search(clause) or (radiology and _LENGTH.search(clause)))


def extents(ids: Sequence[str], talk: Conversation) -> str:
    """The size of each picture in pixels and, where the file gives a scale, in centimetres."""
    rows = [talk.image(image_id) for image_id in ids]
    lines = "\n".join(f"- {row.id}: {_size(row, talk)}" for row in rows)
    return f"{_most(rows, talk)}\n\n{lines}\n\n{talk.say('comparing.whole_picture')}"


def _most(rows: Sequence[ImageRow], talk: Conversation) -> str:
    most = max(row.width * row.height for row in rows)
    top = [row.id for row in rows if row.width * row.height == most]
    if len(top) == len(rows):
        return talk.say("comparing.as_many_pixels")
    if len(top) == 1:
        return talk.say("comparing.most_pixels", image=top[0])
    return talk.say("comparing.most_pixels_each", images=in_a_row(top, talk.language))


def _size(row: ImageRow, talk: Conversation) -> str:
    return extent(row, records(result_of(talk, "inspect_image", row.id), Fact), talk).rstrip(".")
