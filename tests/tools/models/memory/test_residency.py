"""Which models are in memory, tried with models that only keep book of who uses them."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import pytest

from store.errors import SetupError
from tools.models.memory.residency import Residency
from tools.models.memory.residents import Source
from tools.models.weights.fit import Need

ONE = 115  # what a model of 100 bytes takes with its work


class Model:
    """Keeps book of its users, and fails when two use it at once or it is used after it left."""

    def __init__(self, name: str) -> None:
        self.name, self.nbytes = name, 100
        self.users: list[str] = []
        self.here = threading.Lock()

    def answer(self, question: str, s: float = 0.0) -> str:
        assert self.here.acquire(blocking=False), f"two at once use {self.name}"
        try:
            self.users.append(question)
            time.sleep(s)
            return f"{self.name} to {question}"
        finally:
            self.here.release()


class Shelf:
    """Sources of models by name, and what was loaded in which order."""

    def __init__(self) -> None:
        self.loads: list[str] = []
        self.forgot: list[str] = []

    def source(
        self, name: str, *, weights: int = 100, load: Callable[[], Model] | None = None
    ) -> Source[Model]:
        def bring() -> Model:
            self.loads.append(name)
            return Model(name)

        return Source(
            name=name,
            key=name,
            device="cpu",
            need=Need(weights, weights),
            load=load or bring,
            forget=lambda model: self.forgot.append(model.name),
        )


def use(
    residency: Residency, source: Source[Model], work: Callable[[Model], str], **more: object
) -> str | None:
    how = {"cancelled": threading.Event(), "until": time.monotonic() + 30} | more
    return residency.run(source, work, **how)  # type: ignore[arg-type]


def names(residency: Residency) -> set[str]:
    return {one.name for one in residency.status()}


class Held:
    """A use that goes on in a thread until it is let go."""

    def __init__(self, residency: Residency, source: Source[Model]) -> None:
        self.begun, self.end = threading.Event(), threading.Event()

        def work(_: Model) -> str:
            self.begun.set()
            self.end.wait(30)
            return ""

        self.thread = threading.Thread(target=use, args=(residency, source, work))
        self.thread.start()
        assert self.begun.wait(10)

    def let_go(self) -> None:
        self.end.set()
        self.thread.join(10)


def queue_up(residency: Residency, source: Source[Model], work: Callable[[Model], str]) -> threading.Thread:
    """A use that is in line when this returns."""
    before = len(residency._line)
    thread = threading.Thread(target=use, args=(residency, source, work))
    thread.start()
    until = time.monotonic() + 10
    while len(residency._line) == before:
        assert time.monotonic() < until
        time.sleep(0.002)
    return thread


def test_eight_chats_over_three_models_with_room_for_one() -> None:
    shelf, most = Shelf(), []
    residency = Residency(lambda *_: ONE, lambda rows: most.append(len(rows)))
    wrong: list[object] = []

    def chat(n: int) -> None:
        choose = random.Random(n)
        for turn in range(5):
            name, question = choose.choice("ABC"), f"chat {n} turn {turn}"
            said = use(residency, shelf.source(name), lambda model, q=question: model.answer(q, 0.005))
            if said != f"{name} to {question}":
                wrong.append(said)

    chats = [threading.Thread(target=chat, args=(n,)) for n in range(8)]
    for one in chats:
        one.start()
    for one in chats:
        one.join(30)
    assert not any(one.is_alive() for one in chats), "they wait for each other"
    assert wrong == []
    assert max(most) == 1
    assert set(shelf.loads) == set("ABC")


def test_the_line_is_served_in_the_order_of_arrival() -> None:
    shelf, served = Shelf(), []
    residency = Residency(lambda *_: ONE)
    first = Held(residency, shelf.source("A"))
    order = ["B", "A", "C", "A", "B", "C", "A", "B"]
    threads = [
        queue_up(residency, shelf.source(name), lambda model, n=n: served.append((n, model.name)) or "")
        for n, name in enumerate(order)
    ]
    first.let_go()
    for thread in threads:
        thread.join(10)
    assert served == list(enumerate(order))


def test_a_model_in_use_does_not_leave() -> None:
    shelf = Shelf()
    residency = Residency(lambda *_: ONE)
    first = Held(residency, shelf.source("A"))
    second = queue_up(residency, shelf.source("B"), lambda model: model.answer("q"))
    time.sleep(0.3)
    assert names(residency) == {"A"}
    assert shelf.loads == ["A"]
    first.let_go()
    second.join(10)
    assert names(residency) == {"B"}


def test_the_least_recently_used_model_leaves() -> None:
    shelf = Shelf()
    residency = Residency(lambda *_: 2 * ONE)
    for name in "ABAC":
        use(residency, shelf.source(name), lambda model: model.answer("q"))
    assert names(residency) == {"A", "C"}
    assert shelf.loads == ["A", "B", "C"]


def test_who_waits_for_a_busy_model_lets_others_pass_to_an_idle_one() -> None:
    shelf = Shelf()
    residency = Residency(lambda *_: 2 * ONE)
    use(residency, shelf.source("B"), lambda model: model.answer("q"))
    busy = Held(residency, shelf.source("A"))
    waiting = queue_up(residency, shelf.source("A"), lambda model: model.answer("second"))
    assert use(residency, shelf.source("B"), lambda model: model.answer("third")) == "B to third"
    assert waiting.is_alive()
    busy.let_go()
    waiting.join(10)


def test_nobody_passes_who_would_keep_room_from_one_who_waits_for_it() -> None:
    shelf, served = Shelf(), []
    residency = Residency(lambda *_: 2 * ONE)
    held = [Held(residency, shelf.source(name)) for name in "AB"]
    room = queue_up(residency, shelf.source("C"), lambda model: served.append(model.name) or "")
    held[0].let_go()
    room.join(10)
    assert served == ["C"]
    room = queue_up(residency, shelf.source("D", weights=200), lambda model: served.append(model.name) or "")
    # C is in memory and idle, but D waits for its room.
    late = queue_up(residency, shelf.source("C"), lambda model: served.append(model.name) or "")
    held[1].let_go()
    for thread in (room, late):
        thread.join(10)
    assert served == ["C", "D", "C"]


def test_two_chats_that_want_the_same_model_load_it_once() -> None:
    shelf, begun = Shelf(), threading.Event()

    def slow() -> Model:
        shelf.loads.append("A")
        begun.set()
        time.sleep(0.1)
        return Model("A")

    residency = Residency(lambda *_: ONE)
    threads = [
        threading.Thread(target=use, args=(residency, shelf.source("A", load=slow), lambda m: m.answer("q")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert shelf.loads == ["A"]


def test_what_cannot_fit_is_refused_at_once_with_the_ways_out() -> None:
    shelf = Shelf()
    residency = Residency(lambda *_: ONE)
    held = Held(residency, shelf.source("A"))
    with pytest.raises(SetupError, match=r"babydoctor needs about .*BABYDOCTOR_SERVER=URL"):
        use(residency, shelf.source("babydoctor", weights=101), lambda model: model.answer("q"))
    assert names(residency) == {"A"}
    held.let_go()


@pytest.mark.parametrize("why", ["stopped", "time"])
def test_who_stops_or_runs_out_of_time_leaves_the_line_and_holds_nobody_up(why: str) -> None:
    shelf, cancelled = Shelf(), threading.Event()
    residency = Residency(lambda *_: ONE)
    held = Held(residency, shelf.source("A"))
    until = time.monotonic() + (0.1 if why == "time" else 30)
    if why == "stopped":
        threading.Timer(0.1, cancelled.set).start()
    never = use(
        residency, shelf.source("B"), lambda model: model.answer("q"), cancelled=cancelled, until=until
    )
    assert never is None
    held.let_go()
    assert use(residency, shelf.source("C"), lambda model: model.answer("q")) == "C to q"
    assert shelf.loads == ["A", "C"]


def test_a_load_that_fails_leaves_nothing_behind() -> None:
    shelf = Shelf()
    residency = Residency(lambda *_: ONE)

    def fail() -> Model:
        raise SetupError("The adapter is for another base.")

    with pytest.raises(SetupError, match="another base"):
        use(residency, shelf.source("A", load=fail), lambda model: model.answer("q"))
    assert residency.status() == []
    assert use(residency, shelf.source("B"), lambda model: model.answer("q")) == "B to q"


def test_when_memory_runs_out_the_others_leave_and_it_is_done_once_more() -> None:
    shelf, tries = Shelf(), []
    residency = Residency(lambda *_: 3 * ONE)
    use(residency, shelf.source("B"), lambda model: model.answer("q"))

    def work(model: Model) -> str:
        tries.append(names(residency))
        if len(tries) == 1:
            raise MemoryError
        return model.answer("q")

    assert use(residency, shelf.source("A"), work) == "A to q"
    assert tries == [{"A", "B"}, {"A"}]
    assert shelf.forgot == ["A"]


def test_when_memory_runs_out_twice_it_is_a_sentence_and_the_model_can_be_asked_again() -> None:
    shelf = Shelf()
    residency = Residency(lambda *_: ONE)

    def work(_: Model) -> str:
        raise RuntimeError(
            "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9"
        )

    with pytest.raises(SetupError, match="A ran out of memory on cpu twice") as caught:
        use(residency, shelf.source("A"), work)
    assert "enforce" not in str(caught.value)
    assert use(residency, shelf.source("A"), lambda model: model.answer("q")) == "A to q"
    assert shelf.loads == ["A"]


def test_memory_that_runs_out_while_loading_is_tried_once_more() -> None:
    shelf, tries = Shelf(), []

    def load() -> Model:
        tries.append(1)
        if len(tries) == 1:
            raise MemoryError
        return Model("A")

    residency = Residency(lambda *_: ONE)
    assert use(residency, shelf.source("A", load=load), lambda model: model.answer("q")) == "A to q"


def test_a_bug_is_not_taken_for_a_lack_of_memory() -> None:
    shelf, tries = Shelf(), []
    residency = Residency(lambda *_: ONE)

    def work(_: Model) -> str:
        tries.append(1)
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes"):
        use(residency, shelf.source("A"), work)
    assert tries == [1]
    assert not residency.status()[0].in_use


def test_the_status_says_what_is_where_how_large_and_how_long_it_took() -> None:
    shelf, shown, told = Shelf(), [], []
    residency = Residency(lambda *_: ONE, shown.append)
    use(residency, shelf.source("A"), lambda model: model.answer("q"), on_wait=told.append)
    (row,) = residency.status()
    assert (row.name, row.device, row.nbytes, row.in_use, row.waiting) == ("A", "cpu", 100, False, 0)
    assert row.load_s is not None
    assert row.load_s >= 0
    assert shown[-1] == [row]
    assert told == ["Loading A: 0.1 kB to cpu"]
    held = Held(residency, shelf.source("A"))
    waiting = queue_up(residency, shelf.source("A"), lambda model: model.answer("q"))
    assert (residency.status()[0].in_use, residency.status()[0].waiting) == (True, 1)
    held.let_go()
    waiting.join(10)
    residency.close()
    assert residency.status() == []
    assert shown[-1] == []


def test_a_small_model_stays_where_the_large_one_alone_makes_room() -> None:
    shelf = Shelf()
    residency = Residency(lambda *_: 400)
    use(residency, shelf.source("small"), lambda model: model.answer("q"))
    use(residency, shelf.source("large", weights=200), lambda model: model.answer("q"))
    use(residency, shelf.source("new", weights=200), lambda model: model.answer("q"))
    assert names(residency) == {"small", "new"}


def test_what_is_half_loaded_makes_nobody_else_too_large_for_good() -> None:
    shelf, begun, go_on = Shelf(), threading.Event(), threading.Event()
    free = 2 * ONE

    def slow() -> Model:
        nonlocal free
        free = ONE // 2  # the half of it that is there already counts as taken by others
        begun.set()
        assert go_on.wait(10)
        free = 2 * ONE
        return Model("A")

    residency = Residency(lambda *_: free)
    loading = threading.Thread(
        target=use, args=(residency, shelf.source("A", load=slow), lambda model: model.answer("q"))
    )
    loading.start()
    assert begun.wait(10)
    told: list[str] = []
    other = queue_up(residency, shelf.source("B"), lambda model: told.append(model.name) or "")
    go_on.set()
    for thread in (loading, other):
        thread.join(10)
    assert told == ["B"]
    assert names(residency) == {"A", "B"}


def test_a_place_in_the_line_is_given_up_where_telling_of_it_fails() -> None:
    shelf = Shelf()
    residency = Residency(lambda *_: ONE)
    busy = Held(residency, shelf.source("A"))

    def fails(_: str) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        use(residency, shelf.source("A"), lambda model: model.answer("q"), on_wait=fails)
    busy.let_go()
    assert use(residency, shelf.source("A"), lambda model: model.answer("next")) == "A to next"
    assert not residency._line
