"""Which tool calls each sentence of an answer rests on, as far as its words show that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.language.sayings import retell
from tools.language.sentences import sentences

if TYPE_CHECKING:
    from assistant.answers.answer import Answer, Evidence

_WORD = re.compile(r"\w+")
_IMAGE = re.compile(r"\bimg-\d+\b")
# With its decimals, in English and where a comma stands for the point.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_DECIMALS, _PART = re.compile(r"^\d+[.,]?"), re.compile(r"[,;:]\s")


@dataclass(frozen=True)
class Statement:
    """One sentence of an answer.

    Attributes:
        text: the sentence.
        rests_on: which of the answer's evidence, numbered from 1, says the same words, or all numbers of the
            sentence or of its part about one image. With none it may be one of Casebook's own sentences.
    """

    text: str
    rests_on: tuple[int, ...]


def statements(answer: Answer) -> list[Statement]:
    """The sentences of an answer with what they rest on."""
    told = [_Told(one, answer.language) for one in answer.evidence]
    found = []
    for one in sentences(answer.text):
        rests_on = tuple(n for n, by in enumerate(told, 1) if by.says(one.text, one.images))
        found.append(Statement(one.text.strip(), rests_on))
    return found


class _Told:
    """What one piece of evidence says, in words and in numbers."""

    def __init__(self, one: Evidence, language: str) -> None:
        content = retell(one.content, language)
        self._image_id = one.image_id
        self._words = f" {_words(content)} "
        self._numbers = set(_numbers(content))
        self._values = list(_values(one.records))

    def says(self, text: str, images: Sequence[str]) -> bool:
        """Whether it says a sentence that names these images, or the part of it that names its own."""
        if self._image_id and images and self._image_id not in images:
            return False
        words = _words(text)
        if words and f" {words} " in self._words:
            return True
        parts = [part for part in _PART.split(text) if self._image_id in _IMAGE.findall(part)]
        return any(map(self._counts, [text, *parts]))

    def _counts(self, text: str) -> bool:
        numbers = _numbers(text)
        return bool(numbers) and all(one in self._numbers or self._measured(one) for one in numbers)

    def _measured(self, number: str) -> bool:
        """Whether a value of its records is this number as it was rounded for the text."""
        value, decimals = float(number.replace(",", ".")), len(_DECIMALS.sub("", number))
        return any(round(one, decimals) == value for one in self._values if decimals or value == one)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(_IMAGE.sub("", text).lower()))


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(_IMAGE.sub("", text))


def _values(held: Any) -> Iterator[float]:
    """All numbers in records."""
    if isinstance(held, Mapping):
        yield from _values(list(held.values()))
    elif isinstance(held, list | tuple):
        for one in held:
            yield from _values(one)
    elif isinstance(held, int | float) and not isinstance(held, bool):
        yield abs(held)
