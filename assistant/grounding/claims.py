"""What a text claims, and where: numbers, counts, findings, sides, kinds of image and what is observed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from assistant.grounding.observed import Observed, observed
from tools.language.anatomy import ANATOMY, stem
from tools.language.findings import LABEL, NORMAL, label_name
from tools.language.modalities import MODALITY
from tools.language.numbers import Number, numbers
from tools.language.places import LEVEL, SIDE, SIDE_ALONE
from tools.language.sentences import Sentence, sentences
from tools.language.standing import Standing

# "worse on the left", "goes to the right": a side without a structure.
_BARE = re.compile(r"\b(?:on|to|towards) (?:the |your )?$", re.I)
_MORE = re.compile(r"\b(?:more|most|mostly|mainly|worse|greater|larger|predominantly|only)\b", re.I)
_LISTED = re.compile(r"(?m)^\s*\d+[.)]\s")
_LOOK_BACK = 32
_REACH = 6
_FAR = 8
ClaimKind = Literal["number", "count", "label", "laterality", "modality"]


@dataclass(frozen=True)
class Side:
    """A side with the structures and findings it is said of; `more` if it is said to have more of them."""

    side: str
    near: frozenset[str]
    findings: frozenset[str]
    more: bool = False


@dataclass(frozen=True)
class Claim:
    """One thing that a text says, and where; `what` is the name of a label or modality as text."""

    kind: ClaimKind
    what: Number | Side | Observed | str
    start: int
    end: int
    sentence: Sentence

    @cached_property
    def standing(self) -> Standing:
        """Whether it is stated, denied or left open."""
        return self.sentence.standing(self.start - self.sentence.start, self.end - self.sentence.start)


def claims(text: str, labels: frozenset[str] = frozenset()) -> Iterator[Claim]:
    """Every claim of a text, sentence by sentence.

    Args:
        text: an answer, or a piece of evidence.
        labels: names of findings besides those of the vocabulary, such as a collection's own, in lower case.
    """
    own = _pattern(labels)
    spaced = _LISTED.sub(lambda found: " " * len(found[0]), text)
    for sentence in sentences(spaced):
        yield from _labels(sentence, own)
        yield from _modalities(sentence)
        for what, start, end in observed(sentence.text):
            yield _claim("label", what, start, end, sentence)
        yield from _sides(sentence)
        yield from _levels(sentence)
        for number, start, end in numbers(sentence):
            yield _claim("count" if number.noun else "number", number, start, end, sentence)


def _claim(
    kind: ClaimKind, what: Number | Side | Observed | str, start: int, end: int, sentence: Sentence
) -> Claim:
    return Claim(kind, what, sentence.start + start, sentence.start + end, sentence)


@lru_cache(maxsize=8)
def _pattern(labels: frozenset[str]) -> re.Pattern[str] | None:
    longest_first = sorted(labels, key=lambda label: (-len(label), label))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})\b", re.I) if labels else None


def _labels(sentence: Sentence, own: re.Pattern[str] | None) -> Iterator[Claim]:
    taken: list[tuple[int, int]] = []
    for found in LABEL.finditer(sentence.text):
        taken.append(found.span())
        if label_name(found) != NORMAL:  # `observed` reads it with the other words for all being well
            yield _claim("label", label_name(found), *found.span(), sentence)
    for found in own.finditer(sentence.text) if own else ():
        if not any(start < found.end() and found.start() < end for start, end in taken):
            yield _claim("label", found[0].lower(), *found.span(), sentence)


def _modalities(sentence: Sentence) -> Iterator[Claim]:
    for found in MODALITY.finditer(sentence.text):
        yield _claim("modality", str(found.lastgroup), *found.span(), sentence)


def _sides(sentence: Sentence) -> Iterator[Claim]:
    found = list(SIDE.finditer(sentence.text))
    for n, one in enumerate(found):
        until = found[n + 1].start() if n + 1 < len(found) else len(sentence.text)
        since = found[n - 1].end() if n else 0
        later = re.split(r"[,;:.(]| (?:and|with|but) ", sentence.text[one.end() : until])[0]
        earlier = re.split(r"[,;:.(—]| (?:but|whereas|while) ", sentence.text[since : one.start()])[-1]
        after, before = _words(later, first=_REACH), _words(earlier, last=_REACH)
        near = _structures(after) or _structures(_words(earlier, last=_FAR))
        if one[0].isupper() and len(one[0]) == len("LLL"):
            near = frozenset({stem("lobe")})
        if not near and not _stands_alone(sentence.text, one):
            continue
        of_before = before if re.search(r"\b(?:in|of|on|at|from|to)(?: the)?\W*$", before) else ""
        findings = frozenset(label_name(m) for m in LABEL.finditer(f"{of_before} . {after}"))
        side = Side(str(one.lastgroup), near, findings, bool(_MORE.search(before)))
        yield _claim("laterality", side, *one.span(), sentence)


def _stands_alone(text: str, side: re.Match[str]) -> bool:
    after = text[side.end() :]
    bare = _BARE.search(text, max(0, side.start() - _LOOK_BACK), side.start())
    return bool(SIDE_ALONE.match(after) or (bare and re.match(r"\W*$|\W*[,;:.)]", after)))


def _words(text: str, *, first: int = 0, last: int = 0) -> str:
    """The first or last few words of `text`."""
    words = re.findall(r"\s*\S+", text)
    return "".join(words[:first] if first else words[-last:])


def _levels(sentence: Sentence) -> Iterator[Claim]:
    """Upper and lower, front and back: known if the evidence has the same word of any structure."""
    for found in LEVEL.finditer(sentence.text):
        level = Side(str(found.lastgroup), frozenset(), frozenset())
        yield _claim("laterality", level, *found.span(), sentence)


def _structures(text: str) -> frozenset[str]:
    found = {label_name(m) for m in LABEL.finditer(text)}
    return frozenset(found | {stem(m[0]) for m in ANATOMY.finditer(text) if m[0].lower() != "side"})
