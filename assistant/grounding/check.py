"""Compare what an answer claims with the evidence of its chat.

Rules, in the order they are asked of a claim:

- A sentence that only repeats a tool's, or one of Casebook's own definitions or disclaimers, is not asked.
- A finding, side or kind of image that is left open ("whether", "I cannot tell", a question) is no claim.
- What the user said counts as evidence only in a sentence that says so ("you said"): a finding that was
  asked about is not thereby there, and not thereby absent.
- What only a reading model said is accepted in a passage that names it: a paragraph with its heading and
  list; labels of the case library in a sentence about cases, or in a list that such a line begins.
- A sentence that names an image, by its id or as "the second picture", takes its evidence from that image;
  what it is compared with ("than 110 kV") may be of another.
- That all is well is never a tool's to say, in whatever words: a reader, the case library or the user must
  have found something normal, of the same part of the body or of all of it, and the sentence must say who.
  That nobody need do or fear anything is nobody's to say, nor what will become of it.
- How severe, how many, how old, of what shape and where a finding is must be said of that finding; that it is
  sure must be said; what evidence leaves in doubt may not be said without a doubt.
- History, symptoms and therapy, and how a picture was taken, must be said by somebody, whatever it is of.
- Somebody who is said to have said it must have said something; "both" must each have it.
- Which of two images has more of a measure, and which label is nearest, is held against the numbers.
- A sentence that tells of things in general, or explains a word, claims nothing of an image.
- Colours of skin, focus and exposure, the class of a skin tone and somebody's sex are marked where they are
  stated and nobody said so, or denied and a tool said so.
- Left, right and both are held against what is said of them there; upper, middle, lower, anterior,
  posterior, medial and lateral only against whether the evidence has the word at all.
- A number may be rounded to the digits it shows, be written in mm for cm or in per cent for a share that
  is no score, or be worked out of two numbers of the same sentence that are found themselves. Of the long
  and the short axis, a part of the body, width and height it must be the one that the evidence names.
- A slice in an offer ("I can show slice 12") and a time in advice ("see a doctor within 2 weeks") are no
  claims; nor is a side that is denied "as far as I can tell".

Not caught: a wrong explanation of a word; a reader's word given to another tool than a reader; what is
turned round in a word that no list has ("not preserved"); whose image a pronoun means; which of two sides
is larger; an error inside the name of a model or licence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.answers.answer import Ungrounded, UngroundedKind
from assistant.grounding.attribution import even_text
from assistant.grounding.cases import wrong_cases
from assistant.grounding.claims import Claim, by_sentence
from assistant.grounding.compared import wrong_comparisons
from assistant.grounding.facts import Facts
from assistant.grounding.matching import is_advice, is_compared, is_definite, is_found, is_repeated
from assistant.grounding.named import Named
from assistant.grounding.observed import Observed
from assistant.grounding.sources import wrong_sources
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.sentences import Sentence, image_ids
from tools.language.standing import standing
from tools.language.textbook import is_at_hand, is_frame, is_general

_REASONS: dict[UngroundedKind, str] = {
    "number": "No tool, file header or reader of this chat gave this number.",
    "count": "No tool, file header or reader of this chat gave this count.",
    "label": "No evidence of this chat says this, or only somebody whom the sentence does not name.",
    "laterality": "No evidence of this chat says it of this side.",
    "modality": "No image that this is said of is known to be of this kind.",
}
Images = tuple[str, ...]
# "6.3 mm on img-1", "6.3 mm (img-1)".
_DENYING, _THERE, _BOTH, _READERS = map(
    whole, (EVIDENCE.denying, EVIDENCE.there, EVIDENCE.both, EVIDENCE.both_readers)
)
# Ours: in characters, how far what a mark covers besides may lie.
_NEAR = 60
_PAIR = 2
_WOULD = re.compile(r"\bwould\b", re.I)
_QUOTED = re.compile(r"“[^”]{3,}”|\"[^\"]{3,}\"|‘[^’]{3,}’")
_CALM = Observed("well", "calm")
_PRONOUN = re.compile(r"\W*(?:its?|this|that|they|their)\b", re.I)
_NEXT = re.compile(r"\s*(?:on|in|of|for|from)?\s*\(?img-(\d+)", re.I)


def check(text: str, facts: Facts) -> tuple[Ungrounded, ...]:
    """What an answer's text says that is not found in the evidence.

    Args:
        text: the answer.
        facts: the evidence of the chat.

    Returns:
        One mark for every number, side, label, modality, count or image id that is not found, in the
        order of the text; none overlaps another.
    """
    marks = [*_unknown_images(text, facts)]
    for sentence, listed in by_sentence(text, facts.labels):
        if not is_repeated(sentence, facts):
            marks += _of_sentence(text, sentence, listed, facts)
            marks += [*wrong_sources(sentence, facts), *wrong_comparisons(sentence, facts)]
            marks += [*wrong_cases(sentence, facts), *_not_of_all(sentence, listed, facts)]
    return tuple(_apart(sorted(marks, key=lambda mark: (mark.start, -mark.end))))


def _of_sentence(text: str, sentence: Sentence, those: list[Claim], facts: Facts) -> list[Ungrounded]:
    """The marks of one sentence. Of several images the one before a claim is meant, or else the one after."""
    groups = sentence.image_groups()
    there = tuple(one[0].lower() for one in image_ids(sentence.before))
    goes_on = there and groups and (_THERE.search(sentence.text) or _PRONOUN.match(sentence.text))
    if goes_on:
        groups = [(-1, there), *groups]
    if len(groups) < 2:
        return _marks(text, [(claim, sentence.images) for claim in those], facts)
    at = [claim.start - sentence.start for claim in those]
    before = [next((ids for start, ids in reversed(groups) if start < n), groups[0][1]) for n in at]
    after = [next((ids for start, ids in groups if start > n), groups[-1][1]) for n in at]
    next_to = [_NEXT.match(text, claim.end) for claim in those]
    mixed = [(f"img-{found[1]}",) if found else way for found, way in zip(next_to, before, strict=True)]
    ways = [_marks(text, [*zip(those, way, strict=True)], facts) for way in (before, mixed, after)]
    return min(ways, key=len)


def _marks(text: str, those: Iterable[tuple[Claim, Images]], facts: Facts) -> list[Ungrounded]:
    marks = []
    for claim, images in those:
        if (reason := _missing(claim, facts, images)) is not None:
            start, end = _extent(claim, reason[0])
            marks.append(Ungrounded(text[start:end], start, end, *reason))
    return marks


def _not_of_all(sentence: Sentence, those: list[Claim], facts: Facts) -> Iterator[Ungrounded]:
    """Where both images or both readers are said to have what only one has."""
    readers = _READERS.search(sentence.text)
    found = readers or _BOTH.search(sentence.text)
    stated = [one for one in those if isinstance(one.what, Named) and one.standing == "stated"]
    if not found or not stated:
        return
    if readers:
        sides = [facts.of_reader(name) for name in facts.readers]
        missing = len(sides) < _PAIR or any(not _any_found(stated, one, ()) for one in sides)
    else:
        missing = any(not _any_found(stated, facts, (one,)) for one in facts.ids)
    if missing:
        start, end = found.span()
        reason = "The evidence says this of one of them at most."
        yield Ungrounded(found[0], sentence.start + start, sentence.start + end, "source", reason)


def _any_found(stated: list[Claim], facts: Facts, images: Images) -> bool:
    return any(is_found(one, facts, images) for one in stated)


def _extent(claim: Claim, kind: UngroundedKind) -> tuple[int, int]:
    """Where a mark begins and ends: with the image that it is said of, or the words that deny it."""
    sentence, start, end = claim.sentence, claim.start, claim.end
    near: list[tuple[int, int]] = []
    if kind == "image":
        near = [one.span() for one in image_ids(sentence.text)]
    elif kind == "label" and claim.standing == "denied":
        near = [one.span() for one in _DENYING.finditer(sentence.text)]
    spans = [(a + sentence.start, b + sentence.start) for a, b in near]
    spans = [one for one in spans if max(one[0] - end, start - one[1]) <= _NEAR]
    if len(spans) != 1:
        return start, end
    return min(start, spans[0][0]), max(end, spans[0][1])


def _missing(claim: Claim, facts: Facts, images: Images) -> tuple[UngroundedKind, str] | None:
    """Why a claim is not found, or None."""
    left_open = claim.kind not in ("number", "count") and _is_open(claim)
    if images and claim.kind in ("number", "laterality") and is_compared(claim):
        images = ()
    images = tuple(one for one in images if one in facts.ids)
    if claim.kind == "label" and claim.what != _CALM and (_is_general(claim) or _explains(claim, facts)):
        return None
    if claim.kind == "number" and is_frame(claim.sentence.text):
        return None
    if _is_users_quote(claim, facts):
        return None
    if left_open or is_advice(claim) or is_found(claim, facts, images):
        return None
    if images and is_found(claim, facts, ()):
        return "image", f"The evidence says this of another image, not of {' or '.join(images)}."
    return claim.kind, _REASONS[claim.kind]


def _is_users_quote(claim: Claim, facts: Facts) -> bool:
    """Whether it stands in quotation marks in the user's own words."""
    at = claim.start - claim.sentence.start
    for quoted in _QUOTED.finditer(claim.sentence.text):
        if quoted.start() < at < quoted.end():
            words = even_text(quoted[0].strip("“”\"’‘'?!.,"))
            return any(words in even_text(one.text) for one in facts.said if one.who == "user")
    return False


