"""How well the check finds planted errors and leaves true answers alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.grounding import check
from tests.grounding.blind import Marked
from tests.grounding.blind_chest import chest
from tests.grounding.blind_dermatology import dermatology
from tests.grounding.blind_radiology import radiology
from tests.grounding.blind_user import a_users
from tests.grounding.chats import Case
from tests.grounding.held_out import held_out
from tests.grounding.planner_answers import planner_cases
from tests.grounding.plant import Planted, plant
from tests.grounding.strangers import Written
from tests.grounding.tuned import tuned
from tests.grounding.tuned_later import tuned_later


@dataclass
class Figures:
    """Of one part of the set: true answers, those of them with a mark, planted errors and those found."""

    part: str
    true: int = 0
    marked: list[str] = field(default_factory=list)
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of planted errors with a mark on them."""
        return sum(self.found.values()) / max(1, sum(self.planted.values()))

    @property
    def false_marks(self) -> float:
        """The share of true answers with any mark."""
        return len(self.marked) / max(1, self.true)


def own_parts() -> dict[str, list[Marked]]:
    """The own set by its parts."""
    return {
        "tuned": _planted([*tuned(), *tuned_later()]),
        "set apart": _planted(held_out()),
        "planner": _planted(planner_cases()),
        "blind": [*chest(), *radiology(), *dermatology()],
        "a user's": a_users(),
    }


def own_set() -> list[Written]:
    """The own set as answers, true ones and those with an error."""
    those = [one for part in own_parts().values() for one in part]
    true = [Written("own", one.case.facts, one.case.answer) for one in those]
    return true + [
        Written("own", e.case.facts, e.text, (e.start, e.end), e.kind) for one in those for e in one.planted
    ]


def measure() -> list[Figures]:
    """The figures of every part of the set, and of all together."""
    parts = [_of(part, those) for part, those in own_parts().items()]
    return [*parts, _together(parts)]


def _together(parts: Iterable[Figures]) -> Figures:
    figures = Figures("all")
    for one in parts:
        figures.true += one.true
        figures.marked += one.marked
        figures.planted += one.planted
        figures.found += one.found
        figures.missed += one.missed
    return figures


def _planted(those: Iterable[Case]) -> list[Marked]:
    return [Marked(case, tuple(plant(case))) for case in those]


def _of(part: str, those: Iterable[Marked]) -> Figures:
    figures = Figures(part)
    for case, planted in ((one.case, one.planted) for one in those):
        figures.true += 1
        marks = check(case.answer, case.facts)
        figures.marked += [f"{case.name}: {[(m.text, m.kind) for m in marks]}"] if marks else []
        for one in planted:
            figures.planted[one.kind] += 1
            if is_found(one):
                figures.found[one.kind] += 1
            else:
                figures.missed.append(
                    f"{one.case.name} {one.kind}: …{one.text[max(0, one.start - 60) : one.end + 40]}…"
                )
    return figures


def is_found(one: Planted) -> bool:
    """Whether a mark lies on the error, or for a wrong image on what its sentence says."""
    end = one.end
    if one.kind == "image":
        end += len(one.text[one.end :].partition("\n")[0].partition(". ")[0])
    return any(mark.start < end and mark.end > one.start for mark in check(one.text, one.case.facts))


def table(figures: Iterable[Figures]) -> str:
    """The figures as text."""
    lines = [
        f"{'part':<10} {'answers':>8} {'marked':>7} {'share':>7} {'planted':>8} {'found':>6} {'recall':>7}"
    ]
    for one in figures:
        planted, found = sum(one.planted.values()), sum(one.found.values())
        lines.append(
            f"{one.part:<10} {one.true:>8} {len(one.marked):>7} {one.false_marks:>7.3f} "
            f"{planted:>8} {found:>6} {one.recall:>7.3f}"
        )
        lines += [f"  {kind:<10} {one.found[kind]:>4} of {n}" for kind, n in sorted(one.planted.items())]
    return "\n".join(lines) + "\n"
