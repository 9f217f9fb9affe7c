"""What Casebook says in many languages, also those that it does not answer in: ``replies.toml``."""

from __future__ import annotations

from functools import cache

from tools.language.lists import Words, read


class Reply(Words):
    """Fixed sentences in one language.

    Attributes:
        name: of the language, in itself.
        body: where to turn when a life is in danger.
        harm: where to turn when somebody may be harmed by themselves or by others.
        limits: what Casebook is.
        language: which languages it understands.
    """

    name: str
    body: str
    harm: str
    limits: str
    language: str


class _Replies(Words):
    languages: dict[str, Reply]


def reply(language: str) -> Reply:
    """The sentences in a language; in English where there are none.

    Args:
        language: ISO 639-1 code.
    """
    known = _replies().languages
    return known.get(language, known["en"])


def alarm_in(text: str) -> str:
    """The notice of an emergency that an answer begins with, in any language; empty if it is no alarm."""
    for said in _replies().languages.values():
        for notice in (f"{said.body} {said.limits}", f"{said.harm} {said.limits}"):
            if text.startswith(notice):
                return notice
    return ""


@cache
def _replies() -> _Replies:
    return read(_Replies, "replies")
