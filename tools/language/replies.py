"""What Casebook says in many languages, also those that it does not answer in: ``replies.toml``."""

from __future__ import annotations

from functools import cache, lru_cache

from tools.language.lists import Words, read


class Reply(Words):
    """Fixed sentences in one language.

    Attributes:
        name: of the language, in itself.
        body: where to turn when a life is in danger.
        harm: where to turn when somebody may be harmed by themselves or by others.
        body_again, harm_again: a line of the same where it stands in the chat already; empty where nothing
            else is answered in the language.
        limits: what Casebook is.
        language: which languages it understands.
    """

    name: str
    body: str
    harm: str
    limits: str
    language: str
    body_again: str = ""
    harm_again: str = ""


class _Replies(Words):
    languages: dict[str, Reply]


def reply(language: str) -> Reply:
    """The sentences in a language; in English where there are none.

    Args:
        language: ISO 639-1 code.
    """
    known = _replies().languages
    return known.get(language, known["en"])


@lru_cache(maxsize=256)  # the answers before are looked at again with every question
def alarm_in(text: str) -> str:
    """The notice of an emergency that an answer begins with, in any language; empty if it is no alarm."""
    for said in _replies().languages.values():
        whole = (f"{said.body} {said.limits}", f"{said.harm} {said.limits}")
        for notice in (*whole, said.body_again, said.harm_again):
            if notice and text.startswith(notice):
                return notice
    return ""


@cache
def _replies() -> _Replies:
    return read(_Replies, "replies")
