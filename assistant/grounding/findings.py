"""Whether findings, what is said of them, and that all is well, are found in the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.grounding.attribution import even_text, may_repeat
from assistant.grounding.claims import Claim
from assistant.grounding.described import Described
from assistant.grounding.facts import Facts, Known, Said
from assistant.grounding.named import Named, bag, is_in, is_same
from assistant.grounding.observed import SAYS_WELL, Observed
from tools.language.content import content, parts
from tools.language.doubt import is_softened, is_strong
from tools.language.evidence import EVIDENCE
from tools.language.findings import is_harmless
from tools.language.lists import whole
from tools.language.sentences import sentences
from tools.language.terms import devices, mentions, wide
from tools.language.units import WORD_NUMBERS
from tools.language.vocabulary import even

_YOU_SAID = re.compile(r"\byou (?:say|said|told|wrote|mention(?:ed)?|think|thought)\b", re.I)


_AS_YOU = whole(EVIDENCE.by_user)
_THE = re.compile(r"\b(?:the|your|this|that) $", re.I)
_BESIDE = 25
_APART = re.compile(r"[,;:.()]|\b(?:and|but|with|without|no)\b", re.I)
_SEVERAL = whole([*(word for word, n in WORD_NUMBERS.items() if n > 1), "both", r"[2-9]", r"[1-9]\d+"])


def finding_is_known(what: Named | Described, claim: Claim, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether the evidence says this of a finding: that it is there or not, or how it is."""
    if isinstance(what, Named):
        return _named_is_known(what, claim, facts, images)
    written = claim.sentence.text[claim.start - claim.sentence.start : claim.end - claim.sentence.start]
    if claim.standing != "stated":
        return True
    if what.axis in ("history", "level", "picture"):
        return facts.says(written, images) or (what.axis == "history" and _is_of_user(claim, facts))
    if what.near:
        return _described_is_known(what, written, facts, images)
    told = (one.claim.what for one in facts.known.get("label", ()) if one.is_about(images))
    return any(
        (one.axis, one.name) == (what.axis, what.name) for one in told if isinstance(one, Described)
    ) or (facts.says(written, images))


