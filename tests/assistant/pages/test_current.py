"""The turns under way: one per chat, found again, stopped, and forgotten when they end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from langchain_core.messages import AIMessage

from assistant.chat import Assistant
from assistant.pages.current import CurrentTurns
from store.errors import CaseError
from tests.scripted.chat_model import ScriptedModel


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Closed, it holds the model's words back."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def assistant(gate: threading.Event) -> Iterator[Assistant]:
    with Assistant(model=ScriptedModel(replies=[AIMessage("one two three")], gate=gate), tools=[]) as opened:
        yield opened
        gate.set()


def test_a_running_turn_is_found_by_its_chat_until_it_ends(
    assistant: Assistant, gate: threading.Event
) -> None:
    turns = CurrentTurns()
    chat_id = turns.ask(assistant, None, "talk", [])
    running = turns.get(chat_id)
    assert running is not None
    gate.set()
    assert running.answer().state == "answered"
    assert turns.get(chat_id) is None


def test_a_chat_that_is_still_answering_takes_no_second_question(assistant: Assistant) -> None:
    turns = CurrentTurns()
    chat_id = turns.ask(assistant, None, "talk", [])
    with pytest.raises(CaseError, match="still answering"):
        turns.ask(assistant, chat_id, "and now?", [])
    assert len(assistant.chat(chat_id).history()) == 1


def test_another_chat_may_be_asked_at_the_same_time(assistant: Assistant, gate: threading.Event) -> None:
    turns = CurrentTurns()
    first = turns.ask(assistant, None, "talk", [])
    second = turns.ask(assistant, None, "talk", [])
    assert turns.get(first) is not turns.get(second)


def test_a_refused_first_question_leaves_no_chat(assistant: Assistant) -> None:
    with pytest.raises(CaseError, match="empty"):
        CurrentTurns().ask(assistant, None, "   ", [])
    assert assistant.chats() == []


def test_a_refused_later_question_leaves_the_chat_as_it_was(
    assistant: Assistant, gate: threading.Event
) -> None:
    gate.set()
    turns = CurrentTurns()
    chat = assistant.chat()
    chat.ask("talk")
    with pytest.raises(CaseError, match="empty"):
        turns.ask(assistant, chat.id, "", [])
    assert len(assistant.chat(chat.id).history()) == 1


def test_a_stopped_turn_ends_with_an_answer_that_says_so(assistant: Assistant, gate: threading.Event) -> None:
    turns = CurrentTurns()
    chat_id = turns.ask(assistant, None, "talk", [])
    running = turns.get(chat_id)
    assert running is not None
    turns.stop(chat_id)
    gate.set()
    assert running.answer().state == "stopped"


def test_stopping_waits_until_the_turn_has_ended(assistant: Assistant, gate: threading.Event) -> None:
    turns = CurrentTurns()
    chat_id = turns.ask(assistant, None, "talk", [])
    threading.Timer(0.2, gate.set).start()
    turns.stop(chat_id, wait_s=10)
    assert turns.get(chat_id) is None


def test_stopping_a_chat_that_does_not_answer_is_no_error() -> None:
    CurrentTurns().stop("no such chat")
