"""PostgreSQL killed in the middle of a turn: what was acknowledged stays, and it is told in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant import Assistant
from assistant.answers.events import Event
from assistant.turn.play import Play
from store.errors import SetupError
from tests.servers.postgres_server import PostgresServer

pytestmark = [pytest.mark.postgres, pytest.mark.process]


@pytest.fixture
def server(process: None) -> Iterator[PostgresServer]:
    """A server of its own, which a test may kill."""
    with PostgresServer.running() as running:
        yield running


def killing(
    server: PostgresServer, events: Callable[[Play], Iterator[Event]]
) -> Callable[[Play], Iterator[Event]]:
    """The events of a turn, the server killed once the turn has begun."""

    def followed(play: Play) -> Iterator[Event]:
        server.kill()
        yield from events(play)

    return followed


def test_a_server_killed_in_the_middle_of_a_turn_loses_nothing_acknowledged(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEBOOK_DATABASE_URL", server.new_database())
    with Assistant() as casebook:
        chat = casebook.chat()
        told = chat.ask("What does asymmetry mean?").text
        with monkeypatch.context() as patched:
            patched.setattr(Play, "events", killing(server, Play.events))
            answer = chat.ask("What can you do?")
        assert answer.state == "failed"
        assert "database does not answer" in str(answer)
        assert "could not be written down" in str(answer)
        with pytest.raises(SetupError, match="database"):
            chat.ask("And now?")
        assert casebook.library.count() == 0  # what needs no database goes on
        server.start_again()
        assert chat.ask("What can you do?").state == "answered"
        first, second, *_, last = chat.history()
        assert (first.state, first.answer and first.answer.text) == ("answered", told)
        assert second.question == "What can you do?"
        assert last.state == "answered"
