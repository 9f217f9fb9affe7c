"""A chat as PDF: each question with its pictures, each answer with evidence and safety texts."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.export.copies import ChatCopy, Exchange, Pictured
from assistant.export.sheet import Sheet
from assistant.export.words import answered, head


def as_pdf(copy: ChatCopy) -> bytes:
    """The file; what it must never be taken for stands at the foot of every page."""
    what, never = head(copy)
    sheet = Sheet(copy.title, copy.language, never)
    sheet.text(what, small=True)
    for one in copy.exchanges:
        _add(sheet, one, copy.language)
    return sheet.file()


def _add(sheet: Sheet, one: Exchange, language: str) -> None:
    sheet.heading(one.question)
    sheet.pictures(_pictures(one.attached))
    sheet.markdown(answered(one, one.answer.language if one.answer else language))
    sheet.pictures(_pictures(one.drawn))


def _pictures(pictures: Sequence[Pictured]) -> list[tuple[bytes, str]]:
    return [(one.data, f"{one.name} · {one.caption}") for one in pictures]
