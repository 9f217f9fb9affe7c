"""How far a learner's practice is, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from assistant.teaching.figures_told import told_share
from assistant.teaching.mastery import FEWEST, curve
from assistant.teaching.practice import PracticeState
from tools.language.sayings import say


def told(state: PracticeState, language: str, now: datetime | None = None) -> Iterator[str]:
    """The sentences: what is due, what is recognised reliably, and the curve if there is one.

    Args:
        state: where the learner stands.
        language: of the sentences.
        now: None for this moment.
    """
    moment = now or datetime.now(UTC)
    later = [at for at in state.waiting.values() if at > moment]
    if not state.readings:
        yield say("practice.start", language)
    else:
        yield say("practice.due", language, due=len(state.due(moment)), later=len(later))
    if later:
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
