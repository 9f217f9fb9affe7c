"""Shares of an answer: in words, and what they are the share of."""

from __future__ import annotations

from itertools import combinations

from assistant.grounding.amounts import SHARED, piece_at
from assistant.grounding.claims import Claim
from assistant.grounding.facts import Facts
from tools.language.numbers import Number
from tools.language.rules import heard

# Ours: how far a share in words may be from the one that was measured.
_ABOUT = 0.07
# Ours: of more shares than these any other can be summed.
_FEW = 6
_PART_OF = heard("checking", "part_of")


def share_is_known(share: float, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether a share in words is about one that was said of these images, or of look-alikes."""
    numbers = [one.claim.what for one in facts.numbers if one.is_about(images)]
    said = [one.value / 100 for one in numbers if isinstance(one, Number) and one.unit == "%"]
    said += [one.value for one in numbers if isinstance(one, Number) and one.decimals and 0 < one.value < 1]
    said += [those.count(one) / len(those) for those in facts.cases.values() for one in those]
    parts = [(int(a), int(b)) for said_by in facts.said for a, b in _PART_OF.findall(said_by.text)]
    said += [a / b for a, b in parts if b]
    said += [a + b for a, b in combinations(said, 2) if len(said) <= _FEW]
    return any(abs(one - share) <= _ABOUT for one in said)


def shared_beside(claim: Claim) -> list[tuple[int, int]]:
    """Where the part of its sentence that a share stands in names what it is of."""
    if claim.what.unit != "%":
        return []
    return [one.span() for one in SHARED.finditer(claim.sentence.text, *piece_at(claim))]
