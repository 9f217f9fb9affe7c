"""Which slice a clause means: a number, a place in the scan, or some slices further on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.reference import focus, names_image
from assistant.planning.task import Task
from tools.language.declined import declined
from tools.language.number_words import number_of, places
from tools.language.rules import heard

_MOST_DIGITS = 6
BEYOND = 10**_MOST_DIGITS
"""Stands for every slice number that is higher than any scan has slices."""

# Ours: no window this narrow lies so high; whoever writes 40/400 has the level first.
_NARROW = 100

_STEP_BACK = heard("slices", "step_back")
_PLACE = heard("slices", "place")
_STEPS = heard("slices", "steps")
_PARTS = heard("questions", "parts")
_OF_VOLUME, _PLACE_IN = heard("slices", "of_volume"), heard("slices", "place_in")
_SLICE, _WINDOW = heard("pictures", "slice"), heard("slices", "window")
_IN_NUMBERS = heard("slices", "window_in_numbers")
_NO_WINDOW = heard("slices", "no_window")
_OF_WINDOWS, _POLITE = heard("slices", "of_windows"), heard("slices", "polite")
_LIKE_SOFT_TISSUE = ("abdom", "mediastin", "soft")


def move(clause: str, talk: Conversation) -> re.Match[str] | None:
    """The words that move on from the slice in view, if the last tool that ran showed one, or name a window.

    A window is for CT alone; where the clause names a slice too, that order takes the window along.
    """
    if window_wished(clause) and any(row.modality == "CT" for row in talk.images):
        return _SLICE.search(clause) or _window_in(clause)
    ran = [one for turn in talk.past for one in turn.results]
    if not ran or ran[-1].tool != "show_slice":
        return None
    return _PLACE.match(clause) or _STEPS.match(clause)


def needs_a_ct(clause: str, talk: Conversation) -> bool:
    """Whether a clause orders a window, and nothing of slices, in a chat whose pictures are no CT.

    So it does where there is one, but the newest picture, which is talked about, is none and none is named.
    """
    none = bool(talk.ids) and all(row.modality != "CT" for row in talk.images)
    here = (talk.attached or focus(talk))[-1:] == talk.ids[-1:] and not names_image(clause, talk)
    none = none or bool(here and talk.ids and talk.image(talk.ids[-1]).modality != "CT")
    return none and _ordered(clause) is not None and not _SLICE.search(clause)


def moved(match: re.Match[str], images: Sequence[str], talk: Conversation) -> ImageRow:
    """The image that an order of `move` is for: for a window the last CT that is meant, else the newest.

    An id that is not in the chat is left to the tool, which says so.
    """
    if images and not set(images) & set(talk.ids):
        return talk.image(images[0])
    if is_of_window(match):
        return talk.image([i for i in (*talk.ids, *images) if talk.image(i).modality == "CT"][-1])
    return scan_meant(images, talk)


def slice_task(task: Task, match: re.Match[str], talk: Conversation) -> Task:
    """A task with the slice of one image that the words of `move`, or a phrase with a number, order."""
    row = moved(match, task.images, talk)
    number = in_named_volume(task.clause, row) or slice_number(match, row)
    return replace(task, images=(row.id,) if row.id else (), detail=str(number))


def scan_meant(images: Sequence[str], talk: Conversation) -> ImageRow:
    """The image that has slices to move through: the first that is meant, else the newest of the chat."""
    volumes = [i for i in (*images, *reversed(talk.ids)) if talk.image(i).frames > 1]
    return talk.image((volumes or list(images) or [""])[0])


def scans(talk: Conversation) -> list[ImageRow]:
    """The images of the chat that have slices to move through, in order."""
    return [row for row in talk.images if row.frames > 1]


def window_wished(clause: str) -> str | None:
    """The window of CT that a clause orders, as `tools.windows` calls it; None where it orders none."""
    match = _ordered(clause)
    if match is None:
        return None
    if "name" not in match.groupdict():
        return _by_numbers(match)
    name: str = match["name"].lower()
    return "soft_tissue" if name.startswith(_LIKE_SOFT_TISSUE) else name


def has_no_width(clause: str) -> bool:
    """Whether a clause orders a window by numbers of which none can be its width."""
    match = _ordered(clause)
    return match is not None and "name" not in match.groupdict() and _by_numbers(match) is None


def one_view(tasks: Sequence[Task]) -> list[Task]:
    """The tasks with one order to show a scan: the last of several windows, at the last of several slices."""
    orders = [one for one in tasks if one.intent == "slice" and one.images and not one.note]
    told = {one.images: one for one in orders}
    for images, last in told.items():
        of_it = [one for one in orders if one.images == images]
        windows = [one.clause for one in of_it if window_wished(one.clause)]
        places = [one.detail for one in of_it if _SLICE.search(one.clause) or not window_wished(one.clause)]
        told[images] = replace(
            last, clause=(windows or [last.clause])[-1], detail=(places or [last.detail])[-1]
        )
    seen = dict.fromkeys(told[one.images] if one in orders else one for one in tasks)
    return list(seen)


def is_of_window(match: re.Match[str]) -> bool:
    """Whether the words of `move` order a window, and no slice."""
    return bool({"name", "width"} & match.groupdict().keys())


def _ordered(clause: str) -> re.Match[str] | None:
    """The words of a window that a clause orders; None where it only speaks or asks of one."""
    asks = clause.rstrip().endswith("?") and not _POLITE.search(clause)
    found = _window_in(clause)
    if asks or found is None or _NO_WINDOW.search(clause) or _OF_WINDOWS.search(clause):
        return None
    # “No, not those, W 1200 C -500”: what is denied stands in its own part.
    part = _PARTS.split(clause[: found.start()])[-1] + clause[found.start() :]
    return None if declined().denying.search(part) else found


def _window_in(clause: str) -> re.Match[str] | None:
    """The window that a clause names, the last of several."""
    named = [*_WINDOW.finditer(clause)]
    return _IN_NUMBERS.search(clause) or (named[-1] if named else None)


def _by_numbers(match: re.Match[str]) -> str | None:
    """The width and level of a window: of two numbers in a row the first is the width, unless it cannot be.

    None where the width is not over 0, with which no window shows anything.
    """
    in_a_row = (("first", "second"), ("shown_first", "shown_second"))
    pairs = (("width", "level"), ("width_last", "level_first"), *in_a_row)
    pair = next(pair for pair in pairs if match[pair[0]])
    width, level = (hounsfield(match[one]) for one in pair)
    if pair in in_a_row and (width < 0 or width < _NARROW < level):
        width, level = level, width
    return f"{width:g}/{level:g}" if width > 0 else None


def in_window(image_id: str, width: float, level: float) -> str:
    """The order that shows an image in a window, as rules hear it."""
    return f"show {image_id} with window {width:g} {level:g}"


def hounsfield(written: str) -> float:
    """A number of Hounsfield units as it is written."""
    digits = re.sub(r"[^\d.]", "", written.replace(",", "."))
    return float(digits) * (1 if written[0].isdigit() else -1)


def _number(digits: str) -> int:
    """A number as typed; one of more digits than any scan has slices is as good as `BEYOND`."""
    return int(digits) if len(digits) <= _MOST_DIGITS else BEYOND


def _in_volume(which: str, row: ImageRow) -> int:
    """The slice of another volume at the height of the slice in view."""
    each = row.frames // row.volumes
    here, height = divmod(row.index, each)
    meant = {"next": here + 2, "previous": here, "last": row.volumes, **places()}
    wanted = meant.get(which.lower()) or (_number(which) if which.isdigit() else 1)
    return int(min((wanted - 1) * each + height + 1, BEYOND))


def in_named_volume(clause: str, row: ImageRow) -> int | None:
    """The slice of “the middle slice of volume 10”; None where a clause does not name both."""
    volume, place = _OF_VOLUME.search(clause), _PLACE_IN.search(clause)
    if row.volumes < 2 or volume is None or place is None:
        return None
    each = row.frames // row.volumes
    which = (volume["number"] or volume["ordinal"]).lower()
    number = _number(which) if which.isdigit() else {"last": row.volumes, **places()}[which]
    height = _number(place["n"]) if place["n"] else _ends(each)[place["place"].lower()]
    return int(min((number - 1) * each + height, BEYOND)) if height <= each else BEYOND


def _ends(count: int) -> dict[str, int]:
    """The slices at the ends and in the middle of so many, counted from 1; of two in the middle the first."""
    return {"first": 1, "last": count, "middle": (count + 1) // 2}


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
    if is_of_window(match):
        return here
    way = found.get("way") or found.get("way2") or found.get("way3")
    if way:
        count = (found.get("before") or found.get("after") or found.get("other") or "one").lower()
        steps = number_of(count)
        return here - steps if _STEP_BACK.fullmatch(way) else here + steps
    step = (found.get("step") or found.get("word") or "next").lower()
    each = row.frames // row.volumes
    if step in _ends(each):
        return row.index // each * each + _ends(each)[step]
    return here - 1 if step in ("previous", "prior", "back") else here + 1
