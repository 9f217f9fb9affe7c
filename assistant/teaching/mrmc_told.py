"""A comparison of ways of reading, chosen by what was rated, in lines and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from assistant.teaching.mrmc import Estimate, ORAnalysis, analysed
from assistant.teaching.mrmc_arms import ArmsAnalysis, arms_compared, ratings_of
from assistant.teaching.ratings import Rating, whole
from store.errors import CaseError
from tools.language.sayings import FIRST, say

if TYPE_CHECKING:
    from assistant.teaching.marked import Marked

_TWO = 2


@dataclass(frozen=True)
class Crossed:
    """Every reader in every way: the analysis, how many cases it rests on, and how many were left out."""

    analysis: ORAnalysis
    cases: int
    left_out: int


def compared(rows: Sequence[Rating]) -> Crossed | ArmsAnalysis:
    """Compare the ways: in arms where each reader rated in one of several, else crossed.

    Raises:
        CaseError: they cannot be compared; the text says why.
    """
    ways: dict[str, set[str]] = {}
    for one in rows:
        ways.setdefault(one.reader, set()).add(one.way)
    if len({way for own in ways.values() for way in own}) > 1 and all(len(own) == 1 for own in ways.values()):
        return arms_compared(rows)
    held, left_out = whole(rows)
    return Crossed(analysed(held), len(held.truth), left_out)


def arms_told(marked: Sequence[Marked], language: str = FIRST) -> list[str]:
    """The arms of a session compared in lines; none for a session without arms."""
    rows = ratings_of(marked)
    if len({one.arm for one in marked}) < _TWO:
        return []
    try:
        return list(lines_of(arms_compared(rows), language))
    except CaseError:
        return [say("mrmc.not_compared", language)]


def arms_data(marked: Sequence[Marked]) -> dict[str, Any] | None:
    """The same as JSON holds it; None where there is nothing to compare yet."""
    try:
        return data_of(arms_compared(ratings_of(marked)))
    except CaseError:
        return None


def lines_of(found: Crossed | ArmsAnalysis, language: str = FIRST) -> Iterator[str]:
    """The comparison in lines, with what could not be told and how it is computed."""
    yield say("mrmc.cases", language, cases=found.cases, left_out=found.left_out)
    if isinstance(found, Crossed):
        yield from _crossed(found.analysis, language)
        untold = found.analysis.untold
    else:
        yield from _arms(found, language)
        untold = found.untold
    yield from (say(f"mrmc.{name}", language) for name in untold)
    yield say("mrmc.how_crossed" if isinstance(found, Crossed) else "mrmc.how_arms", language)


def data_of(found: Crossed | ArmsAnalysis) -> dict[str, Any]:
    """The comparison as JSON holds it; pairs of ways are joined by " - ", degrees without end are null."""
    one: ORAnalysis | ArmsAnalysis
    rest: dict[str, Any] = {}
    if isinstance(found, ArmsAnalysis):
        design, one = "arms", found
    else:
        design, one = "crossed", found.analysis
        rest = {"cases": found.cases, "left_out": found.left_out, "areas": found.analysis.areas.tolist()}
    pairs = {" - ".join(pair): value and asdict(value) for pair, value in one.differences.items()}
    told: dict[str, Any] = _plain({"design": design} | asdict(one) | rest | {"differences": pairs})
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if value == float("inf") else value


def _crossed(one: ORAnalysis, language: str) -> Iterator[str]:
    for at, way in enumerate(one.ways):
        areas = ", ".join(f"{name} {area:.3f}" for name, area in zip(one.readers, one.areas[at], strict=True))
        yield say("mrmc.areas", language, way=way, areas=areas, mean=float(one.areas[at].mean()))
        yield from _interval(one.means[way], language)
    for (first, second), found in one.differences.items():
        yield say("mrmc.difference", language, first=first, second=second)
        yield from _interval(found, language)
    for test in one.tests:
        free = f"{test.df1:g}" if test.df2 is None else f"{test.df1:g}, {test.df2:.2f}"
        yield say(f"mrmc.test_{test.name}", language, statistic=test.statistic, df=free, p=test.p)


def _arms(one: ArmsAnalysis, language: str) -> Iterator[str]:
    for arm, own in one.areas.items():
        areas = ", ".join(f"{name} {area:.3f}" for name, area in zip(one.readers[arm], own, strict=True))
        yield say("mrmc.areas", language, way=arm, areas=areas, mean=sum(own) / len(own))
        yield from _interval(one.means[arm], language)
    for (first, second), found in one.differences.items():
        yield say("mrmc.difference", language, first=first, second=second)
        yield from _interval(found.estimate if found else None, language)
        if found is not None:
            yield say("mrmc.p", language, p=found.p)


def _interval(one: Estimate | None, language: str) -> Iterator[str]:
    if one is None:
        yield say("mrmc.untold", language)
    else:
        yield say("mrmc.interval", language, value=one.value, low=one.low, high=one.high)
