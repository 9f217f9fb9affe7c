"""What a process holds of a collection is what the ledger says, and what was held before stays as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from store.cases.case import Case, CaseFilter
from store.cases.held import Held, HeldCollections
from store.cases.ledger import CaseLedger, Entries


def test_what_is_held_follows_the_ledger_row_by_row(tmp_path: Path) -> None:
    ledger = CaseLedger(tmp_path / "cases.sqlite3")
    collections = HeldCollections(ledger)

    def now() -> Held:
        got = collections.get(ledger.standings()["c"])
        assert got is not None
        return got

    ledger.add_collection("c", {"dimension": 2})
    unit = np.eye(2, dtype=np.float32)
    for row in range(2):
        ledger.add("c", Entries([str(row)], unit[row : row + 1], [{"label": "a", "key": ""}]))
        assert [case.id for case in now().cases] == ["0", "1"][: row + 1]
    before = now()
    assert now() is before
    ledger.change("c", "0", {"label": "b"})
    assert [case.label for case in now().cases] == ["b", "a"]
    assert [case.label for case in before.cases] == ["a", "a"]
    ledger.delete("c", ["0"])
    assert [case.id for case in now().cases] == ["1"]
    assert np.array_equal(now().vectors, unit[1:])
    assert np.array_equal(before.vectors, unit)
    standing = ledger.standings()["c"]
    ledger.drop("c")
    assert collections.get(standing._replace(revision=99)) is None


def test_another_graph_changes_the_standing_and_nothing_is_read_again(tmp_path: Path) -> None:
    ledger = CaseLedger(tmp_path / "cases.sqlite3")
    ledger.add_collection("c", {"dimension": 2})
    ledger.add("c", Entries(["0"], np.eye(2, dtype=np.float32)[:1], [{"label": "a"}]))
    collections = HeldCollections(ledger)
    before = collections.get(ledger.standings()["c"])
    ledger.keep_graph("c", "", "made", 1)
    after = collections.get(ledger.standings()["c"])
    assert before is not None
    assert after is not None
    assert (before.standing.graph, after.standing.graph, after.standing.indexed) == ("", "made", 1)
    assert after.cases is before.cases


def test_a_filter_wants_any_value_of_every_field_and_no_capitals(tmp_path: Path) -> None:
    ledger = CaseLedger(tmp_path / "cases.sqlite3")
    ledger.add_collection("c", {"dimension": 2})
    cases = [
        Case("0", "Nevus", "", modality="DMS", licence="CC0"),
        Case("1", "wart", "", modality="XC", body_part="hand"),
        Case("2", "nevus", "k", modality="XC", group="g"),
    ]
    vectors = np.ones((3, 2), np.float32)
    ledger.add("c", Entries([case.id for case in cases], vectors, [dict(case.metadata()) for case in cases]))
    held = HeldCollections(ledger).get(ledger.standings()["c"])
    assert held is not None
    assert held.cases == cases

    def fits(**asked: tuple[str, ...]) -> list[bool]:
        return held.matching(CaseFilter(**asked)).tolist()

    assert fits() == [True, True, True]
    assert fits(label=("NEVUS",)) == [True, False, True]
    assert fits(label=("nevus", "wart"), modality=("xc",)) == [False, True, True]
    assert fits(body_part=("Hand", "foot")) == [False, True, False]
    assert fits(licence=("cc0",)) == [True, False, False]
    assert fits(label=("melanoma",)) == [False, False, False]
    assert held.outside({"group g", "case 1", "case 9"}).tolist() == [True, False, False]
    assert (held.with_key("k"), held.with_key("j")) == (True, False)
