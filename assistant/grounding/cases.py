"""Whether what an answer says of look-alikes fits their order, their labels and their likeness."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answers.answer import Ungrounded, UngroundedKind
from assistant.grounding.facts import Facts
from assistant.grounding.units import OPEN, Senses, units
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.number_words import places
from tools.language.sentences import Sentence

_RANK = re.compile(
    "|".join(rf"(?P<{name}>\b(?:{'|'.join(how)})\b)" for name, how in EVIDENCE.ranks.items()), re.I
)
_CASE, _EACH, _MAJORITY = (f"(?:{'|'.join(one)})" for one in (EVIDENCE.case, EVIDENCE.all, EVIDENCE.most))
_OF_THEM = r"(?: (?:of )?(?:the |its |these |those )?(?:\w+ )??(?:of the )?(?:\w+ )?)?"
_ALL = re.compile(
    rf"\b(?:{_EACH}{_OF_THEM}{_CASE}|"
    r"all (?:of them|two|three|four|five|six|\d+)(?= (?:are|were|carry|have)\b))\b"
    r"(?P<rest>[^.;,]{0,50})",
    re.I,
)
_MOST = re.compile(rf"\b{_MAJORITY} of (?:the |its )?(?:\w+ )?{_CASE}\b(?P<rest>[^.;,]{{0,50}})", re.I)
_DECIMAL = re.compile(r"\b0\.\d+\b")
_PIECE, _NOT_ONE, _DENIED = (
    whole(EVIDENCE.between_cases),
    whole(EVIDENCE.not_one_case),
    re.compile(r"\b(?:not|n[’']t|no)\b"),
)
_REASON = "The look-alikes of this chat have other labels, or another order."
_HALF = 0.5001


def wrong_cases(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """What a sentence says of the order, the labels or the likeness of look-alikes that they contradict."""
    ways = [labels for image, labels in facts.cases.items() if image in (sentence.images or facts.ids)]
    if len(ways) != 1 or sentence.text.rstrip().endswith("?"):
        return
    labels = ways[0]
    yield from _ranks(sentence, labels)
    yield from _likeness_of_another(sentence, facts)
    for pattern, share in ((_ALL, 1.0), (_MOST, _HALF)):
        for one in pattern.finditer(sentence.text):
            told = _named(one["rest"], labels)
            if len(told) == 1 and labels.count(told[0]) < share * len(labels):
                yield _mark(sentence, *one.span(), "label")


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for one in [*re.finditer(rf"[,;:]|{_PIECE.pattern}", text, re.I), None]:
        end = one.start() if one else len(text)
        yield at, text[at:end]
        at = end


def _ranks(sentence: Sentence, labels: tuple[str, ...]) -> Iterator[Ungrounded]:
    """A label that is said to come where another one comes."""
    for at, piece in _pieces(sentence.text):
        told, ranked = _named(piece, labels), [*_RANK.finditer(piece)]
        if len(told) != 1 or len(ranked) != 1 or _NOT_ONE.search(piece) or _DENIED.search(piece):
            continue
        name = str(ranked[0].lastgroup)
        place = len(labels) - 1 if name == "last" else places()[name] - 1
        if place >= len(labels) or labels[place] != told[0]:
            yield _mark(sentence, at, at + len(piece), "label")


def _likeness_of_another(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """A similarity that is not that of the one label in its part of the sentence."""
    names = tuple(label for label, _ in facts.likeness)
    last: list[str] = []
    for at, piece in _pieces(sentence.text):
        told, shown = _named(piece, names), [*_DECIMAL.finditer(piece)]
        told, last = (told or last), (told or last)
        if len(told) != 1 or len(shown) != 1:
            continue
        last = []
        value, digits = float(shown[0][0]), len(shown[0][0]) - 2
        fits = {label for label, given in facts.likeness if round(given, digits) == value}
        if fits and told[0] not in fits:
            yield _mark(sentence, at + shown[0].start(), at + shown[0].end(), "number")


def _mark(sentence: Sentence, start: int, end: int, kind: UngroundedKind) -> Ungrounded:
    at = sentence.start
    return Ungrounded(sentence.text[start:end], at + start, at + end, kind, _REASON)


def _named(text: str, labels: Sequence[str]) -> list[str]:
    """The labels that a text names, in its order."""
    there = [(text.lower().find(label.lower()), label) for label in set(labels)]
    senses = {label: _senses(label) for label in set(labels)}
    for one in units(text):
        if one.group in ("finding", "term"):
            there += [(one.start, label) for label, own in senses.items() if one.senses & own]
    return list(dict.fromkeys(label for at, label in sorted(there) if at >= 0))


def _senses(label: str) -> Senses:
    """What a label means as a whole."""
    return frozenset().union(
        *(
            one.senses
            for one in units(label)
            if one.group in OPEN and one.start == 0 and one.end == len(label)
        )
    )
