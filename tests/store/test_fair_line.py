"""The line: so many at once, and everybody in turn."""

from __future__ import annotations

import threading

import pytest

from store.fair_line import FairLine


def served(line: FairLine, tickets: dict[int, str]) -> list[str]:
    """Those who are served now, in the order in which they come to be."""
    return [name for ticket, name in tickets.items() if line.before(ticket, 0) is None]


def through(line: FairLine, *owners: str) -> str:
    """Who is served one after the other, when all stand in line before the first."""
    waiting = {line.stand(owner): owner for owner in owners}
    order = ""
    while waiting:
        ticket = next(one for one in waiting if line.before(one, 0) is None)
        order += waiting.pop(ticket)
        line.leave(ticket)
    return order


def test_ten_of_one_do_not_make_anothers_one_wait_for_all_ten() -> None:
    assert through(FairLine(1), *"aaaaaaaaaab") == "abaaaaaaaaa"


def test_everybody_is_served_in_turn() -> None:
    assert through(FairLine(1), *"aaabbcc") == "abcabca"


def test_who_has_the_fewest_being_served_is_next_and_no_more_than_so_many_are() -> None:
    line = FairLine(2)
    first = {line.stand(owner): owner for owner in "ab"}
    assert served(line, first) == ["a", "b"]
    more = {line.stand(owner): owner for owner in "aac"}
    assert served(line, more) == []
    assert len(line) == 3
    line.leave(next(iter(first)))  # a's
    assert [line.before(ticket, 0) for ticket in more] == [1, 2, None]


def test_who_leaves_the_line_is_not_waited_for_and_nobody_is_remembered() -> None:
    line = FairLine(1)
    held, gone, last = line.stand("a"), line.stand("b"), line.stand("c")
    assert line.before(held, 0) is None
    line.leave(gone)
    assert line.before(last, 0) == 0
    line.leave(held)
    assert line.before(last, 0) is None
    line.leave(last)
    assert (len(line), line._when, line._served) == (0, {}, {})


def test_who_waits_is_woken_when_it_is_their_turn() -> None:
    line = FairLine(1)
    held, ticket, told = line.stand("a"), line.stand("b"), threading.Event()
    assert line.before(held, 0) is None

    def wait() -> None:
        while line.before(ticket, 60) is not None:
            pass
        told.set()

    thread = threading.Thread(target=wait)
    thread.start()
    line.leave(held)
    assert told.wait(20)
    thread.join(20)


@pytest.mark.parametrize("at_once", [1, 3])
def test_all_are_served_however_many_threads_there_are(at_once: int) -> None:
    line, now, most, lock = FairLine(at_once), 0, 0, threading.Lock()

    def run(owner: str) -> None:
        nonlocal now, most
        ticket = line.stand(owner)
        while line.before(ticket, 0.05) is not None:
            pass
        with lock:
            now += 1
            most = max(most, now)
        with lock:
            now -= 1
        line.leave(ticket)

    threads = [threading.Thread(target=run, args=(str(n % 4),)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert now == 0
    assert 1 <= most <= at_once
