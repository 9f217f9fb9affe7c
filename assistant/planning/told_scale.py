"""A scale that somebody tells in words: so many millimetres over so many pixels of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.reference import resolve
from assistant.planning.task import Task
from store.records import Measurement
from tools.language.rules import heard
from tools.language.sayings import was_said

_LENGTH, _PIXELS = heard("measures", "length"), heard("measures", "pixels")
_SCALE, _WIDTH = heard("measures", "told_scale"), heard("measures", "told_width")
_SUPPOSES = heard("judging", "supposes")
# Ours: what was told longer ago may be of another picture.
_REMEMBERED = 4
# Ours: what is told over fewer pixels was not measured in the picture.
_FEWEST = 10
_ASKED = "measures.scale_told"
SIZE = "size again"
"""The clause of a task that tells sizes once more."""


@dataclass(frozen=True)
class Scale:
    """A length in millimetres, and the pixels that it runs over; None where only the length was told."""

    mm: float
    pixels: float | None


def told_scale(talk: Conversation, row: ImageRow) -> Scale | None:
    """The scale that the user told of a picture lately, the newest of each number; None without a length.

    Args:
        talk: the conversation.
        row: the picture.
    """
    pixels: float | None = None
    for message in reversed((*talk.lately[-_REMEMBERED:], talk.said or talk.question)):
        here = _pixels_in(message)
        length = _length_in(message, scaled=here is not None)
        pixels = pixels or here
        if length is not None:
            return Scale(length, pixels or (float(row.width) if _WIDTH.search(message) else None))
    return None


def scale_given(talk: Conversation) -> list[Task]:
    """The sizes, where a message only tells a scale, or the pixels of one that were asked for."""
    said = talk.said or talk.question
    if talk.attached or "?" in said or _pixels_in(said) is None:
        return []
    asked = bool(talk.past) and was_said(_ASKED, talk.past[-1].text)
    images = [one for one in resolve(talk.question, talk).ids if talk.image(one).domain == "dermatology"]
    tells = asked or _length_in(said, scaled=True) is not None
    return [Task("measure", SIZE, tuple(images[-1:]))] if tells and images else []


def by_scale(found: Sequence[Measurement], scale: Scale | None, row: ImageRow, talk: Conversation) -> str:
    """What sizes that are shares of a picture come to by a told scale, or what is missing for that."""
    if scale is None:
        return talk.say("measures.no_scale")
    pixels = {"width": row.width, "height": row.height, "mm": scale.mm}
    if not scale.pixels:
        return talk.say(_ASKED, **pixels)
    each = scale.mm / scale.pixels
    sizes = []
    for one in found:
        if one.name == "area":
            value, unit = one.value / 100 * row.width * row.height * each**2, "mm²"
        else:
            value, unit = one.value / 100 * max(row.width, row.height) * each, "mm"
        amount = talk.say("measures.rounded", value=value, unit=unit)
        sizes.append(f"{talk.word('terms', one.name)} {amount}")
    return talk.say("measures.by_told_scale", sizes="; ".join(sizes), pixels=scale.pixels, **(pixels))


def _length_in(message: str, *, scaled: bool) -> float | None:
    """The length of a scale that a message tells, in millimetres: beside pixels, or of a thing with one."""
    told = _LENGTH.search(message) if scaled or _SCALE.search(message) else None
    if told is None or _SUPPOSES.search(message):
        return None
    return float(told["number"].replace(",", ".")) * (10 if told["cm"] else 1)


def _pixels_in(message: str) -> float | None:
    told = _PIXELS.search(message)
    return float(told["number"]) if told and float(told["number"]) >= _FEWEST else None
