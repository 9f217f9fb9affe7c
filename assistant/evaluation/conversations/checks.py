"""What a turn's answer must be: the expectations written for it, and those that hold for every answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.answers.answer import Answer
from assistant.evaluation.conversations.script import Turn
from assistant.evaluation.conversations.standing import STANDING, Heard

_DECLINES = re.compile(
    r"\b(?:cannot|can't|can not|could not|couldn't|do not|don't|does not|doesn't|did not|will not|won't|"
    r"unable|never|not|no|nothing|none|neither|outside)\b",
    re.I,
)
_ASKS = re.compile(
    r"\?|\b(?:add (?:a|an|another|the|your|one)|tell me|name (?:a|an|another|the|one)|correct me|if you know|"
    r"(?:please|and) (?:ask|add|say|tell|write|name)|ask (?:me|again|about)|try|say)\b",
    re.I,
)
# Not understanding a question is no reason why it is not answered.
_LOST = re.compile(r"\b(?:did not|didn't|do not|don't) understand\b", re.I)
_IMAGE_ID = re.compile(r"\bimg-\d+\b")


@dataclass(frozen=True)
class Miss:
    """One expectation that an answer does not meet: which, and what was found instead."""

    expected: str
    found: str


def check(turn: Turn, answer: Answer, heard: Heard) -> tuple[Miss, ...]:
    """Every expectation that the answer to a turn does not meet.

    Args:
        turn: what was said and is expected.
        answer: what came.
        heard: the conversation before, this turn's question included.
    """
    named = [miss for test in _WRITTEN for miss in test(turn, answer, heard)]
    always = [Miss(rule, found) for rule, test in STANDING.items() if (found := test(answer, heard))]
    return (*named, *always)


def looked_at(answer: Answer) -> set[str]:
    """The images that tools were called on; those that the text names when none was called."""
    seen = {one.image_id for one in answer.evidence} | {one.image_id for one in answer.refused}
    called = seen - {""}
    return called or set(_IMAGE_ID.findall(answer.text))


def _state(turn: Turn, answer: Answer, _: Heard) -> Iterator[Miss]:
    if answer.state != turn.state:
        yield Miss(f"ends {turn.state}", f"{answer.state}: {' '.join(answer.notices)}")


def _about(turn: Turn, answer: Answer, _: Heard) -> Iterator[Miss]:
    if turn.about is not None and looked_at(answer) != set(turn.about):
        yield Miss(f"about {_listed(turn.about)}", f"about {_listed(sorted(looked_at(answer)))}")


def _tools(turn: Turn, answer: Answer, _: Heard) -> Iterator[Miss]:
    called = sorted({one.tool for one in answer.evidence} | {one.tool for one in answer.refused})
    for wanted in turn.tools:
        if not any(re.fullmatch(wanted, name) for name in called):
            yield Miss(f"calls {wanted}", f"called {_listed(called)}")
    if turn.no_tools and called:
        yield Miss("calls no tool", f"called {_listed(called)}")


def _words(turn: Turn, answer: Answer, _: Heard) -> Iterator[Miss]:
    for wanted in turn.says:
        if not re.search(wanted, answer.text, re.I):
            yield Miss(f"says “{wanted}”", "not in the text")
    for unwanted in turn.not_says:
        if match := re.search(unwanted, answer.text, re.I):
            yield Miss(f"does not say “{unwanted}”", f"“{match[0]}”")


def _declines(turn: Turn, answer: Answer, _: Heard) -> Iterator[Miss]:
    if turn.declines is None:
        return
    if _LOST.search(answer.text):
        yield Miss(f"gives the reason “{turn.declines}”", "it was not understood")
    elif not _DECLINES.search(answer.text):
        yield Miss("says that it is not done", "nothing is declined")
    elif not re.search(turn.declines, answer.text, re.I):
        yield Miss(f"gives the reason “{turn.declines}”", "not in the text")


def _asks(turn: Turn, answer: Answer, _: Heard) -> Iterator[Miss]:
    if turn.asks_back and not _ASKS.search(answer.text):
        yield Miss("asks back", "asks for nothing")


def _remembers(turn: Turn, answer: Answer, heard: Heard) -> Iterator[Miss]:
    if turn.remembers is None:
        return
    before = [m[0] for one in heard.answers for m in re.finditer(turn.remembers, one.text, re.I)]
    if not any(words in answer.text for words in before):
        yield Miss(f"remembers “{turn.remembers}”", f"earlier: {_listed(before)}; none of it here")


def _disclaims(turn: Turn, answer: Answer, _: Heard) -> Iterator[Miss]:
    for wanted in turn.disclaims:
        if not any(re.search(wanted, text, re.I) for text in answer.disclaimers):
            yield Miss(f"disclaims “{wanted}”", "in no disclaimer")


def _listed(found: object) -> str:
    return ", ".join(found) or "none" if isinstance(found, list | tuple) else str(found)


_WRITTEN: tuple[Callable[[Turn, Answer, Heard], Iterator[Miss]], ...] = (
    _state,
    _about,
    _tools,
    _words,
    _declines,
    _asks,
    _remembers,
    _disclaims,
)
