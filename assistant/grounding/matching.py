"""Whether one claim of an answer is found in the evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.amounts import is_rule_of_thumb, number_is_known, rounds, share_is_known
from assistant.grounding.attribution import even_text, may_repeat
from assistant.grounding.claims import Claim, Part, Share, Side, Word
from assistant.grounding.described import Described
from assistant.grounding.facts import Facts, Known
from assistant.grounding.findings import finding_is_known, is_well
from assistant.grounding.named import Named
from assistant.grounding.observed import Observed
from tools.language.numbers import LISTED, Number
from tools.language.sentences import Sentence
from tools.language.vocabulary import even

# What would be or could be sent is not said of an image of this chat.
_NOT_OF_ONE = re.compile(r"\b(?:would|could|might|should|if|such as|for example|try|send|unlike|or)\b", re.I)
# Ours: how many characters of a sentence are looked back over.
_BACK = 100
_CLOSE = len(" would")
# This picture is of a kind, whatever is denied of it.
_DEFINITE = re.compile(r"\b(?:this|your|these) (?:\w+ )?$", re.I)
# "125 kV against 110 kV": what follows is of the other image.
_COMPARED = re.compile(r"\b(?:than|versus|vs\.?|against|compared (?:with|to)) (?:about |the )?$", re.I)
_CHANCE = re.compile(r"\W*(?:chance|probab|likel|risk|certain)", re.I)
_OTHERS = re.compile(r"\bthe others?\b[^;.]*$", re.I)
# "I can show slice 12", "you could ask for slice 12": said of no image yet.
_OFFER = re.compile(
    r"\b(?:I (?:can|could)|you (?:can|could|may)|if you (?:like|want|wish)|shall I|would you like)\b", re.I
)
_OFFERED = re.compile(r"\b(?:show|open|go to|move to|turn to|jump to|for) (?:you )?(?:slice|frame) $", re.I)
# "See a clinician within 2 weeks".
_SEE = re.compile(
    r"\b(?:see|show|clinicians?|doctors?|dermatologists?|checked|repeat|return|follow|wait|visit|consult)\b",
    re.I,
)
_WITHIN = re.compile(r"\b(?:within|in|after|every|for) (?:the next |about )?$", re.I)
_TIME = re.compile(r"(?:(?: to |–|-)\d+)? (?:hours?|days?|weeks?|months?|years?)\b", re.I)
_HEDGE = re.compile(r"\bas far as I can (?:tell|see|judge)\b", re.I)
_READER_FOR = re.compile(r"\b(?:models?|readers?|tools?)(?: \w+)? (?:for|of|that \w+) (?:an? )?$", re.I)
_SAME = {"CR": "DX"}
_OPPOSITE = {"left": "right", "right": "left"}


def is_repeated(sentence: Sentence, facts: Facts) -> bool:
    """Whether a sentence stands word for word in a tool's own words or in a definition of Casebook's."""
    words = even_text(sentence.text)
    if len(words) < 20:
        return False
    if any(words in even_text(one) for one in facts.settled):
        return True
    own = (one for one in facts.said if one.who == "tool")
    return any(words in even_text(one.text) for one in own if one.is_of(sentence.images))


def is_found(claim: Claim, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether the evidence says what a claim says, of these images; of any image for none."""
    what = claim.what
    if claim.kind == "modality":
        return _modality_is_known(claim, facts, images)
    if isinstance(what, Number | Side):
        return _amount_or_side_is_known(what, claim, facts, images)
    if isinstance(what, Named | Described):
        return finding_is_known(what, claim, facts, images)
    if isinstance(what, Observed):
        return _observed_is_known(what, claim, facts, images)
    if isinstance(what, Part | Share | Word):
        return claim.standing != "stated" or _is_named(what, facts, images)
    return any(
        one.claim.what == what and one.claim.standing == claim.standing
        for one in facts.known.get(claim.kind, ())
        if one.is_about(images) and may_repeat(claim.sentence, one.said)
    )


def _amount_or_side_is_known(
    what: Number | Side, claim: Claim, facts: Facts, images: tuple[str, ...]
) -> bool:
    listed = isinstance(what, Number) and what.noun in LISTED
    # A reader's number needs no name beside it: what it is said of does.
    known = [
        one
        for one in facts.known.get("number" if listed else claim.kind, ())
        if one.is_about(images)
        and (
            may_repeat(claim.sentence, one.said)
            or (one.said.who == "reader" and isinstance(one.claim.what, Number))
        )
    ]
    if isinstance(what, Side):
        return _side_is_known(what, known)
    return _is_users(what, claim, facts) or number_is_known(what, claim, facts, images, known)


