"""Which slice a clause means: a number, a place in the scan, or some slices further on."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.ordinals import ORDINALS

_MOST_DIGITS = 6
BEYOND = 10**_MOST_DIGITS
"""Stands for every slice number that is higher than any scan has slices."""

_NUMBERS = {"one": 1, "a": 1, "another": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_COUNT = rf"(?:{'|'.join(_NUMBERS)}|\d{{1,4}})"
_ON = "further|forward|ahead|on|down|more|later|deeper"
_BACK = "back|backwards?|up|earlier"
_LEAD = r"^\W*(?:(?:and|now|then|show(?: me)?|go(?: to)?|to|move|please|scroll|jump|another) )*"
_PLACE = re.compile(
    rf"{_LEAD}(?:the )?(?P<word>next|previous|prior|first|last|middle|forward|back)(?: one| please)*\W*$",
    re.I,
)
_STEPS = re.compile(
    rf"{_LEAD}(?:(?P<before>{_COUNT}) (?:slices? )?(?P<way>{_ON}|{_BACK})(?: \w+)?|"
    rf"(?P<way2>{_ON}|{_BACK}) (?:by )?(?P<after>{_COUNT})(?: slices?| more)?|"
    rf"(?:(?P<other>{_COUNT}) )?(?P<way3>{_ON}|{_BACK}))\W*$",
    re.I,
)


def move(clause: str, talk: Conversation) -> re.Match[str] | None:
    """The words that move on from the slice in view, if the last tool that ran showed one."""
    ran = [one for turn in talk.past for one in turn.results]
    if not ran or ran[-1].tool != "show_slice":
        return None
    return _PLACE.match(clause) or _STEPS.match(clause)


def scans(talk: Conversation) -> list[ImageRow]:
    """The images of the chat that have slices to move through, in order."""
    return [row for row in talk.images if row.frames > 1]


def _number(digits: str) -> int:
    """A number as typed; one of more digits than any scan has slices is as good as `BEYOND`."""
    return int(digits) if len(digits) <= _MOST_DIGITS else BEYOND


def _in_volume(which: str, row: ImageRow) -> int:
    """The slice of another volume at the height of the slice in view."""
    each = row.frames // row.volumes
    here, height = divmod(row.index, each)
    places = {"next": here + 2, "previous": here, "last": row.volumes, **ORDINALS}
    wanted = places.get(which.lower()) or (_number(which) if which.isdigit() else 1)
    return int(min((wanted - 1) * each + height + 1, BEYOND))


def slice_number(match: re.Match[str], row: ImageRow) -> int:
    """The slice meant, counted from 1. It may be one that the image does not have.

    Args:
        match: of `move`, or of a phrase with a number or a step.
        row: the image with its slice in view.
    """
    found = match.groupdict()
    if found.get("n"):
        return _number(found["n"])
    if found.get("volume") or found.get("which"):
        return _in_volume(found.get("volume") or found["which"], row)
    here = row.index + 1
    way = found.get("way") or found.get("way2") or found.get("way3")
    if way:
        count = (found.get("before") or found.get("after") or found.get("other") or "one").lower()
        steps = _NUMBERS.get(count) or int(count)
        return here - steps if re.fullmatch(_BACK, way, re.I) else here + steps
    step = (found.get("step") or found.get("word") or "next").lower()
    places = {"first": 1, "last": row.frames, "middle": (row.frames + 1) // 2}
    if step in places:
        return places[step]
    return here - 1 if step in ("previous", "prior", "back") else here + 1
