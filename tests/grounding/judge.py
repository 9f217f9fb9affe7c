"""How the check fares on strangers' answers: what is marked of true ones, what is found of errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.grounding import check, weigh
from tests.grounding.strangers import Written


def judged(
    name: str,
    tones: dict[str, Any],
    weights: dict[str, float],
    those: Sequence[Written],
    *,
    verbose: bool = False,
) -> str:
    """The figures of the check with these numbers."""
    weigh.tones.cache_clear()
    weigh._weights.cache_clear()
    learned = {**tones, "names": np.array([*weights]), "weights": np.array([*weights.values()])}
    weigh.numbers = lambda: learned  # type: ignore[assignment]
    return report(name, those, verbose=verbose)


def report(name: str, those: Sequence[Written], *, verbose: bool = False) -> str:
    """The figures of the check as it is: one line, one line a kind, and what went wrong if `verbose`."""
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    true, marked, lines = 0, 0, []
    for one in those:
        marks = check(one.answer, one.facts)
        told = [(mark.text, mark.kind) for mark in marks]
        if one.wrong is None:
            true += 1
            marked += bool(marks)
            lines += [f"  marked: {told} in: {one.answer}"] if marks else []
            continue
        planted[one.kind] += 1
        hit = any(mark.start < one.wrong[1] and mark.end > one.wrong[0] for mark in marks)
        found[one.kind] += hit
        lines += (
            []
            if hit
            else [f"  missed {one.kind}: {one.answer[slice(*one.wrong)]!r} (marks {told}) in: {one.answer}"]
        )
    errors, hits = sum(planted.values()), sum(found.values())
    shares = (marked / max(1, true), hits / max(1, errors))
    head = (
        f"{name}: {marked} of {true} true answers marked ({shares[0]:.3f}); "
        f"{hits} of {errors} errors found ({shares[1]:.3f})"
    )
    kinds = [f"    {kind}: {found[kind]} of {n}" for kind, n in sorted(planted.items())]
    return "\n".join([head, *kinds, *(lines if verbose else [])])
