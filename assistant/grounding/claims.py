"""What a text claims, and where: numbers, counts, findings, sides, kinds of image and what is observed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from assistant.grounding.described import Described, described, is_beside
from assistant.grounding.named import Named, named
from assistant.grounding.observed import Observed, observed
from tools.language.anatomy import ANATOMY, stem
from tools.language.attributes import attributes
from tools.language.content import singular
from tools.language.doubt import is_doubtful
from tools.language.findings import LABEL, label_name
from tools.language.fractions import shares
from tools.language.modalities import MODALITY
from tools.language.numbers import Number, numbers
from tools.language.places import LEVEL, SIDE, SIDE_ALONE
from tools.language.plain_findings import said_of_parts, said_to_be_there
from tools.language.sentences import Sentence, sentences
from tools.language.standing import Standing
from tools.language.terms import mentions, wide

# "worse on the left", "goes to the right": a side without a structure.
_BARE = re.compile(r"\b(?:on|to|towards) (?:the |your )?$", re.I)
_MORE = re.compile(r"\b(?:more|most|mostly|mainly|worse|greater|larger|predominantly|only)\b", re.I)
_CLAUSE_END = re.compile(r"[;—]|, (?:and|but|so|which|while)\b|\b(?:but|whereas)\b")
_GLOSS = re.compile(
    r"\b(?:which|that) means\b|\bi\.e\.\s|\bmeaning\b|\bthat is,|\bin other words\b|\bor, in\b", re.I
)
_APPOSED = re.compile(
    r"[”\"’*)]*, (?:an?|the|one)(?! (?:sign|result|small|large|left|right|mild|second)\b) ", re.I
)
_GLOSS_ENDS = re.compile(r"[;—]|(?<!i\.e)(?<!e\.g)\.\s|, (?:and|but|with)\b", re.I)
_LISTED = re.compile(r"(?m)^\s*\d+[.)]\s")
_LOOK_BACK = 32
_LONG = re.compile(r"[a-z]{5,}", re.I)
_REACH = 6
_FAR = 8
ClaimKind = Literal["number", "count", "label", "laterality", "modality"]


@dataclass(frozen=True)
class Word:
    """A word that says something of a part of the body, which no list knows."""

    text: str


@dataclass(frozen=True)
class Side:
    """A side with the structures and findings it is said of; `more` if it is said to have more of them.

    `loose` says that the structures are the words that follow, none of which a list knows.
    """

    side: str
    near: frozenset[str]
    findings: frozenset[str]
    more: bool = False
    loose: bool = False


@dataclass(frozen=True)
class Share:
    """A share in words, of one: half of it is 0.5."""

    value: float


@dataclass(frozen=True)
class Part:
    """A part of the body that a text names, by its words as they are compared."""

    tokens: tuple[str, ...]
    ids: frozenset[str]


What = Part | Share | Number | Side | Observed | Named | Described | Word | str


@dataclass(frozen=True)
class Claim:
    """One thing that a text says, and where; `what` is a modality or a word of a collection as text."""

    kind: ClaimKind
    what: What
    start: int
    end: int
    sentence: Sentence

    @cached_property
    def standing(self) -> Standing:
        """Whether it is stated, denied or left open."""
        return self.sentence.standing(*self._place)

    @cached_property
    def is_doubtful(self) -> bool:
        """Whether it is said in doubt."""
        return is_doubtful(self.sentence.text, *self._place)

    @cached_property
    def clause(self) -> str:
        """The part of its sentence between marks and words of contrast that it stands in."""
        text, (start, end) = self.sentence.text, self._place
        since = max((one.end() for one in _CLAUSE_END.finditer(text, 0, start)), default=0)
        found = _CLAUSE_END.search(text, end)
        return text[since : found.start() if found else len(text)]

    @cached_property
    def is_gloss(self) -> bool:
        """Whether it explains a word before it: “…, which means …”, “…, the bone that …”."""
        text, (start, _) = self.sentence.text, self._place
        since = max((one.end() for one in _GLOSS_ENDS.finditer(text, 0, start)), default=0)
        if _GLOSS.search(text, since, start):
            return True
        ends = [one.end for one in mentions(text) if one.end < start]
        return any((one := _APPOSED.match(text, end)) and one.end() <= start for end in ends) and not (
            _GLOSS_ENDS.search(text, max(ends), start)
        )

    @property
    def _place(self) -> tuple[int, int]:
        return self.start - self.sentence.start, self.end - self.sentence.start


def claims(text: str, labels: frozenset[str] = frozenset()) -> Iterator[Claim]:
    """Every claim of a text, sentence by sentence.

    Args:
        text: an answer, or a piece of evidence.
        labels: names of findings besides those of the vocabulary, such as a collection's own, in lower case.
    """
    for _, those in by_sentence(text, labels):
        yield from those


def by_sentence(text: str, labels: frozenset[str] = frozenset()) -> Iterator[tuple[Sentence, list[Claim]]]:
    """Every sentence of a text with its claims, as `claims` reads them; often it has none."""
    own = _pattern(labels)
    spaced = _LISTED.sub(lambda found: " " * len(found[0]), text)
    for sentence in sentences(spaced):
        found = _found(sentence.text, own)
        yield sentence, [_claim(kind, what, *place, sentence) for kind, what, place in found]


_Found = tuple[ClaimKind, What, tuple[int, int]]


@lru_cache(maxsize=1024)
def _found(text: str, own: re.Pattern[str] | None) -> tuple[_Found, ...]:
    """What one sentence says; kept, since the evidence of a chat is read at every turn."""
    return tuple(_of_sentence(text, own))


def _of_sentence(text: str, own: re.Pattern[str] | None) -> Iterator[_Found]:
    findings = list(named(text))
    yield from (("label", what, (start, end)) for what, start, end in findings)
    yield from _own_labels(text, own, [(start, end) for _, start, end in findings])
    yield from (("label", what, (start, end)) for what, start, end in described(text, findings))
    for one in MODALITY.finditer(text):
        yield "modality", str(one.lastgroup), one.span()
    yield from (("label", what, (start, end)) for what, start, end in observed(text))
    yield from _parts(text, findings)
    for start, end in [*said_of_parts(text), *said_to_be_there(text)]:
        if not any(a < end and start < b for _, a, b in findings):
            yield "label", Word(text[start:end]), (start, end)
    yield from _sides(text)
    yield from _levels(text)
    yield from (("number", Share(value), (start, end)) for value, start, end in shares(text))
    for number, start, end in numbers(text):
        yield "count" if number.noun else "number", number, (start, end)


def _parts(text: str, findings: list[tuple[Named, int, int]]) -> Iterator[_Found]:
    """Parts of the body right beside a finding, other than those of which a side is asked elsewhere."""
    for part in mentions(text):
        sided = any(name.startswith(("left-", "right-")) for name in part.ids)
        if not (part.found or sided or part.ids <= wide()) and is_beside(
            text, findings, part.start, part.end
        ):
            yield "label", Part(part.tokens, part.ids), (part.start, part.end)


def _claim(kind: ClaimKind, what: What, start: int, end: int, sentence: Sentence) -> Claim:
    return Claim(kind, what, sentence.start + start, sentence.start + end, sentence)


@lru_cache(maxsize=8)
def _pattern(labels: frozenset[str]) -> re.Pattern[str] | None:
    longest_first = sorted(labels, key=lambda label: (-len(label), label))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})\b", re.I) if labels else None


def _own_labels(text: str, own: re.Pattern[str] | None, taken: list[tuple[int, int]]) -> Iterator[_Found]:
    for found in own.finditer(text) if own else ():
        if not any(start < found.end() and found.start() < end for start, end in taken):
            yield "label", found[0].lower(), found.span()


def _sides(text: str) -> Iterator[_Found]:
    found = list(SIDE.finditer(text))
    for n, one in enumerate(found):
        until = found[n + 1].start() if n + 1 < len(found) else len(text)
        since = found[n - 1].end() if n else 0
        later = re.split(r"[,;:.(]| (?:and|with|but) ", text[one.end() : until])[0]
        earlier = re.split(r"[,;:.(—]| (?:but|whereas|while) ", text[since : one.start()])[-1]
        after, before = _words(later, first=_REACH), _words(earlier, last=_REACH)
        near = _structures(after) or _structures(_words(earlier, last=_FAR))
        if one[0].isupper() and len(one[0]) == len("LLL"):
            near = frozenset({stem("lobe")})
        loose = not near and not _stands_alone(text, one)
        near = frozenset(map(stem, _LONG.findall(after))) if loose else near
        of_before = before if re.search(r"\b(?:in|of|on|at|from|to)(?: the)?\W*$", before) else ""
        findings = frozenset(label_name(m) for m in LABEL.finditer(f"{of_before} . {after}"))
        if not near and not loose:
            near = frozenset(stem(t) for m in mentions(earlier) if m.found for t in m.tokens)
        near |= frozenset(stem(t) for m in mentions(after) if m.found for t in m.tokens)
        if one.lastgroup == "both":
            near |= _structures(earlier)
        side = Side(str(one.lastgroup), near, findings, bool(_MORE.search(before)), loose)
        yield "laterality", side, one.span()


def _stands_alone(text: str, side: re.Match[str]) -> bool:
    after = text[side.end() :]
    bare = _BARE.search(text, max(0, side.start() - _LOOK_BACK), side.start())
    return bool(SIDE_ALONE.match(after) or (bare and re.match(r"\W*$|\W*[,;:.)]", after)))


def _words(text: str, *, first: int = 0, last: int = 0) -> str:
    """The first or last few words of `text`."""
    words = re.findall(r"\s*\S+", text)
    return "".join(words[:first] if first else words[-last:])


def _levels(text: str) -> Iterator[_Found]:
    """Upper and lower, front and back: known if the evidence has the same word of any structure."""
    for found in LEVEL.finditer(text):
        level = Side(str(found.lastgroup), frozenset(), frozenset())
        yield "laterality", level, found.span()


@lru_cache(maxsize=512)
def _structure(word: str) -> str:
    """One name for a part of the body, whatever its ending: “apex” for what is apical."""
    place = next((name for axis, name, _, _ in attributes(word) if axis == "place"), "")
    return place or stem(singular(word))


def _structures(text: str) -> frozenset[str]:
    found = {label_name(m) for m in LABEL.finditer(text)}
    return frozenset(found | {_structure(m[0]) for m in ANATOMY.finditer(text) if m[0].lower() != "side"})
