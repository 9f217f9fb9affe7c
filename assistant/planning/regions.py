"""Values in a region of a picture: which one is asked for, anew or going on from the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assistant.planning.conversation import Conversation
from assistant.planning.danger import is_ruled
from assistant.planning.reference import is_elliptical, resolve
from assistant.planning.region_words import Said, only_measures, said_of
from assistant.planning.task import Task
from store.records import Region
from tools.language.rules import heard

MEASURES, COMPARES = "measure_region", "compare_regions"
"""The tools."""
NOT_OFFERED, NOT_FOUND = "not offered", "not found"
"""Details of tasks that no tool can do: a profile or a histogram, and an organ that is to be found."""
_NOT_OFFERED, _GENERAL = heard("regions", "not_offered"), heard("regions", "asks_in_general")
_ANOTHER, _OF_A_FINDING = heard("regions", "another_matter"), heard("regions", "of_a_finding")
_SHOWS, _GOES_ON = heard("regions", "shows"), heard("regions", "goes_on")
_ROI, _STRUCTURES = heard("regions", "roi"), heard("regions", "structures")
# Ours: with so many words besides, two numbers may be no place.
_FEW = 4
_OF_PIXELS = frozenset({"values", "average", "noise", "snr"})


def regions(talk: Conversation) -> list[Task]:
    """The tasks of a message about values in a region; none for any other."""
    said = talk.said or talk.question
    if not talk.ids:
        return [Task("region", said)] if only_measures(said) and said_of(said).at else []
    if _GENERAL.search(said) or _ANOTHER.search(said):
        return []
    if _NOT_OFFERED.search(said):
        return [Task("region", said, resolve(talk.question, talk).ids, detail=NOT_OFFERED)]
    told = said_of(said)
    return _going_on(said, told, talk) or _anew(said, told, talk) or _of_an_organ(said, told, talk)


def region_calls(task: Task) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tools that a task calls, each with its arguments."""
    if task.detail == COMPARES:
        yield COMPARES, {}
    elif task.detail == MEASURES and not task.note:
        given = {name: [*one] if isinstance(one, tuple) else one for name, one in task.given}
        for image_id in task.images:
            yield MEASURES, {"image_id": image_id, "question": task.clause, **given}


def measured_before(talk: Conversation) -> list[Region]:
    """The regions that were measured in the turns that the planner sees, oldest first."""
    records = (one for turn in talk.past for result in turn.results for one in result.records)
    return [one for one in records if isinstance(one, Region)]


def _task(said: str, images: tuple[str, ...], **given: Any) -> Task:
    kept = tuple((name, one) for name, one in given.items() if one)
    return Task("region", said, images, detail=MEASURES, given=kept)


def _anew(said: str, told: Said, talk: Conversation) -> list[Task]:
    """The tasks of a region that is placed by the message itself."""
    of_pixels = bool(told.named & _OF_PIXELS)
    by_numbers = bool(told.at) and of_pixels
    nowhere = not (told.at or told.place or (told.size and of_pixels))
    if nowhere or not told.asks or (told.rest and (not told.at or _says_more(told, talk))):
        return []
    if not by_numbers and (_OF_A_FINDING.search(said) or _SHOWS.search(said)):
        return []
    meant = resolve(talk.question, talk)
    if not of_pixels and any(talk.image(one).domain == "dermatology" for one in meant.ids):
        return []  # the outline of a lesion
    shape = told.shape or (
        "rectangle" if told.size or told.named & {"average", "noise", "snr", "roi"} else ""
    )
    shape = "rectangle" if shape == "point" and told.size else shape
    given = {
        "size": told.size,
        "unit": told.unit if told.size else "",
        "slice_number": told.slice,
        "snr": "snr" in told.named,
    }
    places = [{"at": at, "shape": shape or "point"} for at in told.at] or [
        {"place": told.place, "shape": shape or "rectangle"}
    ]
    tasks = [_task(said, meant.ids, **one, **given) for one in places]
    if len(tasks) > 1:
        tasks = [replace(one, clause=f"{said} ({n})") for n, one in enumerate(tasks, 1)]
    return [replace(one, note=meant.note) for one in tasks]