def _named_is_known(what: Named, claim: Claim, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether somebody whom the sentence may repeat says the same of the finding, as surely or surer."""
    same = _of(what, facts, images)
    if not what.ids & devices():
        same = [one for one in same if may_repeat(claim.sentence, one.said)]
    if claim.standing == "denied":
        return any(one.claim.standing == "denied" for one in same)
    if what.name and is_harmless(what.name) and _is_users_word(what, claim, facts):
        return True
    if _AS_YOU.search(claim.clause) and all(_is_users(one, facts) for one in what.tokens):
        return True
    softened = is_softened(claim.clause)
    strong = is_strong(claim.clause)
    if any(_is_said(one, softened=softened, strong=strong) for one in same):
        return not _is_elsewhere(claim, same, facts, images)
    return what.plain and not same and facts.says(" ".join(what.tokens), images)


def _is_elsewhere(claim: Claim, same: list[Known], facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether the part of the body next to a finding is one that the evidence names of another finding."""
    text, end = claim.sentence.text, claim.end - claim.sentence.start
    start = claim.start - claim.sentence.start
    for part in mentions(text):
        between = text[min(part.end, end) : max(part.start, start)]
        if part.found or part.ids <= wide() or len(between) > _BESIDE or _APART.search(between):
            continue
        there = [bag(one.claim.sentence.text) for one in same]
        inside = any(part.ids & one.ids or all(is_in(word, one) for word in part.tokens) for one in there)
        if not inside and facts.says(text[part.start : part.end], images):
            return True
    return False


def _is_users(token: str, facts: Facts) -> bool:
    return any(is_in(token, bag(one.text)) for one in facts.said if one.who == "user")


def _is_users_word(what: Named, claim: Claim, facts: Facts) -> bool:
    """Whether “the mole” is what the user calls it."""
    before = claim.sentence.text[: claim.start - claim.sentence.start]
    users = (one.claim.what for one in facts.findings if one.said.who == "user")
    named_so = any(isinstance(one, Named) and one.name == what.name for one in users)
    of_skin = any(one.domain == "dermatology" for one in facts.images)
    return bool(_THE.search(before)) and (named_so or (of_skin and "naevus" not in what.tokens))


def _is_said(one: Known, *, softened: bool, strong: bool) -> bool:
    if one.claim.standing == "open":
        return softened and not strong and one.said.who != "user"
    return one.claim.standing == "stated" and (softened or not one.claim.is_doubtful)


def _described_is_known(what: Described, written: str, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether the evidence says the same of the same finding; the finding itself is asked for elsewhere."""
    told = [one for one in facts.known.get("label", ()) if one.is_about(images)]
    same = [one for one in told if isinstance(one.claim.what, Described) and _is_like(one, what)]
    backed = [one for near in what.near for one in _of(near, facts, images)]
    if not any(one.claim.standing == "stated" for one in backed):
        return True
    if any(_is_of(one, what) for one in same) or any(_holds(one, written) for one in backed):
        return True
    if what.axis == "amount" and what.name in ("few", "many"):
        return any(_SEVERAL.search(one.claim.sentence.text) for one in backed)
    return what.axis == "place" and bool(same) and not any(_has_place(one, told) for one in backed)


def _has_place(finding: Known, told: Iterable[Known]) -> bool:
    """Whether the evidence says of a finding where it is."""
    return any(
        one.claim.sentence is finding.claim.sentence and finding.claim.what in one.claim.what.near
        for one in told
        if isinstance(one.claim.what, Described) and one.claim.what.axis == "place"
    )


def _is_of_user(claim: Claim, facts: Facts) -> bool:
    """Whether a sentence says that the user said it, with no number that the user did not give."""
    text = claim.sentence.text
    told = " ".join(one.text for one in facts.said if one.who == "user")
    return bool(_AS_YOU.search(text)) and set(re.findall(r"\d+", text)) <= set(re.findall(r"\d+", told))


def _is_like(known: Known, claimed: Described) -> bool:
    one = known.claim.what
    alike = isinstance(one, Described) and (one.axis, one.name) == (claimed.axis, claimed.name)
    return alike and known.claim.standing != "denied"


def _is_of(known: Known, claimed: Described) -> bool:
    """Whether what the evidence describes alike is the finding that is meant."""
    near = known.claim.what.near if isinstance(known.claim.what, Described) else frozenset()
    said = known.claim.sentence.text
    return not near or any(is_same(a, b, said) for a in claimed.near for b in near)


def _holds(known: Known, written: str) -> bool:
    """Whether the evidence's sentence about the finding has the very word."""
    alone = bag(known.claim.sentence.text)
    return all(is_in(word, alone) for word in even(written).split())


def _of(what: Named, facts: Facts, images: tuple[str, ...]) -> list[Known]:
    """What the evidence says of a finding."""
    return [
        one
        for one in facts.findings
        if one.is_about(images)
        and isinstance(one.claim.what, Named)
        and is_same(what, one.claim.what, one.claim.sentence.text)
    ]


def is_well(what: Observed, claim: Claim, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether a reader, the library or the user says that all is well with what the sentence is about."""
    silent = {"tool"} if _YOU_SAID.search(claim.sentence.text) else {"tool", "user"}
    others = [one for one in facts.said if one.who not in silent and one.is_of(images)]
    others = [one for one in others if may_repeat(claim.sentence, one)]
    written = claim.sentence.text[claim.start - claim.sentence.start : claim.end - claim.sentence.start]
    if what.name == "calm":
        return any(even_text(written) in even_text(one.text) for one in others)
    if any(_uses(one, written) for one in others):
        return True
    about = parts(claim.sentence.text)
    return any(_says_well(one, about, facts) for one in others)


def _uses(said: Said, written: str) -> bool:
    """Whether somebody says of a thing that it is well in the same word, such as “intact”."""
    words = [even(one) for one in content(written)]
    return bool(words) and not SAYS_WELL.search(written) and all(is_in(one, bag(said.text)) for one in words)


def _says_well(said: Said, about: set[str], facts: Facts) -> bool:
    """Whether somebody says that all is well with these parts of the body, or with all for none."""
    for text in _texts(said.text):
        if SAYS_WELL.search(text) and (not (here := parts(text)) or here & about):
            return bool(about) or not _finds_harm(said, facts)
        if SAYS_WELL.search(text) and not about and not _finds_harm(said, facts):
            return True
    return False


def _finds_harm(said: Said, facts: Facts) -> bool:
    return any(
        one.said is said and one.claim.standing == "stated" and not is_harmless(one.claim.what.name)
        for one in facts.findings
        if isinstance(one.claim.what, Named)
    )


@lru_cache(maxsize=256)
def _texts(text: str) -> tuple[str, ...]:
    return tuple(one.text for one in sentences(text))
