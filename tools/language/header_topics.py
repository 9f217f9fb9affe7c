"""Which facts of a file's header a question asks for; a topic whose facts are not there is not stated."""

from __future__ import annotations

from functools import cache

from tools.language.lists import Heard, Patterns, Words, read
from tools.language.rules import heard, written


class Topic(Words):
    """One thing a header may state.

    Attributes:
        name: what it is called when it is not stated.
        facts: names of the facts of ``tools.files`` that answer, all that are there.
        notes: a pattern of the sentences on how the file was read that belong to the answer.
        lead: what is said before the facts.
        none: what is said where nothing is stated, ``{image}`` being its id; empty for the usual sentence.
        beside: facts near to it, told after it is said that it is not stated; it is not worked out from them.
        readable: whether a reading model may see it in the picture, and is asked where one is set up.
    """

    name: str
    facts: tuple[str, ...]
    notes: str = ""
    lead: str = ""
    none: str = ""
    beside: tuple[str, ...] = ()
    readable: bool = False


class _Asked(Topic):
    asks: Patterns


class _Header(Words):
    topics: dict[str, Topic]


class _Technique(Words):
    no_meaning: str
    topic: tuple[_Asked, ...]


@cache
def topics() -> dict[str, Topic]:
    """Every topic that has rules of its own, by the name of those that hear it."""
    return read(_Header, "header").topics


@cache
def techniques() -> tuple[tuple[Topic, str], ...]:
    """What is asked of how a picture was acquired, stored and shown, with the pattern that hears it."""
    held = read(_Technique, "file_topics")
    return tuple((one, f"{held.no_meaning}.*(?:{'|'.join(one.asks)})") for one in held.topic)


@cache
def header_asked() -> Heard:
    """What hears any question of a header."""
    held = read(_Technique, "file_topics")
    asks = "|".join(pattern for topic in held.topic for pattern in topic.asks)
    patterns = [f"{held.no_meaning}.*(?:{asks})", *written("header")["header"]]
    return Heard(lambda: "|".join(f"(?:{one})" for one in patterns), "the header")


def topics_in(clause: str) -> list[Topic]:
    """What a clause asks for; the first topic alone where one is asked in words that fit others too."""
    return [topic for topic, ear in _ears() if ear.search(clause)][:1]


@cache
def _ears() -> tuple[tuple[Topic, Heard], ...]:
    return (
        *((topic, _alone(pattern)) for topic, pattern in techniques()),
        *((topic, heard("header", name)) for name, topic in topics().items()),
    )


def _alone(pattern: str) -> Heard:
    return Heard(lambda: pattern, "file_topics.toml")