def _is_named(what: Part | Share | Word, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether somebody says the same of anything; of a part of the body also where an image is of it."""
    if isinstance(what, Share):
        return share_is_known(what.value, facts, images)
    if isinstance(what, Word):
        return facts.says(what.text, images)
    if facts.says(" ".join(what.tokens), images) or any(what.ids & one.ids for one in facts.words.values()):
        return True
    return any(set(what.tokens) <= set(even(one.body_part or "").split()) for one in facts.images)


def is_advice(claim: Claim) -> bool:
    """Whether a number is in an offer or in advice, or a side is denied as far as can be told."""
    text, start = claim.sentence.text, claim.start - claim.sentence.start
    before = text[max(0, start - _BACK) : start]
    if claim.kind == "laterality":
        return claim.standing == "denied" and bool(_HEDGE.search(text))
    if not isinstance(claim.what, Number):
        return False
    if is_rule_of_thumb(claim.what, claim.clause, claim.sentence.text):
        return True
    if _OFFERED.search(before):
        return bool(_OFFER.search(text))
    time = _WITHIN.search(before) and _TIME.match(text, claim.end - claim.sentence.start)
    return bool(time and _SEE.search(before))


def _is_users(number: Number, claim: Claim, facts: Facts) -> bool:
    """Whether a number is the user's own, in a sentence that leaves it open or denies that it is a chance."""
    users = (one.claim.what for one in facts.known.get("number", ()) if one.said.who == "user")
    if not any(isinstance(one, Number) and rounds(one, number) for one in users):
        return False
    after = claim.sentence.text[claim.end - claim.sentence.start :]
    return claim.standing == "open" or (claim.standing == "denied" and bool(_CHANCE.match(after)))


def is_compared(claim: Claim) -> bool:
    """Whether a claim is what the image of its sentence is compared with."""
    at = claim.start - claim.sentence.start
    before = claim.sentence.text[max(0, at - _BACK) : at]
    return bool(_COMPARED.search(before) or _OTHERS.search(before))


def _observed_is_known(what: Observed, claim: Claim, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether somebody said it; that all is well only a reader, the library or the user does."""
    if what.group == "well":
        undone = claim.standing == "open" or (claim.standing == "denied" and what.name != "calm")
        return undone or is_well(what, claim, facts, images)
    if what.name == "sharp":
        of = [one for one in facts.known.get("label", ()) if one.is_about(images)]
        return claim.standing != "stated" or not any(_is_blur(one) for one in of)
    stated = [one for one in facts.known.get("label", ()) if one.claim.standing == "stated"]
    same = [one for one in stated if one.claim.what == what and one.is_about(images)]
    if claim.standing == "denied":
        return not any(one.said.who == "tool" for one in same)
    found = any(may_repeat(claim.sentence, one.said) for one in same)
    return found or (what.group == "colour" and not _is_of_skin(facts, images))


def _is_blur(known: Known) -> bool:
    what = known.claim.what
    return isinstance(what, Observed) and what.name == "blur" and known.claim.standing == "stated"


def _is_of_skin(facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether a picture of skin may be meant: of an X-ray, black and white are words for what it shows."""
    of = (image for image in facts.images if not images or image.id in images)
    return any(image.domain == "dermatology" for image in of)


def _side_is_known(side: Side, known: Sequence[Known]) -> bool:
    said = [one.claim.what for one in known if isinstance(one.claim.what, Side)]
    if side.loose and not any(side.near & one.near for one in said if one.loose):
        return True
    same = [
        one
        for one in said
        if one.side == side.side or (one.side == "both" and side.side in _OPPOSITE and not side.more)
    ]
    if side.side == "both" and {"left", "right"} <= {one.side for one in said if _near(side, one)}:
        return True
    alone = bool(same) and len(same) == len(said) and not side.loose
    if not alone and not any(_near(side, one) for one in same):
        return False
    opposite = [one for one in said if one.side == _OPPOSITE.get(side.side)]
    only_there = frozenset().union(*(one.findings for one in opposite)) - frozenset().union(
        *(one.findings for one in same)
    )
    return not side.findings & only_there


def _near(side: Side, other: Side) -> bool:
    return not side.near or bool((side.near | side.findings) & (other.near | other.findings))


def _modality_is_known(claim: Claim, facts: Facts, images: tuple[str, ...]) -> bool:
    code = claim.what
    of = [image for image in facts.images if not images or image.id in images]
    kinds = {_SAME.get(image.modality or "", image.modality) for image in of}
    at = claim.start - claim.sentence.start
    if claim.standing == "denied" and not is_definite(claim):
        return kinds != {code} or bool(_READER_FOR.search(claim.sentence.text[:at]))
    near = claim.sentence.text[: at + claim.end - claim.start + _CLOSE]
    if code in kinds or _NOT_OF_ONE.search(near) or _is_quoted(claim, facts):
        return True
    said = [
        one for one in facts.known.get("modality", ()) if one.said.who != "tool" and one.claim.what == code
    ]
    return any(may_repeat(claim.sentence, one.said) for one in said if one.is_about(images))


def is_definite(claim: Claim) -> bool:
    """Whether a kind is said of a picture at hand, such as "this CT"."""
    at = claim.start - claim.sentence.start
    return claim.kind == "modality" and bool(_DEFINITE.search(claim.sentence.text[max(0, at - _BACK) : at]))


def _is_quoted(claim: Claim, facts: Facts) -> bool:
    """Whether a tool's own words have the same words around it: "a rule made for dermoscopy"."""
    text, start = claim.sentence.text, claim.start - claim.sentence.start
    before, after = text[:start].split()[-3:], text[start:].split()[:2]
    words = even_text(" ".join([*before, *after]))
    return any(words in even_text(one.text) for one in facts.said if one.who == "tool")