def _says_more(told: Said, talk: Conversation) -> bool:
    """Whether a message says too much besides, or anything that rules alone answer."""
    return len(told.rest.split()) > _FEW or is_ruled(talk)


def _going_on(said: str, told: Said, talk: Conversation) -> list[Task]:
    """The tasks of a message that goes on from the region measured last."""
    before = measured_before(talk)
    if not before or told.rest or _SHOWS.search(said) or _OF_A_FINDING.search(said):
        return []
    last, on = before[-1], _is_on(talk)
    if not (on or (told.named & {"again", "that_one"} and _ROI.search(said))):
        return []
    images = _image_of(last, told, talk)
    if _compares(told) and not (told.at or told.place):
        return [Task("region", said, images, detail=COMPARES)]
    given: dict[str, Any] = {"again": True, "slice_number": told.slice, "snr": "snr" in told.named}
    if not (on or told.slice):
        given["slice_number"] = talk.image(images[0]).index + 1
    if changed := _changed(said, told, last, talk):
        return [_task(said, images, **given, **changed)]
    return []


def _changed(said: str, told: Said, last: Region, talk: Conversation) -> dict[str, Any]:
    """What is another than of the last region, by argument; empty where nothing goes on from it."""
    leans = bool(told.named & {"again", "that_one"}) or _GOES_ON.search(said) is not None
    if told.at and (leans or not told.asks):
        return {"at": told.at[0], **_sized(told)}
    if _moves(told):
        by = told.size or (last.width, last.height)
        move = (by[0] * told.ways[0], by[1] * told.ways[1])
        return {"move": move, "unit": told.unit if told.size else "px"}
    if told.times != 1 and not told.place:
        return {"times": told.times}
    if told.place and (leans or not told.asks):
        return {"place": told.place, **_sized(told)}
    if told.size and not (told.at or told.place):
        return _sized(told)
    elsewhere = told.slice is not None or "image" in told.named or is_elliptical(talk.question, talk)
    alone = "snr" in told.named or (bool(told.named & {"again", "that_one"}) and told.asks)
    return {"unit": "px"} if (elsewhere and leans) or alone else {}


def _sized(told: Said) -> dict[str, Any]:
    """The size and shape that are named, by argument."""
    return {"size": told.size, "unit": told.unit, "shape": told.shape} if told.size else {}


def _moves(told: Said) -> bool:
    if told.ways == (0, 0) or told.at or "whole" in told.named or told.place.endswith("half"):
        return False
    return "moves" in told.named or (bool(told.size) and not told.asks)


def _compares(told: Said) -> bool:
    return "compares" in told.named or ("snr" in told.named and "of_two" in told.named)


def _image_of(last: Region, told: Said, talk: Conversation) -> tuple[str, ...]:
    meant = resolve(talk.question, talk)
    elsewhere = "image" in told.named or (meant.explicit and is_elliptical(talk.question, talk))
    return meant.ids[-1:] if elsewhere and meant.ids else (last.image_id,)


def _is_on(talk: Conversation) -> bool:
    """Whether the last tools that ran measured a region."""
    ran = [turn.results for turn in talk.past if turn.results]
    return bool(ran) and any(one.tool in (MEASURES, COMPARES) for one in ran[-1])


def _of_an_organ(said: str, told: Said, talk: Conversation) -> list[Task]:
    """The task of a message that asks for the values of an organ by its name, which nothing here finds."""
    meant = resolve(talk.question, talk)
    skin = any(talk.image(one).domain == "dermatology" for one in meant.ids)
    if skin or not told.named & _OF_PIXELS or told.at or told.place or told.size:
        return []
    left = _STRUCTURES.sub(" ", said)
    found = left != said and not said_of(left).rest
    return [Task("region", said, meant.ids, meant.note, NOT_FOUND)] if found else []
