"""A wish to change the window of CT that was just shown, said in numbers: “wider”, “heller”, “como antes”."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.planning.conversation import PastTurn
from assistant.planning.slices import hounsfield, in_window
from store.records import View
from tools.language.rules import heard

_STEPS = {
    name: heard("window_steps", name)
    for name in ("wider", "narrower", "brighter", "darker", "reset", "before")
}
BACK_TO_FIRST = "first"
"""The step that leads back to the window shown first."""
_FIRST, _FIRST_ONE = heard("windows", "first_again"), heard("windows", "first_one")
_LEVEL, _WIDTH = heard("windows", "level"), heard("windows", "width")
_IDLE, _KEEPS = heard("windows", "idle"), heard("windows", "keeps")
# Ours: so much wider, and by so much of its width brighter or darker, as a hand on a viewer would drag it.
_TIMES, _BY = 1.5, 0.15
_ASKS_OF_IT = "inspect_image"


def in_numbers(message: str, past: Sequence[PastTurn]) -> str:
    """A message as an order that names the window; as it is, where it wishes for no other one.

    Args:
        message: the user's words.
        past: the turns before. The last in which a tool did more than look has to have shown a window.
    """
    now = shown_now(past)
    if now is None:
        return message
    level, width, rest = _own_numbers(message)
    step = step_in(rest, past)
    numbers = level is not None or width is not None
    if step is None and (not numbers or _says_more(rest)):
        return message
    views = [one for one in views_in(past) if one.image_id == now.image_id]
    if step == "reset" or (step == "before" and len(views) < 2):
        return f"show slice {now.index + 1} of {now.image_id}"
    moved = _moved(step, views) if step else (now.level or 0.0, now.width or 0.0)
    level, width = (moved[0] if level is None else level), (moved[1] if width is None else width)
    return in_window(now.image_id, width, level)


def step_in(message: str, past: Sequence[PastTurn]) -> str | None:
    """What is to be done with the window shown: a name of ``window_steps.toml``, or back; else None."""
    one = len({image_id for turn in past for image_id in turn.attached}) < 2
    if _FIRST.search(message) or (one and _FIRST_ONE.search(message)):
        return BACK_TO_FIRST
    return next((name for name, pattern in _STEPS.items() if pattern.search(message)), None)


def shown_now(past: Sequence[PastTurn]) -> View | None:
    """The window that the picture talked about is in; None where none was ordered, or it is no more."""
    asked: set[str] = set()
    for turn in reversed(past):
        if views := views_in([turn]):
            return views[-1] if asked <= {views[-1].image_id} else None
        if turn.attached or any(one.tool != _ASKS_OF_IT for one in turn.results):
            return None
        asked |= {one.image_id for one in turn.results}
    return None


def views_in(past: Sequence[PastTurn]) -> list[View]:
    """The windows that were shown, oldest first."""
    records = (one for turn in past for result in turn.results for one in result.records)
    return [one for one in records if isinstance(one, View) and one.width]


def _own_numbers(message: str) -> tuple[float | None, float | None, str]:
    """The level or the width that a message names by itself, and the rest; neither where it names both."""
    level, width = _LEVEL.search(message), _WIDTH.search(message)
    if bool(level) == bool(width):
        return None, None, message
    (found,) = filter(None, (level, width))
    rest = f"{message[: found.start()]} {message[found.end() :]}".strip(" ,;")
    value = hounsfield(found["level"] if level else found["width"])
    if width and value <= 0:
        return None, None, message
    return (value, None, rest) if level else (None, value, rest)


def _says_more(rest: str) -> bool:
    """Whether words beside a number ask for anything besides keeping the other one."""
    return re.search(r"\w", _IDLE.sub(" ", _KEEPS.sub(" ", rest))) is not None


def _moved(step: str, views: Sequence[View]) -> tuple[float, float]:
    """Level and width after a step, in Hounsfield units."""
    level, width = views[-1].level or 0.0, views[-1].width or 0.0
    if step in ("before", BACK_TO_FIRST):
        other = views[0] if step == BACK_TO_FIRST else views[-2]
        return other.level or 0.0, other.width or 0.0
    if step in ("wider", "narrower"):
        return level, max(round(width * _TIMES if step == "wider" else width / _TIMES), 1)
    return round(level - width * _BY if step == "brighter" else level + width * _BY), width
