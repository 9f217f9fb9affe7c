"""What lies around cases is looked up once, whatever they are called afterwards."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from store.cases import surroundings
from store.cases.quality import Around
from tests.inputs.case_library import library, mole, moles, read, unknown


@pytest.fixture
def root(tmp_path: Path) -> Path:
    library(tmp_path / "l").import_csv(moles(tmp_path / "set", 48), read, unknown)
    return tmp_path / "l"


def looked(*_: object) -> Around:
    raise AssertionError("looked up again")


def test_a_new_label_changes_the_figures_without_looking_around_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = library(root).collections()
    monkeypatch.setattr(surroundings, "look_around", looked)
    here = library(root)
    for case in here.cases()[:20]:
        here.relabel(case.id, "wart")
    found = here.search(mole(500), "dermatology")
    (after,) = library(root).collections()
    assert (before.precision, after.precision) == (1.0, found.neighbours.precision)
    assert after.precision is not None
    assert after.precision < 0.9
    assert after.labels["wart"] == 20
    assert after.near == before.near


def test_a_case_more_or_less_is_looked_around_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "look_around", looked)
    here = library(root)
    here.remove([here.cases()[0].id])
    with pytest.raises(AssertionError, match="looked up again"):
        here.search(mole(500), "dermatology")


def test_a_file_that_is_cut_short_is_made_anew(root: Path) -> None:
    (before,) = library(root).collections()
    (kept,) = root.glob("around-*.npz")
    whole = kept.read_bytes()
    assert b"nevus" not in whole
    for file in root.glob("measured-*.json"):
        file.unlink()
    kept.write_bytes(whole[: len(whole) // 2])
    assert library(root).collections() == [before]
    assert kept.read_bytes() == whole


@pytest.mark.parametrize(
    ("measured", "size", "serves"),
    [(40, 40, True), (40, 41, False), (2_000, 2_001, False), (3_000, 3_300, True), (3_000, 3_301, False)],
)
def test_a_large_collection_may_grow_by_a_tenth(measured: int, size: int, serves: bool) -> None:
    none = np.zeros((0, 6))
    assert Around(measured, np.zeros(0, np.int64), none.astype(np.int64), none.astype(np.float32)).serves(
        size
    ) is (serves)
    assert not Around(size, np.zeros(0, np.int64), none.astype(np.int64), none.astype(np.float32)).serves(
        size - 1
    )
