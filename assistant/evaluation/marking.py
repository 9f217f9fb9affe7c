"""What an answer comes to, and whether that is right.

An agent's answer holds more than the answer to the question: who says it, what else was found, what must
be known. What it quotes of a reading model is read as an answer in full; of its own words beside a quotation
only a stated yes, no or option counts. Where both are there and differ, nothing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.questions import Question
from tools.language.options import normalise, parse_option
from tools.language.yes_no import parse_yes_no

_CANNOT = re.compile(
    r"\b(?:cannot|can't|can not|could not|unable to|impossible to|not possible to|not able to)\s+"
    r"(?:\w+\s+){0,2}?(?:tell|say|determined?|decided?|answer(?:ed)?|judged?|assess(?:ed)?)\b|"
    r"\bi (?:do not|don't) know\b|\bgives no answer\b|\b(?:not enough|insufficient) information\b",
    re.I,
)


@dataclass(frozen=True)
class Said:
    """The words to be understood.

    Attributes:
        quotes: what reading models said.
        own: everything else.
    """

    quotes: tuple[str, ...]
    own: str


@dataclass(frozen=True)
class Mark:
    """What an answer comes to.

    Attributes:
        given: a letter, yes, no, or the words as they are compared; None where rules cannot tell.
        right: whether that is the right answer.
        contained: for short answers, whether the right words are somewhere in the answer; else None.
        abstained: it was said that the question cannot be answered, and nothing else was.
    """

    given: str | None
    right: bool
    contained: bool | None
    abstained: bool


def said_in(text: str, evidence: Sequence[Mapping[str, Any]]) -> Said:
    """What an answer quotes of reading models, and the rest of its text.

    Args:
        text: of the answer.
        evidence: what the tools said, see ``assistant.evaluation.strict``.
    """
    own, quotes = text, []
    for one in evidence:
        quoted = [read for read in one["read"] if f"“{read}”" in own]
        quotes += quoted
        if quoted:
            # The tool's own words come with the quotation; a model's own are what is left.
            own = own.replace(one["content"], " ")
            for read in quoted:
                own = own.replace(f"“{read}”", " ")
    return Said(tuple(dict.fromkeys(quotes)), own.strip())


def mark(question: Question, said: Said) -> Mark:
    """Understand the words and compare them with the right answer."""
    # Where a reader is quoted, it is the reader who answers or does not.
    words = " ".join(said.quotes or (said.own,))
    abstained = bool(_CANNOT.search(words.replace("’", "'")))
    if question.kind == "short":
        return _mark_short(question.answer, said, abstained)
    if said.quotes:
        found = {understood(question, quote) for quote in said.quotes} - {None}
        found |= {understood(question, said.own, stated_only=True)} - {None}
    else:
        found = {understood(question, said.own)} - {None}
    given = found.pop() if len(found) == 1 else None
    return Mark(given, given == question.answer, None, abstained and given is None)


def understood(question: Question, words: str, *, stated_only: bool = False) -> str | None:
    """The letter, yes or no that words come to; None where rules cannot tell.

    Args:
        question: a closed one.
        words: an answer, or what a tool said.
        stated_only: take stated answers alone, not what other sentences come to.
    """
    if question.kind == "choice":
        return parse_option(words, question.choices, stated_only=stated_only)
    return parse_yes_no(words, question.question, stated_only=stated_only)


def _mark_short(answer: str, said: Said, abstained: bool) -> Mark:
    wanted = normalise(answer)
    found = {normalise(words) for words in said.quotes or (said.own,)}
    given = found.pop() if len(found) == 1 else None
    contained = any(f" {wanted} " in f" {normalise(words)} " for words in (*said.quotes, said.own))
    right = bool(wanted) and given == wanted
    return Mark(given or None, right, contained, abstained and not right)
