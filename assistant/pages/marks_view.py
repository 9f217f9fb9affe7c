"""Marks in an answer what is not found in the evidence: in words beside it, and with the reason below."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from assistant.answers.answer import Ungrounded
from assistant.pages.words import plain, prose, said

# Words, not colour alone: they are read aloud, and seen by everybody; few, so that a sentence stays one on a
# phone. The joiner keeps a bracket that may follow from making a link of them.
_BESIDE = " :orange-badge[{mark}]\u2060"


def marked_prose(text: str, marks: Sequence[Ungrounded]) -> str:
    """An answer's text as Markdown; beside everything that is marked stands its number in the list below."""
    parts, at, numbers = [], 0, _numbers(marks)
    for mark in sorted(marks, key=lambda mark: mark.start):
        end = _outside_code(text, mark.end)
        if mark.text and mark.start >= at and text[mark.start : mark.end] == mark.text:
            parts += [
                prose(text[at:end]),
                _BESIDE.format(mark=said("shown.mark", number=numbers[mark.text, mark.reason])),
            ]
            at = end
    return "".join([*parts, prose(text[at:])])


def draw_marks(marks: Sequence[Ungrounded]) -> None:
    """The marks as a numbered list with their reasons; the same words for the same reason once."""
    lines = [f"{n}. “{plain(text)}”: {plain(reason)}" for (text, reason), n in _numbers(marks).items()]
    st.warning("\n".join([said("shown.marks"), "", *lines]), icon=":material/rule:")


def _numbers(marks: Sequence[Ungrounded]) -> dict[tuple[str, str], int]:
    """Numbers from 1 in the order of the text."""
    ordered = sorted(marks, key=lambda mark: mark.start)
    return {what: n for n, what in enumerate(dict.fromkeys((m.text, m.reason) for m in ordered), 1)}


def _outside_code(text: str, end: int) -> int:
    """Where words can stand after `end`: not within code, nor in the middle of a word."""
    line = text.rfind("\n", 0, end) + 1
    if text.count("`", line, end) % 2:
        closing = text.find("`", end)
        end = closing + 1 if closing >= 0 else end
    found = re.compile(r"[\w*_]*").match(text, end)
    return found.end() if found else end
