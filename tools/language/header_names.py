"""Facts of a file by their names alone: “kVp, slice thickness”, “Schichtdicke?”, “¿y la matriz?”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from tools.language.header_topics import Topic, techniques, topics
from tools.language.lists import Heard, Words, read
from tools.language.rules import heard

COUNT, SHAPE, IN_PIXELS, IN_CM, IN_MM, GAP, LEVELS = (
    "number of slices", "shape", "size in pixels", "size in cm", "size in mm", "gap between slices",
    "grey levels",
)  # fmt: skip
"""What is answered from more than one fact, or from none of them."""
WINDOW, WINDOW_OF_FILE, RANGE, RANGE_OF_FILE = (
    "window", "window of the file", "range of the window", "range of the window of the file",
)  # fmt: skip
"""The window that a picture is in, that of its file, and which values each covers."""
TEXT, PERSONAL = "text in the pixels", "personal data"
"""What no header settles, and what a technical check or a reader is not asked for."""
COVERED, HIGHEST_FREQUENCY, VOXEL_VOLUME = "length covered", "highest spatial frequency", "voxel volume"
"""What follows from facts by arithmetic."""
SIZES = (IN_PIXELS, IN_CM, IN_MM)
_Named = tuple[int, int, tuple[str, ...]]

_IDLE, _MEANING, _IN_GENERAL = (heard("header_names", one) for one in ("idle", "meaning", "in_general"))


class _Unkept(Words):
    names: tuple[str, ...]


class _Surely(Words):
    names: tuple[str, ...]


class _Names(Words):
    names: dict[str, tuple[str, ...]]
    surely: _Surely
    unkept: _Unkept
    units: dict[str, str]
    topics: dict[str, Topic]


@cache
def _held() -> _Names:
    return read(_Names, "header_names")


@cache
def _ears() -> tuple[tuple[tuple[str, ...], Heard], ...]:
    named = {**_held().names, **{name: (topic,) for name, topic in _held().units.items()}}
    return tuple((told, heard("header_names", name)) for name, told in named.items())


@cache
def topic_called(name: str) -> Topic | None:
    """A topic by what it is called; None for one of those that are answered otherwise."""
    known = (*_held().topics.items(), *((one.name, one) for one in topics().values()))
    return next((topic for called, topic in known if called == name), None) or next(
        (topic for topic, _ in techniques() if topic.name == name), None
    )


def is_unkept(name: str) -> bool:
    """Whether a name stands for what a header may hold and is not kept when it is read."""
    return name in _held().unkept.names


def is_simple(name: str) -> bool:
    """Whether a name stands for a fact that needs no sentence of its own where the file leaves it out."""
    return name in _held().topics or topic_called(name) is None


def names_in(text: str) -> tuple[str, ...]:
    """What a text names, in order, if it holds nothing but names of facts; else nothing.

    Args:
        text: the user's words, in English, German or Spanish.
    """
    found = _found(text)
    return () if left_over(text, found) else tuple(dict.fromkeys(name for *_, told in found for name in told))


def names_within(text: str) -> tuple[str, ...]:
    """What a text names, in order, whatever else it says; the window aside, which is asked of otherwise."""
    return tuple(dict.fromkeys(name for *_, told in _found(text) for name in told if name != WINDOW))


def names_surely(text: str) -> tuple[str, ...]:
    """What a text asks of the file that is there, in order, whatever else it says beside that."""
    if _IN_GENERAL.search(text):
        return ()
    return tuple(one for one in names_within(text) if one in _held().surely.names)


def left_over(text: str, found: Sequence[_Named] = ()) -> bool:
    """Whether a text says anything besides the names found in it and idle words."""
    rest, at = [], 0
    for start, end, _ in found:
        rest.append(text[at:start])
        at = end
    return re.search(r"\w", _IDLE.sub(" ", " ".join([*rest, text[at:]]))) is not None


def is_unit(text: str) -> str:
    """The size that a text asks for by a unit alone; empty where it names none, or more."""
    named = names_in(text)
    if len(named) != 1 or any(heard("header_names", name).search(text) for name in _held().names):
        return ""
    return named[0] if any(heard("header_names", name).search(text) for name in _held().units) else ""


@lru_cache(maxsize=256)  # of one message it is asked more than once, and again in the turns after it
def _found(text: str) -> tuple[_Named, ...]:
    """The longest names in order, none of which overlaps another: where each stands, and what it names."""
    if _MEANING.search(text):
        return ()
    named = [(*one.span(), told) for told, ear in _ears() for one in ear.finditer(text)]
    kept, at = [], 0
    for one in sorted(named, key=lambda one: (one[0], -one[1])):
        if one[0] >= at:
            kept.append(one)
            at = one[1]
    return tuple(kept)
