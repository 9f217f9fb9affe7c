"""How the figures of a class are shown in a terminal, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.teaching.figures import HOW, how
from tools.language.sayings import say

if TYPE_CHECKING:
    from assistant.teaching.agreement import Agreement
    from assistant.teaching.figures import ClassFigures, Group, Share


def figures_data(found: ClassFigures) -> dict[str, Any]:
    """The figures as JSON holds them, with how each is computed."""
    return asdict(found) | {"how": {name: how(name) for name in HOW}}


def figure_lines(found: ClassFigures) -> Iterator[str]:
    """The figures as lines, each kind followed by how it is computed."""
    if found.everybody is None:
        yield "Nobody has committed to an answer yet."
        return
    yield "learner  right first  in list  seconds  Brier"
    for group in (*found.learners, found.everybody):
        yield _row(group)
    yield from (f"  {say(f'teach_how.{name}')}" for name in ("right", "in_list", "time", "brier"))
    yield "\nCases, the hardest first"
    yield from (f"case {one.name}: {_share(one.right)} right first" for one in found.cases)
    yield f"  {say('teach_how.hardest')}"
    yield "\nFindings"
    yield ", ".join(f"{name} {count}" for name, count in found.everybody.findings.items())
    yield f"  {say('teach_how.findings')}"
    if any(found.everybody.places.values()):
        yield "\nRegions"
        yield ", ".join(f"{name} {count}" for name, count in found.everybody.places.items())
        yield f"  {how('places')}"
    for name, groups in (("parts", found.parts), ("arms", found.arms)):
        if groups:
            yield f"\n{name.title()}"
            yield from (f"{one.name}: {_share(one.right)} right first" for one in groups)
            yield f"  {say(f'teach_how.{name}')}"
    yield "\nConfidence"
    yield from (
        f"{one.low} to {one.high} %: mean {one.mean:.0f} %, {_share(one.right)} right" for one in found.bins
    )
    yield f"  {say('teach_how.calibration')}"
    yield "\nConfusions"
    yield from (f"{truth} called {name}: {count}" for truth, name, count in found.confusions)
    yield f"  {say('teach_how.confusions')}"
    yield "\nAgreement on the first diagnosis"
    yield from (f"{name}: {_agreement(one)}" for name, one in found.agreement.items())
    yield f"  {say('teach_how.agreement')}"


def _row(group: Group) -> str:
    brier = "–" if group.brier is None else f"{group.brier:.2f}"
    name = group.name or "all"
    right, listed = f"{group.right.count}/{group.right.of}", f"{group.in_list.count}/{group.in_list.of}"
    return f"{name:<7}  {right:<11}  {listed:<7}  {group.seconds:<7.0f}  {brier}"


def _share(share: Share) -> str:
    low, high = share.interval
    return f"{share.count} of {share.of} ({low:.0%} to {high:.0%})"


def _agreement(one: Agreement | None) -> str:
    if one is None:
        return "cannot be told of these answers"
    return f"{one.value:.2f} (95 % {one.low:.2f} to {one.high:.2f}, {one.cases} cases)"
