"""A wish to change the window of CT that was just shown, said in numbers: “wider”, “heller”, “como antes”."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.planning.conversation import PastTurn
from store.records import View
from tools.language.rules import heard

_STEPS = {
    name: heard("window_steps", name)
    for name in ("wider", "narrower", "brighter", "darker", "reset", "before")
}
# Ours: so much wider, and by so much of its width brighter or darker, as a hand on a viewer would drag it.
_TIMES, _BY = 1.5, 0.15


def in_numbers(message: str, past: Sequence[PastTurn]) -> str:
    """A message as an order that names the window; as it is, where it wishes for no other one.

    Args:
        message: the user's words.
        past: the turns before. The last that any tool ran in has to have shown a window.
    """
    ran = next((turn for turn in reversed(past) if turn.results), None)
    step = next((name for name, pattern in _STEPS.items() if pattern.search(message)), None)
    views = _views(past)
    if step is None or ran is None or not views or not _views([ran]):
        return message
    now = views[-1]
    if step == "reset" or (step == "before" and len(views) < 2):
        return f"show slice {now.index + 1} of {now.image_id}"
    level, width = _moved(step, views)
    return f"show {now.image_id} with window {width:g} {level:g}"


def _views(past: Sequence[PastTurn]) -> list[View]:
    """The windows that were shown, oldest first."""
    records = (one for turn in past for result in turn.results for one in result.records)
    return [one for one in records if isinstance(one, View) and one.width]


def _moved(step: str, views: Sequence[View]) -> tuple[float, float]:
    """Level and width after a step, in Hounsfield units."""
    level, width = views[-1].level or 0.0, views[-1].width or 0.0
    if step == "before":
        return views[-2].level or 0.0, views[-2].width or 0.0
    if step in ("wider", "narrower"):
        return level, max(round(width * _TIMES if step == "wider" else width / _TIMES), 1)
    return round(level - width * _BY if step == "brighter" else level + width * _BY), width
