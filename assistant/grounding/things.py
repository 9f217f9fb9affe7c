"""Whether there are so many of a thing as an answer says, by what the readers and the look-alikes say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answers.answer import Ungrounded
from assistant.grounding.facts import Facts, Said
from tools.language.content import singular
from tools.language.evidence import EVIDENCE
from tools.language.number_words import number_of, places, word_numbers
from tools.language.rules import heard
from tools.language.sentences import Sentence

_FEW = "|".join(word for word, n in word_numbers().items() if 1 < n <= 10)
_MANY = re.compile(
    rf"(?<![\w.-])(?P<count>{_FEW}|[2-9]) (?:(?P<how>[a-z-]+) )??(?P<what>[a-z]{{3,}}s)\b", re.I
)
_LABELLED = re.compile(rf"(?<![\w.-])(?P<count>{_FEW}|[2-9]) (?:{'|'.join(EVIDENCE.counted_by)}) $", re.I)
_NUMBER = re.compile(rf"\b(?:{_FEW}|{'|'.join(EVIDENCE.numbered)}|\d+)\b", re.I)
# "The second and third ribs", "the third to fifth ribs".
_ORDINAL = re.compile(rf"\b(?:{'|'.join(places())})\b", re.I)
_UP_TO = heard("checking", "up_to")
_TWO, _PAIR = frozenset(EVIDENCE.numbered) - {"one"}, 2
_REASON = "No tool, file header or reader of this chat gave this count."


def wrong_things(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Counts of things that a reader named in another number, and of look-alikes by their label.

    Args:
        sentence: a sentence of an answer.
        facts: the evidence of the chat.
    """
    if sentence.text.rstrip().endswith("?"):
        return
    for found in _MANY.finditer(sentence.text):
        told = [_lines_with(singular(found["what"]), one.text) for one in _readers(sentence, facts)]
        lines = [line for those in told for line in those]
        count, noun = number_of(found["count"]), singular(found["what"])
        if lines and not any(_counts(line, noun, count) for line in lines):
            yield _mark(sentence, *found.span())
    yield from _of_labels(sentence, facts)


def _readers(sentence: Sentence, facts: Facts) -> list[Said]:
    return [one for one in facts.said if one.who == "reader" and one.is_of(sentence.images)]


def _lines_with(noun: str, text: str) -> list[str]:
    return [line for line in re.split(r"[.;]", text) if re.search(rf"\b{re.escape(noun)}", line, re.I)]


def _counts(line: str, noun: str, count: int) -> bool:
    """Whether a line gives this number, names so many one by one, or several without a number."""
    named = [places()[one[0].lower()] for one in _ORDINAL.finditer(line)]
    if len(named) > 1 and re.search(rf"\b{re.escape(noun)}s\b", line, re.I):
        return count == (1 + max(named) - min(named) if _UP_TO.search(line) else len(named))
    told = [one[0].lower() for one in _NUMBER.finditer(line)]
    if not told and re.search(rf"\b{re.escape(noun)}s\b", line, re.I):
        return True
    pair = count == _PAIR and not _TWO.isdisjoint(told)
    numbers = {int(one) if one.isdigit() else word_numbers().get(one) for one in told}
    return pair or count in numbers or line.lower().count(noun) >= count


def _of_labels(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    ways = [labels for image, labels in facts.cases.items() if image in (sentence.images or facts.ids)]
    labels = [label.lower() for label in ways[0]] if len(ways) == 1 else []
    for label in set(labels):
        for found in re.finditer(rf"\b{re.escape(label)}", sentence.text, re.I):
            count = _LABELLED.search(sentence.text[: found.start()])
            if count and number_of(count["count"]) != labels.count(label):
                yield _mark(sentence, count.start(), found.end())


def _mark(sentence: Sentence, start: int, end: int) -> Ungrounded:
    return Ungrounded(
        sentence.text[start:end], sentence.start + start, sentence.start + end, "count", _REASON
    )
