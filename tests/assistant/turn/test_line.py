"""The line of turns: who is worked on now, and who waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from assistant.answers.events import Event, Text, Waiting
from assistant.turn.line import Line
from assistant.turn.running import RunningTurn


class Work:
    """Turns that say when they are worked on, and are worked on until they are let go."""

    def __init__(self, line: Line) -> None:
        self.line, self.order = line, list[str]()
        self.begun = threading.Semaphore(0)
        self.gates: dict[str, threading.Event] = {}

    def turn(self, owner: str, name: str) -> RunningTurn:
        """Begin a turn; returns once it waits or is worked on."""
        gate = self.gates[name] = threading.Event()
        stopped = threading.Event()

        def events() -> Iterator[Event]:
            self.order.append(name)
            self.begun.release()
            while not gate.wait(0.01) and not stopped.is_set():
                pass
            yield Text(name)

        return RunningTurn(lambda: self.line.through(owner, events, stopped), stopped)

    def begin(self, owner: str, name: str) -> RunningTurn:
        turn = self.turn(owner, name)
        assert self.begun.acquire(timeout=20)
        return turn

    def wait(self, owner: str, name: str) -> RunningTurn:
        turn = self.turn(owner, name)
        assert isinstance(next(turn.events()), Waiting)
        return turn


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work(Line(2))
    yield made
    for gate in made.gates.values():
        gate.set()


def test_so_many_turns_are_worked_on_and_the_next_is_told_how_many_are_before_it(work: Work) -> None:
    work.begin("a", "a1")
    work.begin("b", "b1")
    third, fourth = work.wait("c", "c1"), work.wait("d", "d1")
    first_told = [next(turn.events()) for turn in (third, fourth)]
    assert [event.text.rsplit(": ")[-1] for event in first_told if isinstance(event, Waiting)] == ["0.", "1."]
    assert work.order == ["a1", "b1"]
    assert len(work.line) == 2
    work.gates["a1"].set()
    assert work.begun.acquire(timeout=20)
    assert work.order == ["a1", "b1", "c1"]


def test_who_has_fewest_turns_is_next_however_many_others_wait_before(work: Work) -> None:
    work.begin("a", "a1")
    work.begin("a", "a2")
    for name in ("a3", "a4"):
        work.wait("a", name)
    work.wait("b", "b1")
    work.gates["a1"].set()
    assert work.begun.acquire(timeout=20)
    assert work.order[-1] == "b1"
    work.gates["a2"].set()
    assert work.begun.acquire(timeout=20)
    assert work.order[-1] == "a3"


def test_a_turn_that_is_stopped_waits_no_longer_and_takes_nobodys_place(work: Work) -> None:
    work.begin("a", "a1")
    work.begin("b", "b1")
    stopped, last = work.wait("c", "c1"), work.wait("d", "d1")
    stopped.stop()
    stopped.wait(20)
    assert stopped.done
    assert not last.done
    assert len(work.line) == 1
    work.begun.acquire(timeout=20)
    work.gates["b1"].set()
    assert work.begun.acquire(timeout=20)
    assert work.order[-1] == "d1"


def test_a_turn_that_fails_makes_room(work: Work) -> None:
    def broken() -> Iterator[Event]:
        raise ValueError
        yield  # a generator all the same

    for _ in range(3):
        with pytest.raises(ValueError):
            list(work.line.through("a", broken, threading.Event()))
    work.begin("a", "a1")
    work.begin("a", "a2")
