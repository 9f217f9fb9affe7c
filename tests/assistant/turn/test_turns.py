"""A chat answers one question at a time, and closing waits for what is being answered."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from assistant.turn.running import RunningTurn
from assistant.turn.turns import Turns
from store.errors import CaseError


class Steps:
    """A turn that takes steps until it is stopped."""

    def __init__(self) -> None:
        self.cancelled, self.begun, self.freed = threading.Event(), threading.Event(), False
        self.steps_after_freed = 0

    def events(self) -> Iterator[str]:
        while not self.cancelled.wait(0.001):
            self.steps_after_freed += self.freed
            self.begun.set()
            yield "step"

    def start(self) -> RunningTurn:
        return RunningTurn(self.events, self.cancelled)  # type: ignore[arg-type]


def test_a_chat_that_answers_takes_no_second_question_and_another_chat_does() -> None:
    turns, first, second = Turns(), Steps(), Steps()
    turns.start("a", first.start)
    with pytest.raises(CaseError, match="still answering"):
        turns.start("a", second.start)
    turns.start("b", second.start)
    assert turns.close()


def test_a_chat_is_taken_while_the_files_of_a_question_are_read() -> None:
    turns, slow = Turns(), Steps()

    def reads_files() -> RunningTurn:
        with pytest.raises(CaseError, match="still answering"):
            turns.start("a", Steps().start)
        return slow.start()

    turns.start("a", reads_files)
    assert turns.close()


def test_a_question_that_was_refused_leaves_its_chat_free() -> None:
    turns, after = Turns(), Steps()

    def refuses() -> RunningTurn:
        raise CaseError("no file can be used")

    with pytest.raises(CaseError, match="no file"):
        turns.start("a", refuses)
    turns.start("a", after.start)
    assert turns.close()


def test_a_chat_whose_turn_ended_answers_again() -> None:
    turns, first = Turns(), Steps()
    turn = turns.start("a", first.start)
    turn.stop()
    turn.wait(10)
    turns.start("a", Steps().start)
    assert turns.close()


def test_closing_ends_what_is_being_answered_before_anything_is_let_go_of() -> None:
    turns, several = Turns(), [Steps() for _ in range(3)]
    running = [turns.start(str(n), one.start) for n, one in enumerate(several)]
    assert all(one.begun.wait(10) for one in several)
    assert turns.close()
    for one in several:
        one.freed = True
    assert all(turn.done for turn in running)
    assert not any(one.steps_after_freed for one in several)
    with pytest.raises(CaseError, match="closed"):
        turns.start("4", Steps().start)


def test_of_many_who_ask_at_once_one_is_answered() -> None:
    turns, gate, told = Turns(), threading.Barrier(8), list[str]()

    def ask(one: Steps) -> None:
        gate.wait()
        try:
            turns.start("a", one.start)
            told.append("answered")
        except CaseError:
            told.append("refused")

    threads = [threading.Thread(target=partial(ask, Steps())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["answered", *["refused"] * 7]
    assert turns.close()
