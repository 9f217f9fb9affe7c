"""What practice has come to: missed cases that come back, categories that retire, and a curve.

All of it follows from committed answers in their order; nothing else is kept. A case that was missed becomes
a card of fsrs and comes back when it is due, to the second: fsrs counts full days of 24 hours, so a card that
was read before its time would stay where it is. A category (a diagnosis) retires when the learner tells it
from all others: by d' (d prime) over the last readings.

Source: Green and Swets, Signal Detection Theory (1966), for d'; Hautus, Behav Res Methods 1995;27:46, for the
half that is added to each count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import NormalDist

from assistant.teaching.figures import Share
from assistant.teaching.marked import Marked
from tools.language.described import same_diagnosis, says_normal

FEWEST = 20
"""Cases before a curve is shown. Source: PMC4830375, where the first 20 readings were noise."""
# The window of a category, and from where on it is mastered. Ours; that retiring by d' does better than by
# the share of right answers: Proc Cogn Sci Soc 2023.
_OWN, _OTHERS, _FEWEST_OWN, _FEWEST_OTHERS, _MASTERED = 10, 30, 5, 10, 2.0
_STEP = 5
_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Reading:
    """One answer in practice.

    Attributes:
        case: what identifies the case.
        category: its diagnosis.
        first: what was named first, and the language of it.
        right: whether that is the truth.
        at: seconds since the epoch.
    """

    case: str
    category: str
    first: tuple[str, str]
    right: bool
    at: float


@dataclass(frozen=True)
class Mastery:
    """How well a category is told from others: d', and how many readings it rests on; None for too few."""

    category: str
    d_prime: float | None
    own: int
    others: int

    @property
    def retired(self) -> bool:
        """Whether the category is offered no more."""
        return self.d_prime is not None and self.d_prime >= _MASTERED


def reading_of(one: Marked) -> Reading:
    """A committed answer as a reading; the case is known by its first tag."""
    name = one.case.tags[0] if one.case.tags else one.case.images[0].key
    first = (one.first, one.answer.language)
    return Reading(name, one.case.diagnosis, first, one.feedback.right, one.committed_at)


def due(readings: Iterable[Reading]) -> dict[str, datetime]:
    """When each case that was missed comes back, the soonest first."""
    from fsrs import Card, Rating, Scheduler

    scheduler = Scheduler(
        learning_steps=(_AGAIN_AFTER,), relearning_steps=(_AGAIN_AFTER,), enable_fuzzing=False
    )
    cards: dict[str, Card] = {}
    for one in sorted(readings, key=lambda reading: reading.at):
        at = datetime.fromtimestamp(one.at, UTC)
        if one.right and one.case not in cards:
            continue
        card = cards.get(one.case) or Card(card_id=len(cards) + 1, due=at)
        rating = Rating.Good if one.right else Rating.Again
        cards[one.case] = scheduler.review_card(card, rating, at)[0]
    return dict(sorted(((case, card.due) for case, card in cards.items()), key=lambda pair: pair[1]))


def mastered(readings: Sequence[Reading]) -> list[Mastery]:
    """How well each category is told from the others, in the order of first reading."""
    ordered = sorted(readings, key=lambda one: one.at)
    return [_mastery(name, ordered) for name in dict.fromkeys(one.category for one in ordered)]


def curve(readings: Sequence[Reading]) -> list[tuple[int, Share]] | None:
    """How many of the last 20 first readings were right, every 5 cases; None before there are 20.

    A case that came back says how well it is remembered, not how well others are read: it does not count.
    """
    first: dict[str, bool] = {}
    for one in sorted(readings, key=lambda reading: reading.at):
        first.setdefault(one.case, one.right)
    rights = list(first.values())
    if len(rights) < FEWEST:
        return None
    ends = range(FEWEST, len(rights) + 1, _STEP)
    return [(end, Share(sum(rights[end - FEWEST : end]), FEWEST)) for end in ends]


def _mastery(category: str, ordered: Sequence[Reading]) -> Mastery:
    own = [one.right for one in ordered if one.category == category][-_OWN:]
    others = [_named(one, category) for one in ordered if one.category != category][-_OTHERS:]
    if len(own) < _FEWEST_OWN or len(others) < _FEWEST_OTHERS:
        return Mastery(category, None, len(own), len(others))
    hits, alarms = (sum(own) + 0.5) / (len(own) + 1), (sum(others) + 0.5) / (len(others) + 1)
    z = NormalDist().inv_cdf
    return Mastery(category, z(hits) - z(alarms), len(own), len(others))


def _named(one: Reading, category: str) -> bool:
    """Whether what was named first is this category."""
    words, language = one.first
    if says_normal(category):
        return says_normal(words, language)
    return same_diagnosis(words, [category], language)
