"""Which owner's chats a browser sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.chats.conversations import Conversations
from store.errors import CaseError

A, B, C = ("a" * 64, "b" * 64, "c" * 64)


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=[pytest.mark.process, pytest.mark.postgres])]
)
def db(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[Conversations]:
    url = f"sqlite:///{tmp_path}/chats.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url").replace("postgresql://", "postgresql+psycopg://")
    opened = Conversations(url)
    yield opened
    opened.close()


def seen(db: Conversations, browser: str) -> set[str]:
    """The titles of the chats that a browser sees."""
    return {row.title for row in db.chats(db.browsers.owner_of(browser))}


def begin(db: Conversations, browser: str, title: str) -> None:
    db.new_chat(db.browsers.owner_of(browser), title)


def test_a_browser_sees_its_own_chats_until_it_joins_another(db: Conversations) -> None:
    begin(db, A, "of a")
    assert db.browsers.owner_of(B) == B
    db.browsers.join(B, A)
    assert seen(db, B) == {"of a"}
    begin(db, B, "of both")
    assert seen(db, A) == seen(db, B) == {"of a", "of both"}
    assert seen(db, C) == set()


def test_chats_that_a_browser_alone_saw_come_along(db: Conversations) -> None:
    begin(db, A, "of a")
    begin(db, B, "of b")
    db.browsers.join(B, A)
    assert seen(db, A) == seen(db, B) == {"of a", "of b"}


def test_chats_that_another_browser_sees_stay_with_it(db: Conversations) -> None:
    begin(db, A, "of a")
    db.browsers.join(B, A)
    begin(db, C, "of c")
    db.browsers.join(B, C)
    assert seen(db, A) == {"of a"}
    assert seen(db, B) == seen(db, C) == {"of c"}


def test_what_a_browser_began_stays_with_those_that_joined_it(db: Conversations) -> None:
    begin(db, A, "of a")
    db.browsers.join(B, A)
    begin(db, C, "of c")
    db.browsers.join(A, C)
    assert seen(db, B) == {"of a"}
    assert seen(db, A) == {"of c"}


def test_a_browser_leaves_chats_that_another_sees_and_begins_without_any(db: Conversations) -> None:
    begin(db, A, "of a")
    db.browsers.join(B, A)
    db.browsers.leave(B)
    assert seen(db, B) == set()
    begin(db, B, "anew")
    assert seen(db, A) == {"of a"}
    db.browsers.join(C, A)
    db.browsers.leave(A)
    assert seen(db, A) == set()
    assert seen(db, C) == {"of a"}


def test_chats_begun_after_leaving_come_along_too(db: Conversations) -> None:
    db.browsers.leave(B)
    begin(db, B, "anew")
    begin(db, A, "of a")
    db.browsers.join(B, A)
    assert seen(db, A) == {"of a", "anew"}


def test_chats_are_not_left_where_nobody_would_see_them(db: Conversations) -> None:
    begin(db, A, "of a")
    with pytest.raises(CaseError, match="No other browser"):
        db.browsers.leave(A)
    db.browsers.join(B, A)
    db.browsers.leave(A)
    with pytest.raises(CaseError, match="No other browser"):
        db.browsers.leave(B)
    assert seen(db, B) == {"of a"}


def test_a_browser_that_comes_back_to_its_first_chats_sees_them(db: Conversations) -> None:
    begin(db, A, "of a")
    db.browsers.join(B, A)
    db.browsers.leave(A)
    db.browsers.join(A, A)
    assert seen(db, A) == {"of a"}
    assert db.browsers.owner_of(A) == A


def test_joining_what_is_seen_already_is_told(db: Conversations) -> None:
    with pytest.raises(CaseError, match="already"):
        db.browsers.join(A, A)
    db.browsers.join(B, A)
    with pytest.raises(CaseError, match="already"):
        db.browsers.join(B, A)
