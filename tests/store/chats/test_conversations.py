"""Chats and turns in a real SQLite file and a real PostgreSQL server: the same tests for both."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store.chats.conversations import Conversations, ImageRow, number
from store.chats.database import LONGEST_OWNER, open_database, reading
from store.errors import CaseError, SetupError
from store.records import Gate

KEY = "a" * 64
GATE = Gate(domain="dermatology", modality="XC", known_from="pixels", score=0.9)


def image(n: int, key: str = KEY) -> ImageRow:
    return ImageRow(f"img-{n}", key, GATE, {"frames": 1, "width": 4, "height": 3}, 0)


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=(pytest.mark.postgres, pytest.mark.process))]
)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'conversations.db'}"
    given = request.getfixturevalue("postgres_url")
    return str(given).replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def db(url: str) -> Iterator[Conversations]:
    rows = Conversations(url)
    yield rows
    rows.close()


def test_a_turn_comes_back_as_it_was_kept(db: Conversations) -> None:
    chat = db.new_chat("ada")
    turn = db.begin_turn(chat.id, "What is this? ‘ünïcode’ 皮肤", [image(1)], title="What is this?")
    db.finish_turn(chat.id, turn, "answered", '{"text": "a mole"}')
    (kept,) = db.turns(chat.id)
    assert (kept.id, kept.n, kept.state, kept.answer) == (turn.id, 1, "answered", '{"text": "a mole"}')
    assert kept.question == "What is this? ‘ünïcode’ 皮肤"
    assert kept.attached == ("img-1",)
    assert db.chat("ada", chat.id).title == "What is this?"


def test_a_question_is_kept_before_its_answer(db: Conversations, url: str) -> None:
    chat = db.new_chat("ada")
    db.begin_turn(chat.id, "why?", [image(1)])
    other = Conversations(url)
    (turn,) = other.turns(chat.id)
    assert (turn.state, turn.answer) == ("running", None)
    assert [i.id for i in other.images(chat.id)] == ["img-1"]
    other.close()


def test_images_keep_their_order_and_what_a_turn_changed(db: Conversations) -> None:
    chat = db.new_chat("ada")
    turn = db.begin_turn(chat.id, "compare", [image(n) for n in range(1, 13)])
    over = GATE.model_copy(update={"known_from": "user", "overruled": "dermatology", "domain": "radiology"})
    db.finish_turn(chat.id, turn, "answered", "{}", images=[replace(image(10), gate=over, index=7)])
    rows = db.images(chat.id)
    assert [row.id for row in rows] == [f"img-{n}" for n in range(1, 13)]
    assert (rows[9].gate, rows[9].index) == (over, 7)
    assert rows[8] == image(9)


def test_only_the_last_turns_are_read_when_asked_for(db: Conversations) -> None:
    chat = db.new_chat("ada")
    for n in range(5):
        db.begin_turn(chat.id, f"question {n}", [])
    assert [t.question for t in db.turns(chat.id, last=2)] == ["question 3", "question 4"]
    assert len(db.turns(chat.id)) == 5


def test_owners_never_see_each_others_chats(db: Conversations) -> None:
    mine, hers = db.new_chat("ada"), db.new_chat("grace")
    assert [c.id for c in db.chats("ada")] == [mine.id]
    with pytest.raises(CaseError, match="no chat"):
        db.chat("ada", hers.id)
    with pytest.raises(CaseError, match="no chat"):
        db.rename("ada", hers.id, "mine now")
    with pytest.raises(CaseError, match="no chat"):
        db.delete("ada", hers.id)
    assert db.chat("grace", hers.id).title == "New chat"


def test_an_owners_name_may_be_as_long_in_every_database(db: Conversations) -> None:
    whole = "o" * LONGEST_OWNER
    assert db.chats(whole) == [] and db.new_chat(whole).id == db.chats(whole)[0].id
    with pytest.raises(CaseError, match="at most 64 characters; this one has 65"):
        db.new_chat(whole + "o")


def test_the_chat_used_last_comes_first(db: Conversations) -> None:
    first, second = db.new_chat("ada"), db.new_chat("ada")
    assert [c.id for c in db.chats("ada")] == [second.id, first.id]
    db.finish_turn(first.id, db.begin_turn(first.id, "again", []), "answered", "{}")
    assert [c.id for c in db.chats("ada")] == [first.id, second.id]


def test_a_title_is_cleaned_and_never_empty(db: Conversations) -> None:
    chat = db.new_chat("ada")
    db.rename("ada", chat.id, "  a\n  mole  " + "x" * 500)
    title = db.chat("ada", chat.id).title
    assert title.startswith("a mole x")
    assert len(title) == 120
    with pytest.raises(CaseError, match="empty"):
        db.rename("ada", chat.id, " \n ")


def test_deleting_a_chat_names_only_what_no_other_chat_holds(db: Conversations) -> None:
    one, two = db.new_chat("ada"), db.new_chat("grace")
    turn = db.begin_turn(one.id, "q", [image(1, "a" * 64), image(2, "b" * 64)])
    db.finish_turn(one.id, turn, "answered", "{}", pictures=["c" * 64, "d" * 64, "d" * 64])
    turn = db.begin_turn(two.id, "q", [image(1, "a" * 64)])
    db.finish_turn(two.id, turn, "answered", "{}", pictures=["c" * 64])
    removed = db.delete("ada", one.id)
    assert (removed.image_keys, removed.picture_keys) == (("b" * 64,), ("d" * 64,))
    assert db.chats("ada") == []
    assert db.turns(one.id) == []
    assert [i.key for i in db.images(two.id)] == ["a" * 64]


def test_a_picture_drawn_twice_is_kept_once(db: Conversations) -> None:
    chat = db.new_chat("ada")
    for _ in range(2):
        turn = db.begin_turn(chat.id, "measure it", [])
        db.finish_turn(chat.id, turn, "answered", "{}", pictures=["c" * 64])
    assert db.delete("ada", chat.id).picture_keys == ("c" * 64,)


def test_the_same_image_number_twice_is_refused_and_changes_nothing(db: Conversations) -> None:
    chat = db.new_chat("ada")
    db.begin_turn(chat.id, "first", [image(1)])
    with pytest.raises(CaseError, match="another window"):
        db.begin_turn(chat.id, "second", [image(1, "b" * 64)])
    assert [t.question for t in db.turns(chat.id)] == ["first"]
    assert [i.key for i in db.images(chat.id)] == [KEY]


def test_turns_asked_at_the_same_moment_are_all_kept_or_refused(db: Conversations) -> None:
    chat = db.new_chat("ada")
    kept: list[str] = []
    refused: list[CaseError] = []

    def ask(n: int) -> None:
        try:
            kept.append(db.begin_turn(chat.id, f"question {n}", []).question)
        except CaseError as error:
            refused.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) + len(refused) == 8
    turns = db.turns(chat.id)
    assert sorted(t.question for t in turns) == sorted(kept)
    assert [t.n for t in turns] == list(range(1, len(kept) + 1))


def test_a_turn_in_a_deleted_chat_is_refused_in_a_sentence(db: Conversations) -> None:
    chat = db.new_chat("ada")
    db.delete("ada", chat.id)
    with pytest.raises(CaseError, match="deleted"):
        db.begin_turn(chat.id, "still there?", [])


def test_an_answer_to_a_deleted_chat_goes_nowhere(db: Conversations) -> None:
    chat = db.new_chat("ada")
    turn = db.begin_turn(chat.id, "q", [])
    db.delete("ada", chat.id)
    db.finish_turn(chat.id, turn, "answered", "{}", pictures=["c" * 64])
    assert db.turns(chat.id) == []


def test_a_question_with_a_character_no_database_takes_is_refused(db: Conversations) -> None:
    chat = db.new_chat("ada")
    with pytest.raises(CaseError, match="character"):
        db.begin_turn(chat.id, "broken \udc80", [])
    assert db.turns(chat.id) == []


def test_a_deleted_question_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    db = Conversations(f"sqlite:///{path}")
    chat = db.new_chat("ada")
    db.begin_turn(chat.id, "a very telling question", [])
    db.delete("ada", chat.id)
    assert db.forget_deleted()
    left = b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())
    db.close()
    assert b"telling question" not in left


def test_a_log_that_somebody_reads_is_waited_for_a_second_and_what_it_holds_is_told(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    db = Conversations(f"sqlite:///{path}")
    chat = db.new_chat("ada")
    db.begin_turn(chat.id, "a very telling question", [])
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM turns").fetchone() == (1,)
    db.delete("ada", chat.id)
    begun = time.monotonic()
    assert not db.forget_deleted()
    assert time.monotonic() - begun < 5  # a second, on a machine that is busy; it was ten
    reader.close()
    assert db.forget_deleted()
    left = b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())
    assert b"telling question" not in left
    db.close()


def test_a_locked_database_is_told_to_the_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.chats.database.BUSY_TIMEOUT_MS", 50)
    path = tmp_path / "conversations.db"
    db = Conversations(f"sqlite:///{path}")
    chat = db.new_chat("ada")
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(SetupError, match="locked"):
        db.begin_turn(chat.id, "now?", [])
    other.rollback()
    other.close()
    assert db.begin_turn(chat.id, "and now?", []).n == 1
    db.close()


def test_a_database_that_broke_while_it_was_open_is_told_to_the_operator(tmp_path: Path) -> None:
    db = Conversations(f"sqlite:///{tmp_path}/conversations.db")
    chat = db.new_chat("ada")
    with sqlite3.connect(tmp_path / "conversations.db") as other:
        other.execute("DROP TABLE turns")
    other.close()
    with pytest.raises(SetupError, match="does not answer"):
        db.turns(chat.id)
    db.close()


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://localhost/x", "sqlite:////proc/nowhere/x.db", "postgresql+psycopg://127.0.0.1:1/x"],
)
def test_a_database_that_cannot_be_opened_is_told_to_the_operator(url: str) -> None:
    with pytest.raises(SetupError, match="CASEBOOK_DATABASE_URL"):
        Conversations(url)


def test_a_file_that_is_no_database_is_told_to_the_operator(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    path.write_bytes(b"this is no database at all, only text" * 100)
    with pytest.raises(SetupError, match="CASEBOOK_DATABASE_URL"):
        Conversations(f"sqlite:///{path}")


def test_the_number_of_an_image_is_in_its_id() -> None:
    assert number("img-12") == 12


def test_what_is_committed_survives_a_power_cut(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/chats.db")
    with reading(engine) as db:
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "FULL"
    engine.dispose()
