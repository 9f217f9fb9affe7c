"""How a quiz on the teaching cards stands, read from Casebook's own answers, so that nothing else is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.planning.conversation import Conversation, PastTurn
from tools.language.sayings import FIRST, anyhow, languages, sayings, was_said

# Ours: answers that are read once; turns after which a quiz that was left is no more what is talked of.
_READ, _LATELY = 256, 3
_STANDS = ("question", "after", "over")
# Answers of a quiz that leave it as it stood.
_TOLD = ("score", "which", "why_not", "was_right", "asked_last", "hint_two", "hint_line", "which_subject")


@dataclass(frozen=True)
class Standing:
    """How a quiz stands by an answer of Casebook's: `open` while a question waits, `over` after the last."""

    number: int
    count: int
    right: int
    answered: int
    line: str = ""
    options: tuple[str, ...] = ()
    over: bool = False
    language: str = FIRST

    @property
    def open(self) -> bool:
        """Whether a question waits for its answer."""
        return bool(self.options) and not self.over


def standing(talk: Conversation) -> Standing | None:
    """How the last quiz on cards of a chat stands; None without one."""
    return next(filter(None, (read(turn.text) for turn in reversed(talk.past))), None)


def asked_last(talk: Conversation) -> Standing | None:
    """The last question of a quiz on cards, whether it is open or not; None without one."""
    found = (read(turn.text) for turn in reversed(talk.past))
    return next((one for one in found if one and one.options), None)


def given_last(talk: Conversation) -> str:
    """The option that was last taken for the answer to the last question; empty where none was."""
    for turn in reversed(talk.past):
        for pattern, field in _verdicts():
            if found := pattern.search(turn.text):
                return found[field]
        if (now := read(turn.text)) and now.options:
            return ""
    return ""


def is_in_quiz_on_cards(text: str) -> bool:
    """Whether an answer of Casebook's is one of a quiz on cards."""
    return read(text) is not None or any(was_said(f"quiz.{name}", text) for name in _TOLD)


def is_talked_of(talk: Conversation) -> bool:
    """Whether the last answer was one of the quiz, or told that its question is still open."""
    return bool(talk.past) and _speaks_of_it(talk.past[-1])


def was_lately(talk: Conversation) -> bool:
    """Whether one of the last few answers was one of the quiz."""
    return any(_speaks_of_it(turn) for turn in talk.past[-_LATELY:])


def _speaks_of_it(turn: PastTurn) -> bool:
    return is_in_quiz_on_cards(turn.text) or was_said("quiz.still_open", turn.text)


@cache
def _patterns() -> Sequence[tuple[str, str, re.Pattern[str]]]:
    return [
        (name, one, re.compile(f"{anyhow(sayings(one).texts[f'quiz.{name}'])}(?=\\Z|\\n)", re.S))
        for name in _STANDS
        for one in languages()
    ]


@cache
def _verdicts() -> Sequence[tuple[re.Pattern[str], str]]:
    """What tells which option was taken for the answer, and the field that holds it."""
    return [
        (re.compile(anyhow(sayings(one).texts[f"quiz.{name}"])), field)
        for name, field in (("wrong", "given"), ("right", "title"))
        for one in languages()
    ]


@lru_cache(maxsize=_READ)
def read(text: str) -> Standing | None:
    """How a quiz stands by an answer of Casebook's; None where it is none of a quiz."""
    for name, language, pattern in _patterns():
        if not (found := pattern.search(text)):
            continue
        held = found.groupdict()
        offered = tuple(re.findall(r"^- [A-D]\) (.+)$", held.get("options", ""), re.M))
        numbers = {one: int(held.get(one) or 0) for one in ("number", "count", "right", "answered")}
        line = held.get("line", "")
        return Standing(**numbers, line=line, options=offered, over=name == "over", language=language)
    return None
