"""The clock of a timed session on the page: it counts in the browser and says when its time is over."""

from __future__ import annotations

from typing import Any

from assistant.viewer.component import mounted
from tools.language.sayings import say


def clock(seconds: float, *, key: str, language: str) -> bool:
    """Draw the clock.

    Args:
        seconds: that are left.
        key: names it on the page.
        language: of its words, a folder of ``prompts/sayings``.

    Returns:
        Whether its time was just over.
    """
    words = {"time_left": say("teach.time_left", language, time="{time}")}
    told: Any = mounted("clock")(key=key, data={"seconds": seconds, "words": words}, on_over_change=_nothing)
    return bool(told.get("over"))


def _nothing() -> None:
    """The page runs again by itself."""
