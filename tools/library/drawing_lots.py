"""Which cases a quiz asks, and which options stand beside the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from store.errors import ToolUseError
from store.records import Quiz
from tools.language.label_names import same_label
from tools.language.library import number_in
from tools.language.quiz import topic_of
from tools.library import sentences
from tools.library.choosing import Choice, Held, chosen

_USUAL, _MOST = 5, 20
"""Cases of a quiz. Ours: a few minutes, and what one sitting takes."""
_OPTIONS = 4


def new_quiz(clause: str, held: Sequence[Held], seed: int) -> tuple[Quiz, tuple[str, ...]]:
    """A quiz on the cases that a clause means, and the words of it that chose nothing.

    Raises:
        ToolUseError: there are too few cases or labels.
    """
    meant = chosen(topic_of(clause), held)
    choice = _to_guess(meant)
    pool = _pool([one for one in held if one.case.key], choice, meant.labels)
    labels = sorted({one.case.label for one in pool})
    if len(pool) < 2:
        raise ToolUseError(sentences.too_few(str(choice), len(pool)))
    if len(labels) < 2:
        counts = {label: sum(one.case.label == label for one in held) for label in labels}
        raise ToolUseError(sentences.too_few(str(choice), counts))
    number = min(number_in(clause) or _USUAL, _MOST, len(pool))
    cases = _drawn(pool, labels, number, np.random.default_rng(seed))
    about = {"collection": pool[0].collection, "chosen": str(choice), "labels": choice.labels}
    return asking(Quiz(seed=seed, cases=cases, **about), 1, pool), choice.unknown


def asking(quiz: Quiz, number: int, held: Sequence[Held]) -> Quiz:
    """The quiz at one of its cases, with the options for it.

    Args:
        quiz: as it stands.
        number: of the case, counted from 1.
        held: every case of its collection.
    """
    label = next(one.case.label for one in held if one.case.id == quiz.cases[number - 1])
    there = quiz.labels or sorted({one.case.label for one in held})
    # Two words for one thing would both be right.
    others = [one for one in there if same_label(one, [label]) is None]
    lots = np.random.default_rng([quiz.seed, number])
    beside = [others[at] for at in lots.permutation(len(others))[: _OPTIONS - 1]]
    options = sorted([label, *beside], key=str.casefold)
    return quiz.model_copy(update={"number": number, "options": tuple(options), "open": True, "given": ""})


def _to_guess(choice: Choice) -> Choice:
    """The choice for a quiz: one label alone leaves nothing to guess, so all of its collection is asked."""
    return choice if len(choice.labels) > 1 else replace(choice, labels=())


def _pool(held: Sequence[Held], choice: Choice, named: Sequence[str]) -> list[Held]:
    """The cases that fit, of one collection: where there are the labels named, two labels, most cases."""
    by_collection: dict[str, list[Held]] = {}
    for one in held:
        if choice.fits(one):
            by_collection.setdefault(one.collection, []).append(one)

    def worth(pool: Sequence[Held]) -> tuple[bool, bool, int]:
        labels = {one.case.label for one in pool}
        return labels.issuperset(named), len(labels) > 1, len(pool)

    return max(by_collection.values(), key=worth, default=[])


def _drawn(
    pool: Sequence[Held], labels: Sequence[str], number: int, lots: np.random.Generator
) -> tuple[str, ...]:
    """Cases by lot, every label as likely as another, no case twice."""
    left = {label: sorted(one.case.id for one in pool if one.case.label == label) for label in labels}
    cases = []
    for _ in range(number):
        there = [label for label in labels if left[label]]
        ids = left[there[lots.integers(len(there))]]
        cases.append(ids.pop(int(lots.integers(len(ids)))))
    return tuple(cases)
