"""The figures of a class in sentences, as the page and the report show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.teaching.agreement import Agreement
from assistant.teaching.figures import ClassFigures, Group, Share
from assistant.teaching.marked import Marked
from assistant.teaching.places import PLACE_OUTCOMES, PlaceOutcome
from tools.language.sayings import say


def told(
    found: ClassFigures, everybody: Group, marked: Sequence[Marked], language: str
) -> Iterator[tuple[str, list[str]]]:
    """The name of each kind of figure with its lines.

    Args:
        found: the figures.
        everybody: those over all answers.
        marked: the answers that they are made of.
        language: of the lines.
    """
    truth = {str(one.position): one.case.diagnosis for one in marked}
    yield (
        "hardest",
        [
            say("teach.case_was", language, number=one.name, truth=truth[one.name],
                share=told_share(one.right, language))
            for one in found.cases
        ],
    )  # fmt: skip
    yield (
        "confusions",
        [
            say("teach.called", language, truth=truth, name=name, count=count)
            for truth, name, count in found.confusions
        ],
    )
    yield (
        "calibration",
        [
            say("teach.mean", language, low=one.low, high=one.high, mean=one.mean,
                share=told_share(one.right, language))
            for one in found.bins
        ],
    )  # fmt: skip
    outcomes = everybody.findings.items()
    yield "findings", [f"{_outcome(name, language)}: {count}" for name, count in outcomes]
    if any(everybody.places.values()):
        yield "places", [f"{_place(one, language)}: {everybody.places[one]}" for one in PLACE_OUTCOMES]
    if found.parts:
        names = [f"teach.part_{one.name.replace('-', '_')}" for one in found.parts]
        yield "parts", [_grouped(*each, language) for each in zip(names, found.parts, strict=True)]
    if found.arms:
        yield "arms", [_grouped(f"teach.arm_{one.name}", one, language) for one in found.arms]
    agreement = found.agreement.items()
    yield "agreement", [f"{name}: {_agreement(one, language)}" for name, one in agreement]


def told_share(share: Share, language: str) -> str:
    """A share with its interval."""
    low, high = share.interval
    return say("teach.share_of", language, count=share.count, of=share.of, low=100 * low, high=100 * high)


def _grouped(name: str, group: Group, language: str) -> str:
    return f"{say(name, language)}: {told_share(group.right, language)}"


def _place(outcome: PlaceOutcome, language: str) -> str:
    name = "marked_extra" if outcome == "extra" else f"place_{outcome.replace(' ', '_')}"
    return say(f"teach.{name}", language)


def _outcome(name: str, language: str) -> str:
    return say(f"teach.outcome_{name.replace(' ', '_')}", language)


def _agreement(one: Agreement | None, language: str) -> str:
    if one is None:
        return say("teach.untold", language)
    return say("teach.agree", language, value=one.value, low=one.low, high=one.high, cases=one.cases)
