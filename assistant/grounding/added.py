"""What an answer adds to a finding that nobody said of it: a cause, that it is so of all, what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answers.answer import Ungrounded
from assistant.grounding.carried import State
from assistant.grounding.units import OPEN, Unit
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.sentences import Sentence
from tools.language.textbook import is_general

_CAUSE, _CAUSED, _NO_CAUSE = map(whole, (EVIDENCE.causes, EVIDENCE.caused, EVIDENCE.no_cause))
_REASON = "No evidence of this chat gives this cause."
_END = re.compile(r"[.;:()—]|, (?!or\b)|\b(?:and|but|while|whereas|though|according to|says|states)\b", re.I)
_NONE_SAYS = "No evidence of this chat says this."
_CLAUSE, _EVERY = whole(EVIDENCE.relative), whole(EVIDENCE.every_of)
_OPEN = whole(EVIDENCE.left_open)
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
            yield Ungrounded(
                text[start:last], sentence.start + start, sentence.start + last, "label", _REASON
            )


def added_clauses(sentence: Sentence, told: Told) -> Iterator[Ungrounded]:
    """Relative clauses of a finding of which no evidence says a word, and what is said of all of a kind.

    Args:
        sentence: a sentence of an answer.
        told: what it says, with how the evidence carries each.
    """
    text = sentence.text
    here = any(state == "here" and one.group in ("finding", "well") for one, state in told)
    if text.rstrip().endswith("?") or is_general(text) or not here:
        return
    for found in (*_CLAUSE.finditer(text), *_EVERY.finditer(text)):
        until = _END.search(text, found.end())
        last = until.start() if until and _CLAUSE.fullmatch(found[0]) else found.end()
        last = last if until or _EVERY.fullmatch(found[0]) else len(text)
        inside = [(one, state) for one, state in told if found.start() <= one.start < last]
        inside = [(one, state) for one, state in inside if one.group in OPEN and not one.gloss]
        unsaid = [state == "new" and one.stands == "stated" for one, state in inside]
        if unsaid and all(unsaid) and not _OPEN.search(text[found.start() : last]):
            start = found.start()
            yield Ungrounded(
                text[start:last], sentence.start + start, sentence.start + last, "label", _NONE_SAYS
            )
