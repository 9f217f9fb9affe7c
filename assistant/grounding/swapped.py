"""Whether a number is said of what the evidence gives another number of: the two measures are swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answers.answer import Ungrounded
from assistant.grounding.amounts import piece_at
from assistant.grounding.claims import Claim
from assistant.grounding.facts import Facts, Known
from assistant.grounding.units import OPEN, Senses, units
from assistant.grounding.worked_out import rounds
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.numbers import Number
from tools.language.sentences import Sentence

_REASON = "The evidence gives this number of something else, and another one of this."
_EXTREME, _EVERY = whole(EVIDENCE.extreme), whole(EVIDENCE.every_one)
# Ours: shorter words of a measure are units.
_UNIT = 2


def swapped_numbers(sentence: Sentence, claims: Sequence[Claim], facts: Facts) -> Iterator[Ungrounded]:
    """Numbers of a sentence that are said of another thing than the evidence says them of.

    Args:
        sentence: a sentence of an answer.
        claims: its numbers.
        facts: the evidence of the chat.
    """
    if sentence.text.rstrip().endswith("?") or len(sentence.images) > 1:
        return
    known = [one for one in facts.numbers if one.said.who != "user" and one.is_about(sentence.images)]
    pieces = [piece_at(claim) for claim in claims]
    for claim, piece in zip(claims, pieces, strict=True):
        alike = [one for one in known if _is_alike(claim.what, one.claim.what)]
        if not _is_measure(claim.what) or claim.standing == "open":
            continue
        if (pieces.count(piece) == 1 and _is_swapped(claim, alike)) or _is_of_one(sentence, claim, alike):
            start = claim.start - sentence.start
            text = sentence.text[start : claim.end - sentence.start]
            yield Ungrounded(text, claim.start, claim.end, "number", _REASON)


def _is_measure(number: Number) -> bool:
    # Shares are held against what they are of by ``counted``.
    return not number.noun and number.unit not in ("%", "pp") and bool(number.unit or number.decimals)


def _is_alike(one: Number, other: Number) -> bool:
    return _is_measure(other) and one.unit == other.unit and bool(one.unit or other.decimals)


def _is_swapped(claim: Claim, known: Sequence[Known]) -> bool:
    """Whether what stands beside it is what stands beside another number, and nothing beside its own."""
    here = _beside(claim)
    own = [_beside(one.claim) for one in known if rounds(one.claim.what, claim.what)]
    if not own:
        return False
    mine: Senses = frozenset().union(*own)
    rest = [_beside(one.claim) for one in known if not rounds(one.claim.what, claim.what)]
    other: Senses = frozenset().union(*rest)
    return bool(here & (other - mine)) and not here & (mine - other)


def _beside(claim: Claim) -> Senses:
    since, until = piece_at(claim)
    told = [one for one in units(claim.sentence.text[since:until]) if one.group in OPEN]
    return frozenset().union(*(one.senses for one in told if len(one.name) > _UNIT))


def _is_of_one(sentence: Sentence, claim: Claim, known: Sequence[Known]) -> bool:
    """Whether each of several is said to have a number that only the largest, or one, of them has."""
    since = re.split(r"[,;:]", sentence.text[: claim.start - sentence.start])[-1]
    own = [one.claim.sentence.text for one in known if rounds(one.claim.what, claim.what)]
    told = _EVERY.search(since) and not _EXTREME.search(since)
    return bool(told and own) and all(_EXTREME.search(one) and not _EVERY.search(one) for one in own)
