"""Whatever is asked of the graph, the nearest are those that comparing with all would find."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from store.cases import search
from store.cases.case import Case, CaseFilter
from store.cases.held import Held, HeldCollections
from store.cases.ledger import CaseLedger, Entries
from store.cases.search import fitting, nearest

MANY, LONG = 4_000, 16


@dataclass
class ExactGraph:
    """Stands for a graph that finds what there is to find among its first rows; counts what it is asked."""

    covers: int
    asked: list[int] = field(default_factory=list)

    def __call__(self, held: Held, vector: np.ndarray, count: int) -> tuple[list[str], int] | None:
        self.asked.append(count)
        similarity = held.vectors[: self.covers] @ vector
        return [held.cases[row].id for row in np.argsort(-similarity)[:count]], self.covers


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW_NUMBERS", 100 * LONG)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """Ten clusters, each a modality; labels are rare, common or usual in all of them."""
    random = np.random.default_rng(0)
    cluster = random.integers(0, 10, MANY)
    points = random.normal(size=(10, LONG))[cluster] + 0.5 * random.normal(size=(MANY, LONG))
    unit = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    label = np.array(["rare", "common", "usual"])[np.searchsorted([0.03, 0.3], random.random(MANY))]
    cases = [
        Case(str(row), label[row], "", modality=f"M{cluster[row]}", group=f"g{row // 4}")
        for row in range(MANY)
    ]
    ledger = CaseLedger(tmp_path_factory.mktemp("held") / "cases.sqlite3")
    ledger.add_collection("c", {"dimension": LONG})
    ledger.add("c", Entries([case.id for case in cases], unit, [dict(case.metadata()) for case in cases]))
    found = HeldCollections(ledger).get(ledger.standings()["c"])
    assert found is not None
    return found


def exactly(held: Held, vector: np.ndarray, fits: np.ndarray | None, k: int = 10) -> list[str]:
    similarity = held.vectors @ vector
    rows = np.arange(MANY) if fits is None else np.flatnonzero(fits)
    return [str(row) for row in rows[np.argsort(-similarity[rows])[:k]]]


def found(held: Held, vector: np.ndarray, fits: np.ndarray | None, graph: ExactGraph) -> list[str]:
    return [match.case_id for match in nearest(held, vector, 10, fits, graph)]


@pytest.mark.parametrize("label", [None, "rare", "common", "usual"])
@pytest.mark.parametrize("covers", [MANY, MANY - 60, 300, 0])
def test_with_any_filter_and_any_part_in_the_graph(held: Held, label: str | None, covers: int) -> None:
    fits = fitting(held, CaseFilter(label=(label,)) if label else None, None, None)
    for row in range(0, 200, 10):
        query = held.vectors[row]
        assert found(held, query, fits, ExactGraph(covers)) == exactly(held, query, fits)


def test_few_are_compared_and_many_asked_for_once(held: Held) -> None:
    rare, common, usual = (
        fitting(held, CaseFilter(label=(label,)), None, None) for label in ("rare", "common", "usual")
    )
    graph = ExactGraph(MANY)
    found(held, held.vectors[0], rare, graph)
    assert graph.asked == []
    for fits in (common, usual, None):
        found(held, held.vectors[0], fits, graph)
    assert len(graph.asked) == 3
    assert graph.asked == sorted(graph.asked, reverse=True)


def test_of_a_large_collection_more_are_asked_for(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = ExactGraph(MANY), ExactGraph(MANY)
    found(held, held.vectors[0], None, small)
    monkeypatch.setattr(search, "_LARGE", MANY - 1)
    found(held, held.vectors[0], None, large)
    assert small.asked[0] < large.asked[0] == search._IF_LARGE


def test_cases_that_lie_far_from_the_query_are_found_all_the_same(held: Held) -> None:
    cases = held.cases
    far = next(case.modality for case in cases if case.modality != cases[0].modality)
    fits = fitting(held, CaseFilter(modality=(far,)), None, None)
    graph = ExactGraph(MANY)
    assert found(held, held.vectors[0], fits, graph) == exactly(held, held.vectors[0], fits)
    assert len(graph.asked) <= 2


def test_a_graph_that_cannot_be_asked_costs_nothing_but_time(held: Held) -> None:
    assert [match.case_id for match in nearest(held, held.vectors[5], 10, None, lambda *_: None)] == exactly(
        held, held.vectors[5], None
    )


def test_ids_that_the_collection_does_not_hold_are_passed_over(held: Held) -> None:
    graph = ExactGraph(MANY)

    def with_others(collection: Held, vector: np.ndarray, count: int) -> tuple[list[str], int]:
        ids, covers = graph(collection, vector, count) or ([], 0)
        return ["gone", *ids], covers

    matches = nearest(held, held.vectors[5], 10, None, with_others)
    assert [match.case_id for match in matches] == exactly(held, held.vectors[5], None)


def test_groups_are_left_out_beside_a_filter(held: Held) -> None:
    fits = fitting(held, CaseFilter(label=("Usual",)), held.cases[0], "g7")
    assert fits is not None
    kept = [case for case, fit in zip(held.cases, fits, strict=True) if fit]
    assert {case.label for case in kept} == {"usual"}
    assert not {"g0", "g7"} & {case.group for case in kept}
    assert len(kept) == sum(case.label == "usual" for case in held.cases[8:28] + held.cases[32:]) + sum(
        case.label == "usual" for case in held.cases[4:8]
    )


def test_cases_that_must_be_picked_are_compared_only_where_they_are_fewer_than_those_read_in_one_go(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW_NUMBERS", 3_000 * LONG)
    third, eighth = np.zeros(MANY, bool), np.zeros(MANY, bool)
    third[::3] = eighth[::8] = True
    for fits, asked in ((~third, 0), (third, 1), (eighth, 0)):
        graph = ExactGraph(MANY)
        assert found(held, held.vectors[7], fits, graph) == exactly(held, held.vectors[7], fits)
        assert len(graph.asked) == asked
