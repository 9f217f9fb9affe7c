"""How far a learner's practice is, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from assistant.teaching.figures_told import told_share
from assistant.teaching.mastery import FEWEST, curve
from assistant.teaching.practice import PracticeState
from tools.language.sayings import say


def told(state: PracticeState, language: str, now: datetime | None = None) -> Iterator[str]:
    """The sentences: what is due, what is mastered, and the curve if there is one.

    Args:
        state: where the learner stands.
        language: of the sentences.
        now: None for this moment.
    """
    moment = now or datetime.now(UTC)
    yield say("practice.due", language, due=len(state.due(moment)), waiting=len(state.waiting))
    if later := [at for at in state.waiting.values() if at > moment]:
        yield say("practice.next", language, when=min(later).astimezone().strftime("%Y-%m-%d %H:%M"))
    for one in state.categories:
        if one.d_prime is None:
            yield say("practice.too_few", language, category=one.category, own=one.own, others=one.others)
        else:
            name = "practice.mastered" if one.retired else "practice.going_on"
            yield say(name, language, category=one.category, d=one.d_prime)
    points = curve(state.readings)
    if points is None:
        yield say("practice.no_curve", language, fewest=FEWEST)
    for end, share in points or ():
        yield say("practice.point", language, end=end, share=told_share(share, language))
    yield say("practice.how", language)
