"""What was thought of answers, and the chats that hold some words: the same tests for both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.chats.conversations import Conversations


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=(pytest.mark.postgres, pytest.mark.process))]
)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Conversations]:
    url = f"sqlite:///{tmp_path / 'conversations.db'}"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_url")).replace("postgresql://", "postgresql+psycopg://")
    rows = Conversations(url)
    yield rows
    rows.close()


def asked(db: Conversations, owner: str, question: str, answer: str | None, title: str = "A chat") -> str:
    """The id of a new chat with one turn."""
    chat = db.new_chat(owner, title)
    turn = db.begin_turn(chat.id, question, [])
    if answer is not None:
        kept = json.dumps({"chat_id": chat.id, "text": answer, "evidence": [{"tool": "x"}]})
        db.finish_turn(chat.id, turn, "answered", kept)
    return chat.id


def test_a_rating_is_kept_replaced_and_taken_back(db: Conversations) -> None:
    chat = asked(db, "ada", "why?", "because")
    (turn,) = db.turns(chat)
    assert db.ratings.of(chat) == {}
    for good in (True, False):
        db.ratings.keep(chat, turn.id, good)
        assert db.ratings.of(chat) == {turn.id: good}
    db.ratings.keep(chat, turn.id, None)
    assert db.ratings.of(chat) == {}


def test_a_rating_goes_with_its_chat_and_none_is_kept_of_a_deleted_one(db: Conversations) -> None:
    chat = asked(db, "ada", "why?", "because")
    (turn,) = db.turns(chat)
    db.ratings.keep(chat, turn.id, True)
    db.delete("ada", chat)
    assert db.ratings.of(chat) == {}
    db.ratings.keep(chat, turn.id, True)
    assert db.ratings.of(chat) == {}


def found(db: Conversations, words: str, owner: str | None = "ada") -> set[str]:
    return {row.id for row in db.searching.chats(owner, words)}


def test_words_are_found_in_titles_questions_and_answers(db: Conversations) -> None:
    title = asked(db, "ada", "why?", "because", title="Week 3: Moles")
    question = asked(db, "ada", "How wide is the mole?", None)
    answer = asked(db, "ada", "and this?", "A MOLE of 5 % of the picture")
    asked(db, "ada", "what can you do?", "measure")
    assert found(db, "mole") == {title, question, answer}
    assert found(db, "mole wide") == {question}
    assert found(db, "WEEK mole") == {title}
    assert found(db, "nothing of the kind") == set()
    assert len(found(db, "  ")) == 4


def test_only_words_are_searched_and_only_those_of_the_owner(db: Conversations) -> None:
    asked(db, "eve", "the mole?", "a mole", title="mole")
    mine = asked(db, "ada", "100 % sure?", "no_one is")
    assert found(db, "mole") == set()
    assert found(db, "evidence") == set()
    assert found(db, "100%") == set()
    assert found(db, "%") == found(db, "o_o") == {mine}
    assert len(found(db, "o", owner=None)) == 2


def test_the_latest_come_first_and_no_more_than_wanted(db: Conversations) -> None:
    ids = [asked(db, "ada", f"mole {n}", "yes") for n in range(4)]
    assert [row.id for row in db.searching.chats("ada", "mole", limit=3)] == ids[:0:-1]
