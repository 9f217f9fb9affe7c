"""The ledger keeps every case exactly, in order, and all of a batch or none."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from store.cases.ledger import CaseLedger, Entries


def some(first: int, count: int) -> Entries:
    random = np.random.default_rng(first)
    vectors = random.normal(size=(count, 5)).astype(np.float32)
    ids = [str(i) for i in range(first, first + count)]
    return Entries(ids, vectors, [{"label": f"é {i}", "group": "g"} for i in ids])


@pytest.fixture
def ledger(tmp_path: Path) -> CaseLedger:
    held = CaseLedger(tmp_path / "cases.sqlite3")
    held.add_collection("skin", {"version": "1"})
    return held


def everything(ledger: CaseLedger, name: str = "skin") -> Entries:
    found = list(ledger.entries(name))
    if not found:
        return Entries([], np.zeros((0, 5), np.float32), [])
    return Entries(
        [i for e in found for i in e.ids],
        np.concatenate([e.vectors for e in found]),
        [m for e in found for m in e.metadatas],
    )


def test_what_is_added_comes_back_exactly_and_in_order(ledger: CaseLedger) -> None:
    given = some(0, 1_203)
    ledger.add("skin", given)
    found = everything(ledger)
    assert found.ids == given.ids
    assert found.metadatas == given.metadatas
    assert np.array_equal(found.vectors, given.vectors)
    assert found.vectors.dtype == np.float32


def test_a_case_that_is_added_again_is_there_once(ledger: CaseLedger) -> None:
    ledger.add("skin", some(0, 3))
    ledger.add("skin", some(2, 1))
    assert sorted(everything(ledger).ids) == ["0", "1", "2"]


def test_a_batch_that_fails_leaves_nothing(ledger: CaseLedger) -> None:
    given = some(0, 2)
    broken = Entries([given.ids[0], None], given.vectors, given.metadatas)  # type: ignore[list-item]
    with pytest.raises(sqlite3.IntegrityError):
        ledger.add("skin", broken)
    assert everything(ledger).ids == []


def test_a_change_touches_only_what_it_names(ledger: CaseLedger) -> None:
    ledger.add("skin", some(0, 2))
    ledger.change("skin", "1", {"label": "wart"})
    assert everything(ledger).metadatas == [{"label": "é 0", "group": "g"}, {"label": "wart", "group": "g"}]


def test_collections_are_apart(ledger: CaseLedger) -> None:
    ledger.add_collection("grey", {"version": "2"})
    ledger.add_collection("skin", {"version": "9"})
    ledger.add("skin", some(0, 2))
    ledger.add("grey", some(0, 3))
    ledger.delete("skin", ["0"])
    assert ledger.collections() == {"skin": {"version": "1"}, "grey": {"version": "2"}}
    assert (everything(ledger).ids, everything(ledger, "grey").ids) == (["1"], ["0", "1", "2"])
    ledger.drop("grey")
    assert list(ledger.collections()) == ["skin"]
    assert everything(ledger, "grey").ids == []
