"""What a file's header may be asked for: a topic, and those of ``prompts/language/file_topics.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.language.lists import Patterns, Words, read


@dataclass(frozen=True)
class Topic:
    """One thing a header may state.

    Attributes:
        name: what it is called when it is not stated.
        asks: words that ask for it.
        facts: names of the facts that answer, all that are there.
        notes: a pattern of the sentences on how the file was read that belong to the answer.
        lead: what is said before the facts.
        none: what is said where nothing is stated, ``{image}`` being its id; ``""`` for the usual sentence.
        readable: whether a reading model may see it in the picture, and is asked where one is set up.
    """

    name: str
    asks: re.Pattern[str]
    facts: tuple[str, ...]
    notes: str = ""
    lead: str = ""
    none: str = ""
    readable: bool = False


class _Topic(Words):
    name: str
    facts: tuple[str, ...]
    asks: Patterns
    notes: str = ""
    lead: str = ""
    none: str = ""
    readable: bool = False


class _Topics(Words):
    topic: tuple[_Topic, ...]


# “What is gadolinium?” asks for a meaning, “what is the kernel?” for that of a file.
_NO_MEANING = (
    r"^(?!\W*(?:what(?:'s| is| are| does)|define|explain) (?!(?:the|its|this|that|these|it)\b)[\w -]+\W*$)"
)

TOPICS = tuple(
    Topic(
        one.name,
        re.compile(rf"{_NO_MEANING}.*(?:{'|'.join(one.asks)})", re.I),
        one.facts,
        one.notes,
        one.lead,
        one.none,
        one.readable,
    )
    for one in read(_Topics, "file_topics").topic
)
