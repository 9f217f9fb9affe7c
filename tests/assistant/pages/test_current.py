"""The turns under way: one per chat, found again, stopped, and forgotten when they end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from langchain_core.messages import AIMessage

from assistant.chat import Assistant
from assistant.pages.current import CurrentTurns
from store.errors import CaseError
from store.pictures.image import Image
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


def visitors(assistant: Assistant, **limits: int) -> Assistant:
    """The same installation with other limits on its visitors."""
    services = assistant.services
    object.__setattr__(services, "settings", services.settings.model_copy(update=limits))
    return assistant


def test_a_visitor_has_so_many_questions_under_way_and_another_visitor_as_many(
    assistant: Assistant, gate: threading.Event
) -> None:
    one = visitors(assistant, visitor_at_once=2).for_owner("one")
    turns = CurrentTurns()
    first, _ = turns.ask(one, None, "talk", []), turns.ask(one, None, "talk", [])
    with pytest.raises(CaseError, match="still answering 2 questions of yours"):
        turns.ask(one, None, "talk", [])
    assert len(one.chats()) == 2
    turns.ask(assistant.for_owner("two"), None, "talk", [])
    gate.set()
    running = turns.get(first)
    assert running is None or running.answer()
    turns.ask(one, None, "talk", [])


def test_a_visitor_asks_so_many_questions_a_minute(assistant: Assistant, gate: threading.Event) -> None:
    gate.set()
    one = visitors(assistant, visitor_per_minute=2, visitor_at_once=9).for_owner("one")
    turns = CurrentTurns()
    for _ in range(2):
        turns.ask(one, None, "talk", [])
    with pytest.raises(CaseError, match=r"2 questions within a minute. Wait \d+ s"):
        turns.ask(one, None, "talk", [])
    turns.ask(assistant.for_owner("two"), None, "talk", [])


def test_a_refused_question_does_not_stay_under_way(assistant: Assistant) -> None:
    one = visitors(assistant, visitor_at_once=1).for_owner("one")
    turns = CurrentTurns()
    for _ in range(2):
        with pytest.raises(CaseError, match="empty"):
            turns.ask(one, None, " ", [])
    turns.ask(one, None, "talk", [])


def test_the_images_of_a_visitors_chats_take_so_much_disk(
    assistant: Assistant, gate: threading.Event
) -> None:
    gate.set()
    one = visitors(assistant, visitor_mb=1).for_owner("one")
    noise = np.random.default_rng(1).integers(0, 256, (1, 480, 640, 3), np.uint8)
    turns = CurrentTurns()
    chat_id = turns.ask(one, None, "talk", [Image(noise, "PNG")])
    with pytest.raises(CaseError, match="Delete chats with images"):
        turns.ask(one, None, "talk", [Image(noise // 2, "PNG")])
    turns.ask(one, None, "talk", [])
    turns.ask(assistant.for_owner("two"), None, "talk", [Image(noise // 3, "PNG")])
    running = turns.get(chat_id)
    assert running is None or running.answer()
    one.delete(chat_id)
    turns.ask(one, None, "talk", [Image(noise // 2, "PNG")])
    with pytest.raises(CaseError, match="Delete chats with images"):
        turns.ask(one, None, "talk", [bytes(2**20)])
