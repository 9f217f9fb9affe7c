"""The readings of an unclear message that an answer asked back about, as questions to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.language.sayings import say, sayings

if TYPE_CHECKING:
    from assistant.turn.kept import Turn

_ASKED = "asking."


def asked_back(turn: Turn) -> tuple[str, ...]:
    """What each reading that the answer of a turn names is asked as; none if it asks nothing back."""
    if turn.answer is None:
        return ()
    known, text = sayings(turn.answer.language), turn.answer.text
    if known.texts["asking.either"].partition("{")[0] not in text:
        return ()
    named = [
        name.removeprefix(_ASKED)
        for name in known.texts
        if name.startswith(_ASKED) and known.texts[name] in text
    ]
    asked = [one for one in named if f"readings.{one}" in known.texts]
    return tuple(say(f"readings.{one}", turn.answer.language) for one in asked)
