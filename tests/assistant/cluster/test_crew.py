"""A crew: order, deaths, and what is said of them; with a stand-in for Ray."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assistant.cluster.crew import DIED, Crew, Here, Lost, Sent
from assistant.cluster.packed import pack
from assistant.cluster.worker import Refusal
from store.errors import CaseError, SetupError
from tests.scripted.ray_stand_in import RayStandIn


@dataclass
class Doubling:
    """Doubles numbers; refuses -1 and breaks at -2."""

    nbytes: int = 0
    machine: str = "one"
    loads_a_model: bool = False

    def open(self) -> Doubling:
        if self.machine == "without":
            raise SetupError("There is no model.")
        return self

    def about(self) -> dict[str, Any]:
        return {"machine": self.machine}

    def do(self, item: int) -> int:
        if item == -1:
            raise CaseError("It is not read.")
        if item == -2:
            raise ValueError("patient Doe")
        return 2 * item


@pytest.fixture(autouse=True)
def log_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker of the stand-in is in this process, and quietens its log."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [*logging.getLogger().handlers])


def crew(
    ray: RayStandIn, job: Doubling | None = None, *, most: int = 2, said: list[str] | None = None
) -> Crew:
    tell = (said if said is not None else []).append
    return Crew(ray, job or Doubling(), most=most, options={}, memory=100, tell=tell)


def sent(numbers: Iterator[int] | range) -> Iterator[Sent]:
    return (Sent(number, 1) for number in numbers)


@pytest.mark.parametrize("seed", range(5))
def test_answers_come_in_the_order_of_the_items_whoever_is_first(seed: int) -> None:
    ray = RayStandIn(choose=Random(seed).choice)
    assert list(crew(ray).map(sent(range(100)))) == [2 * number for number in range(100)]
    assert {number for number, _ in ray.given} == {0, 1}


def test_items_are_taken_only_as_far_as_they_are_needed() -> None:
    taken: list[int] = []

    def items() -> Iterator[Sent]:
        for number in range(1_000):
            taken.append(number)
            yield Sent(number, 1)

    answers = crew(RayStandIn()).map(items())
    assert next(answers) == 0
    assert len(taken) < 40


def test_large_items_wait_until_others_have_come_back() -> None:
    taken: list[int] = []

    def items() -> Iterator[Sent]:
        for number in range(10):
            taken.append(number)
            yield Sent(number, 200 * 2**20)

    answers = crew(RayStandIn()).map(items())
    next(answers)
    assert len(taken) <= 3
    assert len(list(answers)) == 9


def test_what_is_known_here_takes_its_place_in_the_order() -> None:
    items = [Sent(1, 1), Here("known"), Sent(2, 1)]
    assert list(crew(RayStandIn()).map(items)) == [2, "known", 4]


def test_a_refusal_is_the_answer_of_its_item_alone() -> None:
    answers = list(crew(RayStandIn()).map(sent(iter((5, -1, 7)))))
    assert answers == [10, Refusal("It is not read.", operator=False), 14]


def test_what_a_worker_that_ended_had_begun_is_done_by_another_and_it_is_said() -> None:
    said: list[str] = []
    ray = RayStandIn(kills=lambda number, words: number == 0 and words == (4,))
    assert list(crew(ray, said=said).map(sent(range(20)))) == [2 * number for number in range(20)]
    assert said == [DIED]
    assert len(ray.actors) == 3


@pytest.mark.parametrize("seed", range(5))
def test_an_item_that_ends_every_worker_is_left_out_and_no_other(seed: int) -> None:
    ray = RayStandIn(kills=lambda _, words: words == (4,), choose=Random(seed).choice)
    answers = list(crew(ray).map(sent(range(30))))
    assert isinstance(answers.pop(4), Lost)
    assert answers == [2 * number for number in range(30) if number != 4]
    assert sum(item == 4 for _, item in ray.given) <= 3


def test_workers_that_never_start_are_told_and_not_tried_for_ever() -> None:
    ray = RayStandIn(kills=lambda _number, words: not words)
    with pytest.raises(SetupError, match="No worker of the cluster could be started"):
        crew(ray).open()
    assert len(ray.actors) == 3


def test_machines_that_differ_are_refused_with_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    machines = iter(("one", "another"))
    monkeypatch.setattr(Doubling, "about", lambda _: {"package numpy": next(machines)})
    with pytest.raises(SetupError, match="machines of the cluster differ in package numpy"):
        list(crew(RayStandIn()).map(sent(range(30))))


def test_a_job_that_cannot_be_done_there_is_told_in_its_own_sentence() -> None:
    with pytest.raises(SetupError, match=r"On a machine of the cluster: There is no model\."):
        crew(RayStandIn(), Doubling(machine="without")).open()


def test_as_many_workers_are_started_as_their_models_find_room() -> None:
    ray = RayStandIn()
    list(crew(ray, Doubling(nbytes=30), most=8).map(sent(range(99))))
    assert len(ray.actors) == 3


def test_a_bug_over_there_is_told_by_type_and_place_and_never_in_its_words() -> None:
    with pytest.raises(RuntimeError) as broke:
        list(crew(RayStandIn()).map(sent(iter((-2,)))))
    assert "ValueError at test_crew.py" in str(broke.value)
    assert "Doe" not in str(broke.value)


def test_all_workers_are_ended_when_a_crew_is_closed() -> None:
    ray = RayStandIn()
    whole = crew(ray)
    next(whole.map(sent(range(30))))
    whole.close()
    assert [actor.alive for actor in ray.actors] == [False, False]


def test_files_travel_in_the_order_in_which_they_are_read_and_without_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "Doe^Jane"
    for name in ("b.dcm", "a.dcm", "inner/c.dcm"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / "link.dcm").symlink_to(folder / "a.dcm")
    packed = pack(folder, 100)
    assert packed is not None
    assert packed.files == (b"a.dcm", b"b.dcm", b"inner/c.dcm")
    laid = packed.lay_out(tmp_path / "there")
    assert [path.read_bytes() for path in sorted(laid.iterdir())] == list(packed.files)
    assert "Doe" not in repr([path.name for path in laid.iterdir()])


def test_what_cannot_be_sent_is_left_to_whoever_reads_it_here(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"12345")
    assert pack(tmp_path / "large", 4) is None
    assert pack(tmp_path / "absent", 4) is None
