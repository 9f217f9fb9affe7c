"""One process at a time answers in a chat, and several may open a new database at once."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistant import Assistant
from store.chats.answering import Answering
from store.chats.conversations import Conversations
from store.errors import CaseError, SetupError
from tests.child import begin
from tests.packages import needs

DATABASES = ["sqlite", pytest.param("postgres", marks=(pytest.mark.postgres, pytest.mark.process))]


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database, also that of child processes where it is on a server."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'chats.sqlite3'}"
    given = str(request.getfixturevalue("postgres_url"))
    monkeypatch.setenv("CASEBOOK_DATABASE_URL", given)
    return given.replace("postgresql://", "postgresql+psycopg://")


def test_what_one_claims_no_other_does_until_it_ends(url: str) -> None:
    one, other = Conversations(url), Conversations(url)
    chat, second = one.new_chat("me").id, one.new_chat("me").id
    with one.answering.claimed(chat):
        with pytest.raises(CaseError, match="still answering"), other.answering.claimed(chat):
            pytest.fail("it was claimed twice")
        with other.answering.claimed(second):
            pass
    with other.answering.claimed(chat):
        pass
    one.close()
    other.close()


def test_a_claim_ends_with_its_installation_or_an_error_inside(url: str) -> None:
    one, other = Conversations(url), Conversations(url)
    chat = one.new_chat("me").id
    with pytest.raises(ZeroDivisionError), one.answering.claimed(chat):
        raise ZeroDivisionError
    with other.answering.claimed(chat):
        pass
    one.close()
    other.close()


def test_a_deleted_chat_leaves_no_file_of_its_claims(tmp_path: Path) -> None:
    one = Conversations(f"sqlite:///{tmp_path / 'chats.sqlite3'}")
    chat = one.new_chat("me").id
    with one.answering.claimed(chat):
        pass
    assert list(tmp_path.rglob(f"*{chat}*"))
    one.delete("me", chat)
    assert not list(tmp_path.rglob(f"*{chat}*"))
    one.close()


def test_chats_in_memory_leave_nothing_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one = Conversations("sqlite:///:memory:")
    with one.answering.claimed(uuid.uuid4().hex):
        pass
    one.answering.forget(uuid.uuid4().hex)
    one.close()
    assert not list(tmp_path.iterdir())


@needs("psycopg")
@pytest.mark.parametrize("rest", ["", "/"])
def test_a_server_is_asked_for_a_claim_also_where_its_url_names_no_database(rest: str) -> None:
    answering = Answering(sa.create_engine(f"postgresql+psycopg://nobody@127.0.0.1:1{rest}"))
    with pytest.raises(SetupError, match="does not answer"), answering.claimed(uuid.uuid4().hex):
        pytest.fail("nobody was asked")


@pytest.mark.postgres
@pytest.mark.process
def test_two_pages_share_the_database_that_is_called_like_its_user(postgres_url: str) -> None:
    at = sa.make_url(postgres_url.replace("postgresql://", "postgresql+psycopg://"))
    given = sa.create_engine(at)
    with given.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        user = str(db.scalar(sa.text("SELECT current_user")))
        made = db.scalar(sa.text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": user})
        if not made:
            db.exec_driver_sql(f'CREATE DATABASE "{user}"')
    given.dispose()
    unnamed = sa.URL.create(at.drivername, at.username, at.password, at.host, at.port)
    one, other = Conversations(unnamed), Conversations(unnamed)
    chat = one.new_chat("me").id
    with (
        one.answering.claimed(chat),
        pytest.raises(CaseError, match="still answering"),
        other.answering.claimed(chat),
    ):
        pytest.fail("it was claimed twice")
    one.delete("me", chat)
    one.close()
    other.close()


@pytest.mark.postgres
@pytest.mark.process
def test_a_session_that_the_server_ended_is_replaced(postgres_url: str) -> None:
    url = postgres_url.replace("postgresql://", "postgresql+psycopg://")
    one, other = Conversations(url), Conversations(url)
    chat, second = uuid.uuid4().hex, uuid.uuid4().hex
    with one.answering.claimed(chat):
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        engine = sa.create_engine(url)
        with engine.connect() as db:
            db.exec_driver_sql(f"{ends} AND datname = current_database()")
        engine.dispose()
        with one.answering.claimed(second), pytest.raises(CaseError), other.answering.claimed(second):
            pytest.fail("it was claimed twice")
    one.close()
    other.close()


@pytest.mark.process
@pytest.mark.parametrize("kind", DATABASES)
def test_of_processes_that_open_a_new_database_at_once_none_fails(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "postgres":
        monkeypatch.setenv("CASEBOOK_DATABASE_URL", request.getfixturevalue("postgres_url"))
    children = [begin("chats", "list") for _ in range(4)]
    told = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0] * 4, told


def is_free(here: Assistant, chat: str) -> bool:
    try:
        with here.services.conversations.answering.claimed(chat):
            return True
    except CaseError:
        return False


@pytest.mark.process
@pytest.mark.parametrize("kind", DATABASES)
def test_a_chat_that_another_process_answers_is_free_when_that_is_killed(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if kind == "postgres":
        monkeypatch.setenv("CASEBOOK_DATABASE_URL", request.getfixturevalue("postgres_url"))
    with Assistant() as here:
        chat, apart = here.chat(), here.chat()
        chat.ask("what can you do?")
        child = begin("ask", "and now?", "--chat", chat.id, module="tests.scripted.slow_command")
        assert child.stderr is not None
        assert child.stderr.readline() == "waiting\n"
        with pytest.raises(CaseError, match="still answering"):
            chat.ask("what can you do?")
        assert apart.ask("what can you do?").state == "answered"
        child.kill()
        child.communicate(timeout=20)
        until = time.monotonic() + 20  # a server hears of the death of a client a moment later
        while not is_free(here, chat.id):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert chat.ask("what can you do?").state == "answered"
        assert [turn.state for turn in chat.history()] == ["answered", "running", "answered"]
