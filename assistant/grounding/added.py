"""What an answer adds to a finding that nobody said of it: a cause, that it is so of all, what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answers.answer import Ungrounded
from assistant.grounding.carried import State
from assistant.grounding.facts import Facts
from assistant.grounding.units import OPEN, Unit
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.rules import heard
from tools.language.sentences import Sentence
from tools.language.textbook import is_general

_CAUSE, _CAUSED, _NO_CAUSE = map(whole, (EVIDENCE.causes, EVIDENCE.caused, EVIDENCE.no_cause))
_CLAUSE = whole(EVIDENCE.relative)
_BROUGHT, _ADVISED, _ADVICE = map(whole, (EVIDENCE.brought, EVIDENCE.advised, EVIDENCE.advice))
_REASON = "No evidence of this chat gives this cause."
_END = heard("checking", "cause_ends")
_NONE_SAYS = "No evidence of this chat says this."
_NAMED = frozenset({"finding", "term", "word", "well"})
Told = Sequence[tuple[Unit, State]]


def added_causes(sentence: Sentence, told: Told) -> Iterator[Ungrounded]:
    """The causes in a sentence of which no evidence says a word.

    Args:
        sentence: a sentence of an answer.
        told: what it says, with how the evidence carries each.
    """
    text = sentence.text
    if text.rstrip().endswith("?") or is_general(text) or _NO_CAUSE.search(text):
        return
    for found in (*_CAUSE.finditer(text), *_CAUSED.finditer(text)):
        start, end = found.span()
        until = _END.search(text, end)
        last = end if _CAUSED.fullmatch(found[0]) else until.start() if until else len(text)
        behind = [(one, state) for one, state in told if start <= one.start < last and one.group in _NAMED]
        behind = [(one, state) for one, state in behind if one.stands == "stated" and not one.gloss]
        unsaid = [state in ("new", "asked", "other") for one, state in behind if one.group in OPEN]
        if unsaid and unsaid[-1]:
            yield _mark(sentence, start, last, _REASON)
    for found in _BROUGHT.finditer(text):
        start = max((one.end() for one in _END.finditer(text, 0, found.start())), default=0)
        until = _END.search(text, found.end())
        last = until.start() if until else len(text)
        if any(
            state in ("new", "asked") and one.stands == "stated" and start <= one.start < last
            for one, state in told
            if one.group in OPEN or one.group == "history"
        ):
            yield _mark(sentence, start, last, _REASON)


def added_advice(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """What a sentence has a reader advise, where no reader of this chat advises anything."""
    text = sentence.text
    if text.rstrip().endswith("?") or any(
        _ADVICE.search(one.text) for one in facts.said if one.who == "reader"
    ):
        return
    for found in _ADVISED.finditer(text):
        if sentence.standing(*found.span()) == "stated":
            until = _END.search(text, found.end())
            yield _mark(sentence, found.start(), until.start() if until else len(text), _NONE_SAYS)


def added_clauses(sentence: Sentence, told: Told) -> Iterator[Ungrounded]:
    """Relative clauses of a finding of which no evidence says a word.

    Args:
        sentence: a sentence of an answer.
        told: what it says, with how the evidence carries each.
    """
    text = sentence.text
    here = any(state == "here" and one.group in ("finding", "well") for one, state in told)
    if text.rstrip().endswith("?") or is_general(text) or not here:
        return
    for found in _CLAUSE.finditer(text):
        until = _END.search(text, found.end())
        last = until.start() if until else len(text)
        inside = [
            state == "new" and one.stands == "stated"
            for one, state in told
            if found.start() <= one.start < last and one.group in OPEN and not one.gloss
        ]
        if inside and all(inside):
            yield _mark(sentence, found.start(), last, _NONE_SAYS)


def _mark(sentence: Sentence, start: int, end: int, reason: str) -> Ungrounded:
    at = sentence.start
    return Ungrounded(sentence.text[start:end], at + start, at + end, "label", reason)
