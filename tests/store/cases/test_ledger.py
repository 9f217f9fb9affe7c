"""The ledger keeps every case exactly, in order, and all of a batch or none."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
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
    held.add_collection("skin", {"version": "1", "dimension": 5})
    return held


def everything(ledger: CaseLedger, name: str = "skin", after: int = -1) -> Entries:
    standing, told = ledger.news(name, after)
    if standing is None:
        return Entries([], np.zeros((0, 5), np.float32), [])
    vectors = ledger.rows.read(standing.rows, standing.size, standing.dimension)
    return Entries([one.id for one in told], vectors, [one.metadata for one in told])


def test_what_is_added_comes_back_exactly_and_in_order(ledger: CaseLedger) -> None:
    given = some(0, 1_203)
    ledger.add("skin", given)
    found = everything(ledger)
    assert found.ids == given.ids == ledger.last_ids("skin", 5_000)
    assert found.metadatas == given.metadatas
    assert np.array_equal(found.vectors, given.vectors)
    assert found.vectors.dtype == np.float32
    assert ledger.last_ids("skin", 2) == ["1201", "1202"]


def test_a_batch_with_a_case_that_is_there_leaves_nothing(ledger: CaseLedger) -> None:
    ledger.add("skin", some(0, 3))
    before = ledger.standings()
    with pytest.raises(sqlite3.IntegrityError):
        ledger.add("skin", some(2, 2))
    assert ledger.standings() == before
    assert everything(ledger).ids == ["0", "1", "2"]


def test_rows_of_a_batch_that_failed_are_written_over(
    ledger: CaseLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.add("skin", some(0, 2))
    write = ledger.rows.write

    def killed(*given: object) -> None:
        write(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger.rows, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        ledger.add("skin", some(50, 9))
    monkeypatch.undo()
    given = some(2, 3)
    ledger.add("skin", given)
    assert np.array_equal(everything(ledger).vectors[2:], given.vectors)
    ledger.check()


def test_a_change_touches_only_what_it_names(ledger: CaseLedger) -> None:
    ledger.add("skin", some(0, 2))
    ledger.change("skin", "1", {"label": "wart"})
    assert everything(ledger).metadatas == [{"label": "é 0", "group": "g"}, {"label": "wart", "group": "g"}]


def test_only_what_is_new_is_read_again(ledger: CaseLedger) -> None:
    ledger.add("skin", some(0, 2))
    first = ledger.standings()["skin"]
    ledger.change("skin", "1", {"label": "wart"})
    ledger.add("skin", some(2, 1))
    assert everything(ledger, after=first.revision).ids == ["1", "2"]


def test_what_is_written_to_a_collection_leaves_the_token_of_another(ledger: CaseLedger) -> None:
    ledger.add_collection("grey", {"dimension": 5})
    tokens = [one.token for one in ledger.standings().values()]
    ledger.add("skin", some(0, 3))
    now = [one.token for one in ledger.standings().values()]
    assert now[0] != tokens[0]
    assert now[1] == tokens[1]
    for change in (lambda: ledger.change("skin", "1", {"label": "x"}), lambda: ledger.delete("skin", ["2"])):
        before = ledger.standings()
        change()
        assert ledger.standings()["skin"].token != before["skin"].token
        assert ledger.standings()["grey"].token == before["grey"].token


def test_collections_are_apart(ledger: CaseLedger) -> None:
    ledger.add_collection("grey", {"version": "2", "dimension": 5})
    ledger.add_collection("skin", {"version": "9", "dimension": 5})
    ledger.add("skin", some(0, 2))
    ledger.add("grey", some(0, 3))
    ledger.delete("skin", ["0"])
    assert [(one.name, one.signature["version"]) for one in ledger.standings().values()] == [
        ("skin", "1"),
        ("grey", "2"),
    ]
    assert (everything(ledger).ids, everything(ledger, "grey").ids) == (["1"], ["0", "1", "2"])
    assert np.array_equal(everything(ledger).vectors, some(0, 2).vectors[1:])
    ledger.drop("grey")
    assert list(ledger.standings()) == ["skin"]
    assert everything(ledger, "grey").ids == []


@pytest.mark.parametrize("harm", [lambda data: data[:-1], lambda data: data[:40] + b"\x01" + data[41:]])
def test_a_damaged_file_of_vectors_is_seen(ledger: CaseLedger, harm: object) -> None:
    ledger.add("skin", some(0, 7))
    ledger.check()
    (file,) = ledger.rows.path("x").parent.iterdir()
    file.write_bytes(harm(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(sqlite3.DatabaseError, match="vectors"):
        ledger.check()


def test_the_table_of_an_earlier_casebook_is_taken_over_whole(tmp_path: Path) -> None:
    path, given = tmp_path / "cases.sqlite3", some(0, 1_203)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE collections (name TEXT PRIMARY KEY, signature TEXT NOT NULL)")
        db.execute("CREATE TABLE cases (number INTEGER PRIMARY KEY, collection, id, vector, metadata)")
        for name in ("skin", "empty"):
            db.execute("INSERT INTO collections VALUES (?, ?)", (name, json.dumps({"dimension": 5})))
        db.executemany(
            "INSERT INTO cases VALUES (?, 'skin', ?, ?, ?)",
            [
                (7 + i, one, given.vectors[i].astype("<f4").tobytes(), json.dumps(given.metadatas[i]))
                for i, one in enumerate(given.ids)
            ],
        )
    ledger = CaseLedger(path)
    found = everything(ledger)
    assert found.ids == given.ids
    assert found.metadatas == given.metadatas
    assert np.array_equal(found.vectors, given.vectors)
    assert everything(ledger, "empty").ids == []
    ledger.check()
    ledger.add("skin", some(2_000, 1))
    assert ledger.newest()[:2] == ["2000", "1202"]
    with closing(sqlite3.connect(path)) as db:
        assert not db.execute("SELECT 1 FROM sqlite_master WHERE name IN ('cases', 'earlier')").fetchall()
