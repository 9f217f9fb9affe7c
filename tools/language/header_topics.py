"""Which facts of a file's header a question asks for; a topic whose facts are not there is not stated."""

from __future__ import annotations

from functools import cache

from tools.language.lists import Heard, Words, read
from tools.language.rules import heard


class Topic(Words):
    """One thing a header may state.

    Attributes:
        name: what it is called when it is not stated.
        facts: names of the facts of ``tools.files`` that answer, all that are there.
        notes: a pattern of the sentences on how the file was read that belong to the answer.
    """

    name: str
    facts: tuple[str, ...]
    notes: str = ""


class _Header(Words):
    topics: dict[str, Topic]


@cache
def topics() -> dict[str, Topic]:
    """Every topic, by the name of the rules that hear it."""
    return read(_Header, "header").topics


def topics_in(clause: str) -> list[Topic]:
    """What a clause asks for; the first topic alone where one is asked in words that fit others too."""
    return [topic for name, topic in topics().items() if _asks(name).search(clause)][:1]


@cache
def _asks(name: str) -> Heard:
    return heard("header", name)
