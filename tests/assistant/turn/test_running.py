"""A turn in its own thread."""

import threading

import pytest

from assistant.answers.answer import Answer
from assistant.answers.events import Finished, Text
from assistant.turn.running import RunningTurn
from store.errors import SetupError


def stream(gate=None):
    yield Text("a")
    if gate:
        gate.wait(10)
    yield Text("b")
    yield Finished(Answer("c", "t", "ab"))


def test_everyone_who_looks_sees_all_events_from_the_first():
    running = RunningTurn(stream, threading.Event())
    first, second = list(running.events()), list(running.events())
    assert first == second
    assert running.done
    assert running.answer().text == "ab"


def test_it_goes_on_when_nobody_looks():
    gate = threading.Event()
    running = RunningTurn(lambda: stream(gate), threading.Event())
    assert next(iter(running.events())) == Text("a")
    gate.set()
    assert running.answer().text == "ab"


def test_a_page_that_polls_gets_a_pause_instead_of_waiting():
    gate = threading.Event()
    events = RunningTurn(lambda: stream(gate), threading.Event()).events(poll_s=0.01)
    assert next(events) == Text("a")
    assert next(events) is None
    gate.set()
    rest = [event for event in events if event is not None]
    assert rest[-1].answer.text == "ab"


def test_stop_sets_what_the_turn_listens_to():
    cancelled = threading.Event()
    RunningTurn(stream, cancelled).stop()
    assert cancelled.is_set()


def test_an_answer_that_could_not_be_kept_is_an_error_for_whoever_waits():
    def broken():
        yield Text("a")
        raise SetupError("The disk is full.")

    with pytest.raises(SetupError, match="disk is full"):
        RunningTurn(broken, threading.Event()).answer()


def test_whoever_hears_the_end_finds_all_let_go_of():
    let_go, heard = [], []

    def lasting():
        yield from stream()
        let_go.append("the stream")

    running = RunningTurn(lasting, threading.Event(), lambda: let_go.append("the claim"))
    for event in running.events():
        if isinstance(event, Finished):
            heard += let_go
            assert running.done
    assert heard == ["the stream", "the claim"]


def test_what_is_let_go_of_at_the_end_is_also_after_an_error():
    let_go = []

    def broken():
        yield Text("a")
        raise SetupError("The disk is full.")

    running = RunningTurn(broken, threading.Event(), lambda: let_go.append("the claim"))
    with pytest.raises(SetupError):
        running.answer()
    assert let_go == ["the claim"]
