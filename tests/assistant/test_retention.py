"""Chats older than the settings say go, with what only they hold; nothing else does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from assistant import Assistant, load_settings
from assistant.doctor import report
from assistant.retention import DAY_S, delete_old, tidy, tidy_daily
from store.errors import CaseError, SetupError
from store.pictures.image import Image
from tools.files.workplace import PREFIX

DAYS = 30


def picture(shade: int) -> Image:
    return Image(frames=np.full((1, 64, 64, 3), shade, np.uint8), file_type="PNG")


@pytest.fixture
def casebook() -> Iterator[Assistant]:
    with Assistant(load_settings(keep_days=DAYS)) as opened:
        yield opened


def asked(casebook: Assistant, shade: int, *, days_ago: float, owner: str = "local") -> str:
    """A chat about a picture of that shade, in which something was asked so long ago."""
    chat = casebook.for_owner(owner).chat()
    chat.ask("what can you do?", [picture(shade)])
    age(casebook, chat.id, days_ago)
    return chat.id


def age(casebook: Assistant, chat_id: str, days: float) -> None:
    at = {"at": time.time() - days * DAY_S, "chat": chat_id}
    with casebook.services.conversations._engine.begin() as db:
        db.execute(sa.text("UPDATE chats SET created_at = :at, updated_at = :at WHERE id = :chat"), at)
        db.execute(sa.text("UPDATE turns SET started_at = :at, ended_at = :at WHERE chat_id = :chat"), at)


def chats(casebook: Assistant) -> set[str]:
    return {row.id for row in casebook.services.conversations.chats(None, None)}


def kept_images(casebook: Assistant) -> int:
    return sum(1 for _ in (casebook.services.settings.home / "images").rglob("meta.json"))


def test_old_chats_go_with_the_images_that_only_they_hold(casebook: Assistant) -> None:
    asked(casebook, 10, days_ago=DAYS + 1)
    asked(casebook, 20, days_ago=DAYS + 1, owner="a-browser")
    shared = asked(casebook, 20, days_ago=DAYS - 1)
    assert kept_images(casebook) == 2
    assert delete_old(casebook.services) == 2
    assert chats(casebook) == {shared}
    assert kept_images(casebook) == 1
    assert delete_old(casebook.services) == 0


def test_a_chat_is_as_old_as_its_last_question(casebook: Assistant) -> None:
    chat_id = asked(casebook, 10, days_ago=DAYS + 1)
    casebook.chat(chat_id).ask("thank you")
    assert delete_old(casebook.services) == 0


def test_a_chat_that_is_just_being_asked_in_stays(casebook: Assistant) -> None:
    chat_id = asked(casebook, 10, days_ago=DAYS + 1)
    casebook.services.conversations.begin_turn(chat_id, "and now?", ())
    assert delete_old(casebook.services) == 0


def test_chats_are_kept_for_ever_unless_the_settings_say_otherwise() -> None:
    with Assistant() as casebook:
        chat_id = asked(casebook, 10, days_ago=10_000)
        tidy(casebook.services)
        assert chats(casebook) == {chat_id}


def test_empty_chats_go_once_they_are_old(casebook: Assistant) -> None:
    old, new = casebook.chat(), casebook.chat()
    age(casebook, old.id, 0.5)
    tidy(casebook.services)
    assert chats(casebook) == {new.id}


def test_a_file_that_a_killed_upload_left_goes(
    casebook: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{PREFIX}killed"
    left.mkdir()
    (left / "upload").write_bytes(b"Jane Doe")
    os.utime(left, (1e9, 1e9))
    tidy(casebook.services)
    assert not left.exists()


def test_the_page_tidies_when_it_starts(casebook: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.pages import desk

    asked(casebook, 10, days_ago=DAYS + 1)
    monkeypatch.setattr(desk, "_HELD", [])
    desk._installation(lambda: casebook)
    assert chats(casebook) == set()


def test_it_is_done_at_the_start_and_again_and_again_until_it_is_closed(casebook: Assistant) -> None:
    first = asked(casebook, 10, days_ago=DAYS + 1)
    thread = tidy_daily(casebook.services, every_s=0.05)
    assert first not in chats(casebook)
    second = asked(casebook, 10, days_ago=DAYS + 1)
    until = time.monotonic() + 30
    while second in chats(casebook) and time.monotonic() < until:
        time.sleep(0.02)
    assert second not in chats(casebook)
    casebook.close()
    thread.join(30)
    assert not thread.is_alive()


def test_a_database_that_does_not_answer_ends_nothing(casebook: Assistant, home: Path) -> None:
    asked(casebook, 10, days_ago=DAYS + 1)
    with casebook.services.conversations._engine.begin() as db:
        db.execute(sa.text("DROP TABLE summaries"))
        db.execute(sa.text("DROP TABLE pictures"))
    tidy(casebook.services)


@pytest.mark.parametrize("value", [0, -1, "soon"])
def test_days_are_a_whole_number_above_zero(value: object) -> None:
    with pytest.raises(SetupError, match=r"KEEP_DAYS.*a whole number above 0"):
        load_settings(keep_days=value)


@pytest.mark.process
@pytest.mark.parametrize(("days", "says"), [(None, "until somebody deletes"), (7, "7 days after")])
def test_doctor_says_how_long_chats_are_kept(days: int | None, says: str) -> None:
    with Assistant(load_settings(keep_days=days)) as casebook:
        (check,) = [one for one in report(casebook.services) if one.name == "How long chats are kept"]
    assert says in check.says


def test_a_deleted_chat_is_told_of_in_words(casebook: Assistant) -> None:
    chat_id = asked(casebook, 10, days_ago=DAYS + 1)
    delete_old(casebook.services)
    with pytest.raises(CaseError, match="no chat"):
        casebook.chat(chat_id)
