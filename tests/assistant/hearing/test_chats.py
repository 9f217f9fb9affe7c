"""Connected chats are read whole, and a message names only cards that can answer it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.hearing.chats import chats, said_in
from store.errors import SetupError

CHAT = """
[[chats]]
language = "de"
turns = [
  {{ say = "was ist ein Pleuraerguss", kind = "{kind}", cards = ["{card}"] }},
  {{ say = "danke", kind = "talk" }},
]
"""


def test_chats_of_several_writers_hold_questions_with_and_without_a_card() -> None:
    found = chats()
    turns = [turn for chat in found for turn in chat.turns]
    assert len({chat.writer for chat in found}) >= 8
    assert sum(bool(turn.cards) for turn in turns) > 350
    assert any(turn.kind == "general" and not turn.cards for turn in turns)


def test_their_messages_are_examples_each_once_by_writer_or_language() -> None:
    said = said_in(chats())
    assert len({one.text.casefold() for one in said}) == len(said)
    assert {one.language for one in said} == {"en", "de", "es"}


def test_a_message_keeps_its_place_in_the_chat(tmp_path: Path) -> None:
    (tmp_path / "made_up.toml").write_text(CHAT.format(kind="general", card="bi-rads"), encoding="utf-8")
    (chat,) = chats(tmp_path)
    assert (chat.writer, chat.language) == ("made_up", "de")
    assert [turn.say for turn in chat.turns] == ["was ist ein Pleuraerguss", "danke"]


@pytest.mark.parametrize(
    ("kind", "card"), [("general", "no-such-card"), ("picture", "bi-rads"), ("nothing", "bi-rads")]
)
def test_what_no_card_can_answer_is_refused(tmp_path: Path, kind: str, card: str) -> None:
    (tmp_path / "made_up.toml").write_text(CHAT.format(kind=kind, card=card), encoding="utf-8")
    with pytest.raises(SetupError):
        chats(tmp_path)
