"""One summary per chat, replaced by a later one, gone with its chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.chats.conversations import Conversations


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=(pytest.mark.postgres, pytest.mark.process))]
)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Conversations:
    if request.param == "sqlite":
        return Conversations(f"sqlite:///{tmp_path / 'c.db'}")
    url = request.getfixturevalue("postgres_url")
    return Conversations(url.replace("postgresql://", "postgresql+psycopg://"))


@pytest.mark.process
def test_a_later_summary_takes_the_place_of_an_earlier_one(db: Conversations) -> None:
    chat = db.new_chat("me")
    assert db.summaries.read(chat.id) is None
    db.summaries.keep(chat.id, 6, "six")
    db.summaries.keep(chat.id, 12, "twelve")
    assert db.summaries.read(chat.id) == (12, "twelve")


def test_an_older_summary_that_comes_late_changes_nothing(db: Conversations) -> None:
    chat = db.new_chat("me")
    db.summaries.keep(chat.id, 12, "twelve")
    db.summaries.keep(chat.id, 6, "six")
    assert db.summaries.read(chat.id) == (12, "twelve")


def test_a_summary_goes_with_its_chat_and_none_is_kept_of_one_that_is_gone(db: Conversations) -> None:
    chat, other = db.new_chat("me"), db.new_chat("me")
    db.summaries.keep(chat.id, 6, "Jane Doe")
    db.summaries.keep(other.id, 3, "other")
    db.delete("me", chat.id)
    db.summaries.keep(chat.id, 8, "late")
    assert db.summaries.read(chat.id) is None
    assert db.summaries.read(other.id) == (3, "other")


def test_turns_after_a_number_are_read_alone(db: Conversations) -> None:
    chat = db.new_chat("me")
    for n in range(5):
        db.begin_turn(chat.id, f"question {n + 1}", [])
    assert [turn.n for turn in db.turns(chat.id, after=3)] == [4, 5]
    assert [turn.n for turn in db.turns(chat.id, after=1, last=2)] == [4, 5]
