"""What made an answer is kept beside its turn, what many share once, and goes with the chat."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from store.chats.conversations import Conversations


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=(pytest.mark.postgres, pytest.mark.process))]
)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Conversations:
    if request.param == "sqlite":
        return Conversations(f"sqlite:///{tmp_path / 'c.db'}")
    url = request.getfixturevalue("postgres_url")
    return Conversations(url.replace("postgresql://", "postgresql+psycopg://"))


def asked(db: Conversations, chat_id: str, provenance: str = "") -> str:
    turn = db.begin_turn(chat_id, "what is this?", [])
    db.finish_turn(chat_id, turn, "answered", "{}", provenance=provenance)
    return turn.id


def test_what_made_an_answer_is_found_by_its_turn(db: Conversations) -> None:
    chat, other = db.new_chat("me"), db.new_chat("me")
    asked(db, chat.id, "one")
    second = asked(db, chat.id, "two")
    asked(db, other.id, "other")
    kept = db.provenances
    assert [kept.of(chat.id, n) for n in (1, 2, 3)] == ["one", "two", None]
    assert kept.since(chat.id, 1) == ["two", "one"]
    assert kept.since(chat.id, 2) == ["two"]
    found = kept.turn(second)
    assert found is not None
    assert (found[0], found[1].n, found[1].id) == (chat.id, 2, second)
    assert kept.turn("no such turn") is None


def test_a_turn_without_it_is_none(db: Conversations) -> None:
    chat = db.new_chat("me")
    asked(db, chat.id)
    assert db.provenances.of(chat.id, 1) is None


def test_what_turns_have_in_common_is_kept_once_whoever_keeps_it(db: Conversations) -> None:
    other = Conversations(db._engine.url)
    for one in (db, db, other):
        assert one.provenances.keep_making("digest", "settings and code") == "digest"
    assert other.provenances.making("digest") == "settings and code"
    assert db.provenances.making("another") is None
    with db._engine.connect() as opened:
        assert opened.scalar(sa.text("SELECT count(*) FROM makings")) == 1
    other.close()


def test_it_goes_with_its_chat(db: Conversations) -> None:
    chat = db.new_chat("me")
    asked(db, chat.id, "one")
    db.delete("me", chat.id)
    assert db.provenances.of(chat.id, 1) is None


def test_a_database_of_an_older_casebook_gets_what_it_lacks(db: Conversations) -> None:
    chat = db.new_chat("me")
    asked(db, chat.id)
    with db._engine.begin() as opened:
        for table in ("provenance", "makings"):
            opened.execute(sa.text(f"DROP TABLE {table}"))
    db.close()
    newer = Conversations(db._engine.url)
    assert [turn.question for turn in newer.turns(chat.id)] == ["what is this?"]
    asked(newer, chat.id, "two")
    assert [newer.provenances.of(chat.id, n) for n in (1, 2)] == [None, "two"]
    newer.close()


def test_turns_and_answers_are_also_found_as_they_were_before_a_turn(db: Conversations) -> None:
    chat = db.new_chat("me")
    for n in (1, 2, 3):
        turn = db.begin_turn(chat.id, f"question {n}", [])
        db.finish_turn(chat.id, turn, "answered", f'{{"said": "digest {n}"}}')
    assert [turn.n for turn in db.turns(chat.id, last=1, before=3)] == [2]
    found = db.last_turn_with(chat.id, "digest", before=2)
    assert found is not None and found.n == 1
    assert db.last_turn_with(chat.id, "digest 2", before=2) is None
