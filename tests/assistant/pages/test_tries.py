"""How often somebody may try."""

from __future__ import annotations

from assistant.pages.tries import Tries


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_each_has_so_many_tries_within_the_time_and_is_told_how_long_to_wait() -> None:
    clock = Clock()
    tries = Tries(2, 10, 60.0, clock)
    assert tries.take("one") == 0
    clock.now += 10
    assert tries.take("one") == 0
    assert tries.take("one") == 50
    assert tries.take("two") == 0
    clock.now += 50
    assert tries.take("one") == 0
    assert tries.take("one") == 10


def test_all_together_have_so_many_tries_whoever_they_say_they_are() -> None:
    clock = Clock()
    tries = Tries(2, 5, 60.0, clock)
    assert [tries.take(str(number)) for number in range(6)] == [0, 0, 0, 0, 0, 60]
    clock.now += 60
    assert tries.take("6") == 0


def test_a_try_that_does_not_count_is_given_back() -> None:
    tries = Tries(1, 10, 60.0, Clock())
    assert tries.take("one") == 0
    tries.give_back("two")
    assert tries.take("one") == 60
    tries.give_back("one")
    assert tries.take("one") == 0


def test_a_refused_try_does_not_make_the_wait_longer() -> None:
    clock = Clock()
    tries = Tries(1, 10, 60.0, clock)
    tries.take("one")
    clock.now += 59
    assert tries.take("one") == 1
    clock.now += 1
    assert tries.take("one") == 0
