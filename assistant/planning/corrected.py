"""A question without what it takes back: “brain window, no wait, liver window” asks for the liver window.

What comes after the words that take back stands in the place of what it corrects, where both are things of
one sort; else it is the question, if it asks for something by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.planning.words import intent_of
from tools.language.glosses import heard_as
from tools.language.rules import heard
from tools.language.terms import mentions

_TAKEN_BACK, _IDLE = heard("corrections", "taken_back"), heard("corrections", "idle")
_THINGS = (
    *(heard("corrections", one) for one in ("window", "slice", "image", "kind", "side", "number")),
    heard("measures", "number"),
)
_NOT_MEANT, _MEANT = heard("corrections", "window_not_meant"), heard("corrections", "window_meant")
# Ours: in words, what is longer tells a story.
_LONGEST = 40
_MARKS = " ,;:.–—-"

Span = tuple[int, int]


def corrected(question: str, language: str) -> str:
    """The question as it is meant in the end.

    Args:
        question: the user's words.
        language: what they are in, a folder of ``prompts/sayings``.
    """
    found = [*_TAKEN_BACK.finditer(question)]
    if not found or len(question.split()) > _LONGEST:
        return question
    before, after = question[: found[-1].start()].rstrip(_MARKS), question[found[-1].end() :].lstrip(_MARKS)
    if not re.search(r"\w", before) or not re.search(r"\w", after):
        return question
    before = corrected(before, language)
    for (start, end), said in in_its_place(before, after):
        return before[:start] + said + before[end:] + "?" * after.endswith("?")
    return after if intent_of(heard_as(after, language))[0] != "unclear" else question


def without_denied(question: str) -> str:
    """A question in English words without the window of CT that is not meant beside the one that is."""
    left = _NOT_MEANT.sub(" ", question).strip(_MARKS)
    meant = _MEANT.search(left) if left != question else None
    return f"{left[: meant.start()]}{meant['ct']} window{left[meant.end() :]}" if meant else question


def in_its_place(before: str, after: str) -> Iterator[tuple[Span, str]]:
    """Where a thing lies that is taken back, and that of its sort which comes after it and alone."""
    for thing in _THINGS:
        named, there = thing.search(after), [*thing.finditer(before)]
        if named and there and _is_all(after, named.span()):
            yield there[-1].span(), named[0]
    new, old = [*mentions(after)], [*mentions(before)]
    if new and old and _is_all(after, (new[0].start, new[-1].end)):
        first = old[0] if len(new) > 1 else old[-1]
        yield (first.start, old[-1].end), after[new[0].start : new[-1].end]


def _is_all(text: str, span: Span) -> bool:
    """Whether a text holds nothing that asks for anything besides what lies there."""
    rest = f"{text[: span[0]]} {text[span[1] :]}"
    return not re.search(r"\w", _IDLE.sub(" ", rest))
