"""The numbers and counts of a text, each with the sentence that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tools.language.numbers import Number, numbers
from tools.language.rules import heard
from tools.language.sentences import Sentence, sentences
from tools.language.standing import Standing

_CLAUSE_END = heard("checking", "claim_ends")
_LISTED = re.compile(r"(?m)^\s*\d+[.)]\s")


@dataclass(frozen=True)
class Claim:
    """One number that a text says, and where."""

    what: Number
    start: int
    end: int
    sentence: Sentence

    @cached_property
    def standing(self) -> Standing:
        """Whether it is stated, denied or left open."""
        return self.sentence.standing(self.start - self.sentence.start, self.end - self.sentence.start)

    @cached_property
    def clause(self) -> str:
        """The part of its sentence between marks and words of contrast that it stands in."""
        text, start = self.sentence.text, self.start - self.sentence.start
        since = max((one.end() for one in _CLAUSE_END.finditer(text, 0, start)), default=0)
        found = _CLAUSE_END.search(text, self.end - self.sentence.start)
        return text[since : found.start() if found else len(text)]


def by_sentence(text: str) -> Iterator[tuple[Sentence, list[Claim]]]:
    """Every sentence of a text with its numbers; often it has none."""
    spaced = _LISTED.sub(lambda found: " " * len(found[0]), text)
    for sentence in sentences(spaced):
        at = sentence.start
        yield sentence, [Claim(what, at + a, at + b, sentence) for what, a, b in _numbers(sentence.text)]


@lru_cache(maxsize=1024)
def _numbers(text: str) -> tuple[tuple[Number, int, int], ...]:
    """The numbers of one sentence; kept, since the evidence of a chat is read at every turn."""
    return tuple(numbers(text))
