"""What each sentence of an answer rests on, tool calls and their records, as far as its words show that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tools.language.retold import retell
from tools.language.sentences import sentences

_WORD = re.compile(r"\w+")
_IMAGE = re.compile(r"\bimg-\d+\b")
# With its decimals, in English and where a comma stands for the point.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
# What a record of a finding, a measurement, a fact or a picture's kind is called by.
_NAMES = ("label", "name", "text", "modality", "body_part")
_DECIMALS, _PART = re.compile(r"^\d+[.,]?"), re.compile(r"[,;:]\s")


class Said(Protocol):
    """What one tool said: a piece of an answer's evidence."""

    @property
    def content(self) -> str:
        """In words."""

    @property
    def image_id(self) -> str:
        """Of which image; empty if of none."""

    @property
    def records(self) -> Sequence[Mapping[str, Any]]:
        """As dumped records."""


@dataclass(frozen=True)
class Statement:
    """One sentence of an answer.

    Attributes:
        text: the sentence.
        rests_on: which of the answer's evidence, numbered from 1, says the same words, or all numbers of the
            sentence or of its part about one image. With none it may be one of Casebook's own sentences.
        records: which records of that evidence hold a number of the sentence, or a label, name or text that
            stands in it: the evidence's number and the record's, both from 1.
    """

    text: str
    rests_on: tuple[int, ...]
    records: tuple[tuple[int, int], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        rests_on, records = list(self.rests_on), [list(pair) for pair in self.records]
        return {"text": self.text, "rests_on": rests_on, "records": records}


def statements(text: str, evidence: Sequence[Said], language: str) -> list[Statement]:
    """The sentences of an answer's text with what they rest on.

    Args:
        text: of the answer.
        evidence: of the answer.
        language: of the answer.
    """
    told = [_Told(one, language) for one in evidence]
    found = []
    for one in sentences(text):
        rests_on = tuple(n for n, by in enumerate(told, 1) if by.says(one.text, one.images))
        records = tuple((n, m) for n in rests_on for m in told[n - 1].records_in(one.text))
        found.append(Statement(one.text.strip(), rests_on, records))
    return found


class _Told:
    """What one piece of evidence says, in words and in numbers."""

    def __init__(self, one: Said, language: str) -> None:
        content = retell(one.content, language)
        self._image_id = one.image_id
        self._words = f" {_words(content)} "
        self._numbers = set(_numbers(content))
        self._records = one.records
        self._values = list(_values([record for record in one.records if _tells(record)]))

    def says(self, text: str, images: Sequence[str]) -> bool:
        """Whether it says a sentence that names these images, or the part of it that names its own."""
        if self._image_id and images and self._image_id not in images:
            return False
        words = _words(text)
        if words and f" {words} " in self._words:
            return True
        parts = [part for part in _PART.split(text) if self._image_id in _IMAGE.findall(part)]
        return any(map(self._counts, [text, *parts]))

    def records_in(self, text: str) -> Iterator[int]:
        """The numbers, from 1, of its records that hold a number or the words of a sentence."""
        words, numbers = f" {_words(text)} ", _numbers(text)
        for n, record in enumerate(self._records, 1):
            names = (_words(str(record.get(key) or "")) for key in _NAMES)
            values = list(_values(record)) if _tells(record) else []
            if any(name and f" {name} " in words for name in names) or any(
                _rounded(number, values) for number in numbers
            ):
                yield n

    def _counts(self, text: str) -> bool:
        numbers = _numbers(text)
        return bool(numbers) and all(one in self._numbers or _rounded(one, self._values) for one in numbers)


def _rounded(number: str, values: Sequence[float]) -> bool:
    """Whether one of the values is this number as it was rounded for the text."""
    value, decimals = float(number.replace(",", ".")), len(_DECIMALS.sub("", number))
    return any(round(one, decimals) == value for one in values if decimals or value == one)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(_IMAGE.sub("", text).lower()))


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(_IMAGE.sub("", text))


def _tells(record: Mapping[str, Any]) -> bool:
    """Whether a record's numbers are told to anybody: an outline's are for drawing."""
    return record.get("kind") != "outline"


def _values(held: Any) -> Iterator[float]:
    """All numbers in records."""
    if isinstance(held, Mapping):
        yield from _values(list(held.values()))
    elif isinstance(held, list | tuple):
        for one in held:
            yield from _values(one)
    elif isinstance(held, int | float) and not isinstance(held, bool):
        yield abs(held)
