"""Connected chats of ours, ``prompts/chats``: messages one after the other, and what each of them is about.

A message that is asked in general names the teaching cards that answer it, the best first; none where no card
does. Each file is by one writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from assistant.hearing.examples import Example
from prompts import CHATS
from store.errors import SetupError
from tools.language.lists import Words, read_file
from tools.language.teaching_cards import cards

Kind = Literal["general", "picture", "library", "chat", "casebook", "person", "talk"]
"""What a message is about: what a textbook answers, this picture or its file, the case library or the quiz,
the chat itself, Casebook, a person's health, or nothing that wants a tool."""


class Turn(Words):
    """One message; `cards` are the ids of those that answer it."""

    say: Annotated[str, Field(min_length=1)]
    kind: Kind
    cards: tuple[str, ...] = ()


class _Chat(Words):
    language: Literal["en", "de", "es"]
    turns: Annotated[tuple[Turn, ...], Field(min_length=1)]


class _File(Words):
    chats: tuple[_Chat, ...]


@dataclass(frozen=True)
class Chat:
    """The messages of one person, in order; `writer` is who made the person up."""

    writer: str
    language: str
    turns: tuple[Turn, ...]


def chats(folder: Path = CHATS) -> list[Chat]:
    """All chats, file by file.

    Args:
        folder: where the files are.

    Raises:
        SetupError: a file has other keys or kinds, or names a card that is not there, or one for a message
            that is not asked in general.
    """
    found = [
        Chat(path.stem, one.language, one.turns)
        for path in sorted(folder.glob("*.toml"))
        for one in read_file(_File, path).chats
    ]
    known = {card.id for card in cards()}
    for turn in (turn for chat in found for turn in chat.turns):
        strange = [one for one in turn.cards if one not in known or turn.kind != "general"]
        if strange:
            raise SetupError(f"{turn.say!r} names {', '.join(strange)}: no card that can answer it.")
    return found


def said_in(found: Sequence[Chat]) -> list[Example]:
    """Their messages as examples of what they are about, each text once."""
    told: dict[str, Example] = {}
    for chat in found:
        writer = chat.writer if chat.language == "en" else chat.language
        for turn in chat.turns:
            told.setdefault(turn.say.casefold(), Example(turn.kind, writer, turn.say))
    return [*told.values()]