def _is_open(claim: Claim) -> bool:
    """Whether a claim is left open; what would be well if anything was amiss is not."""
    if is_definite(claim) or claim.standing != "open":
        return False
    if not isinstance(claim.what, Observed) or claim.what.group != "well":
        return True
    start, end = claim.start - claim.sentence.start, claim.end - claim.sentence.start
    if claim.what.name != "calm":
        return True
    return standing(_WOULD.sub("had  ", claim.sentence.text), start, end) == "open"


def _is_general(claim: Claim) -> bool:
    """Whether a claim is of no image: of a thing in general, or what explains a word of the sentence."""
    return is_general(claim.clause) or claim.is_gloss


def _explains(claim: Claim, facts: Facts) -> bool:
    """Whether a sentence begins the answer to what a word means, and speaks of no image."""
    first = claim.sentence.start == 0 or not claim.sentence.before
    return first and facts.asks_meaning and not claim.sentence.images and not is_at_hand(claim.sentence.text)


def _unknown_images(text: str, facts: Facts) -> Iterator[Ungrounded]:
    for found in image_ids(text):
        if f"img-{found[1]}" not in facts.ids:
            there = ", ".join(sorted(facts.ids)) or "none"
            reason = f"There is no such image in this chat; there are: {there}."
            yield Ungrounded(found[0], found.start(), found.end(), "image", reason)


def _apart(marks: Iterable[Ungrounded]) -> Iterator[Ungrounded]:
    end = -1
    for mark in marks:
        if mark.start >= end:
            yield mark
            end = mark.end
