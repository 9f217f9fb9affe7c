"""Numbers, counts and shares of a sentence that the evidence does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answers.answer import Ungrounded, UngroundedKind
from assistant.grounding.amounts import is_rule_of_thumb, number_is_known
from assistant.grounding.claims import Claim
from assistant.grounding.facts import Facts
from assistant.grounding.shares import share_is_known, shared_beside
from assistant.grounding.worked_out import rounds
from tools.language.fractions import shares
from tools.language.numbers import LISTED, Number
from tools.language.rules import heard
from tools.language.sentences import Sentence
from tools.language.textbook import is_frame

_REASONS: dict[UngroundedKind, str] = {
    "number": "No tool, file header or reader of this chat gave this number.",
    "count": "No tool, file header or reader of this chat gave this count.",
}
_BACK = 100
_COMPARED = heard("checking", "compared_with")
_CHANCE = heard("checking", "a_chance")
_OFFER = heard("checking", "offer")
_OFFERED = heard("checking", "offered")
_SEE = heard("checking", "advised_to_see")
_WITHIN = heard("checking", "within")
_TIME = heard("checking", "time")
_PRONOUN = re.compile(r"\W*its?\b", re.I)
_OTHER = re.compile(r"\bother $", re.I)
_USER = re.compile(r"\byou(?:r)?\b", re.I)
_IMAGE_AFTER = heard("checking", "image_after")
_UNIT_WORDS = heard("checking", "written_unit")
_CLOCK = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?!\d|:\d)")


def wrong_numbers(sentence: Sentence, claims: Sequence[Claim], facts: Facts) -> Iterator[Ungrounded]:
    """The numbers of a sentence that are not found, in the way of naming images in which most are."""
    ways = [[*_missing(claims, facts, which)] for which in _ways(sentence, claims, facts)]
    yield from min(ways, key=len)
    for value, start, end in shares(sentence.text):
        stated = sentence.standing(start, end) == "stated" and not _UNIT_WORDS.match(sentence.text, end)
        if stated and not share_is_known(value, facts, sentence.images):
            yield _mark(sentence.text[start:end], sentence.start + start, "number")


def _ways(sentence: Sentence, claims: Sequence[Claim], facts: Facts) -> list[list[tuple[str, ...]]]:
    """The images that each number may be of: those named before it, right after it, or later."""
    groups = [(at, tuple(one for one in named if one in facts.ids)) for at, named in sentence.image_groups()]
    first = () if _PRONOUN.match(sentence.text) else groups[0][1] if groups else ()
    if len(groups) <= 1 and not (groups and not first):
        own = tuple(one for one in sentence.images if one in facts.ids)
        return [[own] * len(claims)]
    at = [one.start - sentence.start for one in claims]
    before = [next((ids for start, ids in reversed(groups) if start < n), first) for n in at]
    after = [next((ids for start, ids in groups if start > n), groups[-1][1]) for n in at]
    near = [_IMAGE_AFTER.match(sentence.text, one.end - sentence.start) for one in claims]
    mixed = [(f"img-{found[1]}",) if found else way for found, way in zip(near, before, strict=True)]
    in_order = len(at) == len(groups) and all(n > start for n in at for start, _ in groups)
    return [before, mixed, after, *([[ids for _, ids in groups]] if in_order else [])]


def _missing(claims: Sequence[Claim], facts: Facts, which: Sequence[tuple[str, ...]]) -> Iterator[Ungrounded]:
    for claim, images in zip(claims, which, strict=True):
        if is_frame(claim.sentence.text) or _is_no_claim(claim):
            continue
        of = () if images and _is_compared(claim) else images
        if _is_found(claim, facts, of):
            continue
        text = claim.sentence.text[claim.start - claim.sentence.start : claim.end - claim.sentence.start]
        if of and _is_found(claim, facts, ()):
            reason = f"The evidence says this of another image, not of {' or '.join(of)}."
            yield Ungrounded(text, claim.start, claim.end, "image", reason)
        else:
            yield _marked(claim)


def _marked(claim: Claim) -> Ungrounded:
    """A mark of a number, and of the tissue or colour beside it that it is not the share of."""
    start, end = claim.start - claim.sentence.start, claim.end - claim.sentence.start
    of = shared_beside(claim)
    start, end = min([start, *(a for a, _ in of)]), max([end, *(b for _, b in of)])
    return _mark(
        claim.sentence.text[start:end], claim.sentence.start + start, "count" if claim.what.noun else "number"
    )


def _mark(text: str, start: int, kind: UngroundedKind) -> Ungrounded:
    return Ungrounded(text, start, start + len(text), kind, _REASONS[kind])


def _is_found(claim: Claim, facts: Facts, images: tuple[str, ...]) -> bool:
    number = claim.what
    if clock := _clock_of(claim):
        return any(clock in _clocks(one.text) for one in facts.said if one.is_of(images))
    known = [
        one
        for one in facts.numbers
        if one.is_about(images)
        and (one.said.who != "user" or _USER.search(claim.sentence.text))
        and (number.noun in LISTED or bool(number.noun) == bool(one.claim.what.noun) or not number.noun)
    ]
    return _is_users(number, claim, facts) or number_is_known(number, claim, facts, images, known)


def _clock_of(claim: Claim) -> str:
    """The time of day that a number is the hour or the minutes of; empty where it is of none."""
    at, text = claim.start - claim.sentence.start, claim.sentence.text
    return next((one[0].lstrip("0") for one in _CLOCK.finditer(text) if one.start() <= at < one.end()), "")


def _clocks(text: str) -> set[str]:
    return {one[0].lstrip("0") for one in _CLOCK.finditer(text)}


def _is_no_claim(claim: Claim) -> bool:
    """Whether a number is in an offer or in advice, or the mark of a rule."""
    text, start = claim.sentence.text, claim.start - claim.sentence.start
    before = text[max(0, start - _BACK) : start]
    if is_rule_of_thumb(claim.what, claim.clause, text) or _OTHER.search(before):
        return True
    if _OFFERED.search(before):
        return bool(_OFFER.search(text))
    time = _WITHIN.search(before) and _TIME.match(text, claim.end - claim.sentence.start)
    return bool(time and _SEE.search(before))


def _is_users(number: Number, claim: Claim, facts: Facts) -> bool:
    """Whether a number is the user's own, in a sentence that leaves it open or denies that it is a chance."""
    users = (one.claim.what for one in facts.numbers if one.said.who == "user")
    if not any(rounds(one, number) for one in users):
        return False
    after = claim.sentence.text[claim.end - claim.sentence.start :]
    return claim.standing == "open" or (claim.standing == "denied" and bool(_CHANCE.match(after)))


def _is_compared(claim: Claim) -> bool:
    """Whether a number is of what the image of its sentence is compared with."""
    at = claim.start - claim.sentence.start
    return bool(_COMPARED.search(claim.sentence.text[max(0, at - _BACK) : at]))
