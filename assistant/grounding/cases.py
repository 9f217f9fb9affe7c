"""Whether what an answer says of look-alikes fits their order and their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answers.answer import Ungrounded
from assistant.grounding.facts import Facts
from assistant.grounding.named import is_same, named
from tools.language.evidence import EVIDENCE
from tools.language.sentences import Sentence

_CASE, _NEAREST, _LEADS, _EACH, _MAJORITY = (
    f"(?:{'|'.join(one)})"
    for one in (EVIDENCE.case, EVIDENCE.first, EVIDENCE.leads, EVIDENCE.all, EVIDENCE.most)
)
_FIRST = re.compile(
    rf"\b{_NEAREST}(?! (?:two|three|four|\d))(?: \w+)?? {_CASE}\b(?P<rest>[^.;,]{{0,60}})|"
    rf"\b(?P<lead>[^.;,]{{3,40}}?) {_LEADS}\b",
    re.I,
)
_OF_THEM = r"(?: (?:of )?(?:the |its |these |those )?(?:\w+ )??(?:of the )?(?:\w+ )?)?"
_ALL = re.compile(rf"\b{_EACH}{_OF_THEM}{_CASE}\b(?P<rest>[^.;,]{{0,50}})", re.I)
_ALL_OF_THEM = re.compile(
    r"\ball (?:of them|two|three|four|five|six|\d+)\b(?P<rest> (?:are|were|carry|have)[^.;,]{0,50})", re.I
)
_MOST = re.compile(rf"\b{_MAJORITY} of (?:the |its )?(?:\w+ )?{_CASE}\b(?P<rest>[^.;,]{{0,50}})", re.I)
_DECIMAL = re.compile(r"\b0\.\d+\b")
_REASON = "The look-alikes of this chat have other labels, or another order."


def wrong_cases(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """What a sentence says of the nearest, of all or of most look-alikes that their labels contradict."""
    ways = [labels for image, labels in facts.cases.items() if image in (sentence.images or facts.ids)]
    if len(ways) != 1 or sentence.text.rstrip().endswith("?"):
        return
    labels = ways[0]
    yield from _likeness_of_another(sentence, facts)
    for found, true in _said(sentence.text, labels):
        if not true:
            start, end = found.span()
            yield Ungrounded(found[0], sentence.start + start, sentence.start + end, "label", _REASON)


def _likeness_of_another(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """A similarity that is not that of the one label in its part of the sentence."""
    for piece in re.finditer(r"[^,;]+", sentence.text):
        told = _labels(piece[0], tuple(label for label, _ in facts.likeness))
        shown = list(_DECIMAL.finditer(piece[0]))
        if len(told) != 1 or len(shown) != 1:
            continue
        own = [value for label, value in facts.likeness if label == told[0]]
        others = [value for _, value in facts.likeness]
        digits = len(shown[0][0]) - 2
        value = float(shown[0][0])
        if any(round(one, digits) == value for one in others) and not any(
            round(one, digits) == value for one in own
        ):
            start = sentence.start + piece.start() + shown[0].start()
            yield Ungrounded(shown[0][0], start, start + len(shown[0][0]), "number", _REASON)


def _said(text: str, labels: tuple[str, ...]) -> Iterator[tuple[re.Match[str], bool]]:
    for one in _FIRST.finditer(text):
        told = _labels(one["rest"] or one["lead"] or "", labels)
        if told and not re.search(r"\b(?:not|n[’']t|no)\b", one[0]):
            yield one, told[0] == labels[0]
    for one in _ALL_OF_THEM.finditer(text):
        told = _labels(one["rest"], labels)
        if len(told) == 1:
            yield one, labels.count(told[0]) == len(labels)
    for pattern, share in ((_ALL, 1.0), (_MOST, 0.5001)):
        for one in pattern.finditer(text):
            told = _labels(one["rest"], labels)
            if len(told) == 1:
                yield one, labels.count(told[0]) >= share * len(labels)


def _labels(text: str, labels: tuple[str, ...]) -> list[str]:
    """The labels that a text names, in its order."""
    there = [(text.lower().find(label.lower()), label) for label in set(labels)]
    there += [
        (start, label)
        for what, start, _ in named(text)
        for label in set(labels)
        if any(is_same(what, other, label) for other, _, _ in named(label))
    ]
    return list(dict.fromkeys(label for at, label in sorted(there) if at >= 0))
