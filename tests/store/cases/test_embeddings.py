"""Importing cases as vectors: matched by key, kept apart by version, named by row when unusable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from store.cases import embeddings as case_embeddings
from store.cases import graph
from store.cases.encoding import imported
from store.cases.library import Library
from store.errors import CaseError
from tests.inputs.case_library import library, moles, read, unknown
from tests.inputs.npz_files import keyed, stacked, table, vectors

ABOUT = imported("derm-foundation", "dermatology")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "library"


def rows(count: int) -> list[tuple[str, str, str]]:
    return [
        (f"dataset/images/{i}.png", "eczema" if i % 2 else "urticaria", f"p{i // 2}") for i in range(count)
    ]


def bring(root: Path, tmp_path: Path, count: int = 6) -> Library:
    cases = library(root)
    cases.import_vectors(
        keyed(tmp_path / "a.npz", vectors(count)), table(tmp_path / "a.csv", rows(count)), ABOUT
    )
    return cases


def test_vectors_become_cases_without_a_picture(root: Path, tmp_path: Path) -> None:
    labels = table(
        tmp_path / "a.csv",
        [("dataset/images/0.png", "eczema", "photo", "SCIN", "SCIN licence", "arm")],
        "key,label,modality,source,license,body part",
    )
    cases = library(root)
    report = cases.import_vectors(keyed(tmp_path / "a.npz", vectors(3)), labels, ABOUT)
    assert (report.added, report.skipped) == (1, ())
    assert "Left out, as the table has no row for them: 2 vectors." in str(report)
    [case] = cases.cases()
    assert (case.key, case.label, case.modality, case.source, case.licence, case.body_part) == (
        "", "eczema", "XC", "SCIN", "SCIN licence", "arm",
    )  # fmt: skip
    assert case.caption == "imported as a vector under the key dataset/images/0.png"
    [info] = cases.collections()
    assert info.encoder == "derm-foundation-imported, version unknown"
    assert np.allclose(np.linalg.norm(cases.vectors(info.name)[3], axis=1), 1, atol=1e-6)


def test_rows_are_matched_by_the_whole_key_or_by_the_name_in_it(root: Path, tmp_path: Path) -> None:
    labels = table(tmp_path / "a.csv", [("1", "eczema"), ("dataset/images/2.png", "urticaria")], "id,label")
    report = library(root).import_vectors(keyed(tmp_path / "a.npz", vectors(4)), labels, ABOUT)
    assert report.added == 2
    assert {case.caption[-5:] for case in library(root).cases()} == {"1.png", "2.png"}


def test_two_arrays_are_imported_as_well(root: Path, tmp_path: Path) -> None:
    file = stacked(tmp_path / "a.npz", vectors(3), ["a", "b", "c"])
    labels = table(tmp_path / "a.csv", [(key, "eczema") for key in "abc"], "id,label")
    assert library(root).import_vectors(file, labels, ABOUT).added == 3


def test_what_cannot_be_used_is_named_by_its_row_and_the_rest_is_imported(root: Path, tmp_path: Path) -> None:
    good = vectors(7)
    good[1, 5] = np.nan
    good[2] = 0
    listed = list(good)
    listed[3] = listed[3][:100]
    keys = [f"images/{i}.png" for i in range(7)]
    np.savez(tmp_path / "a.npz", **dict(zip(keys, listed, strict=True)))
    given = [(key, "eczema") for key in keys]
    given[6] = ("images/none.png", "eczema")
    given.append((keys[0], "urticaria"))
    given.append(("", "eczema"))
    report = library(root).import_vectors(
        tmp_path / "a.npz", table(tmp_path / "a.csv", given, "key,label"), ABOUT
    )
    assert report.added == 3
    told = {row.line: row.reason for row in report.skipped}
    assert told[3] == "The vector 'images/1.png' holds numbers that are missing or infinite."
    assert told[4] == "The vector 'images/2.png' is zero throughout."
    assert told[5] == "The vector 'images/3.png' has 100 numbers and not 6144."
    assert told[8] == "'images/none.png' is not in the file. Its keys look like 'images/0.png'."
    assert told[9] == "'images/0.png' is in line 2 as well; the first one counts."
    assert told[10] == "The key is missing."
    assert len(told) == 6


def test_a_table_of_other_keys_says_once_what_keys_look_like(root: Path, tmp_path: Path) -> None:
    labels = table(tmp_path / "a.csv", [(f"x{i}", "eczema") for i in range(5)], "key,label")
    report = library(root).import_vectors(keyed(tmp_path / "a.npz", vectors(2)), labels, ABOUT)
    assert "all 5: The keys are not in the file. Its keys look like 'dataset/images/0.png'." in str(report)
    assert library(root).collections() == []


def test_the_first_vector_says_how_long_they_are_where_no_card_does(root: Path, tmp_path: Path) -> None:
    about = imported("pubmedclip", "radiology")
    labels = table(tmp_path / "a.csv", rows(4))
    library(root).import_vectors(keyed(tmp_path / "a.npz", vectors(2, 16)), labels, about)
    report = library(root).import_vectors(keyed(tmp_path / "a.npz", vectors(4, 8)), labels, about)
    assert report.already_there == 0
    assert [row.reason.endswith("has 8 numbers and not 16.") for row in report.skipped] == [True] * 4


def test_a_known_key_counts_as_there_only_with_the_same_numbers(root: Path, tmp_path: Path) -> None:
    cases = bring(root, tmp_path)
    before = cases.vectors(ABOUT.name)[3]
    again = vectors(6)
    again[0] *= 3  # a vector is its direction
    again[1] = again[1].astype(np.float16)
    again[2, 5] = np.nan
    again[3] = again[2 + 2]
    report = cases.import_vectors(keyed(tmp_path / "b.npz", again), tmp_path / "a.csv", ABOUT)
    assert (report.added, report.already_there) == (0, 4)
    told = {row.line: row.reason for row in report.skipped}
    assert told == {
        4: "The vector 'dataset/images/2.png' holds numbers that are missing or infinite.",
        5: "The vector 'dataset/images/3.png' is in the library with other numbers, which stay; --again "
        "drops them all first.",
    }
    assert np.array_equal(cases.vectors(ABOUT.name)[3], before)


def test_enormous_numbers_keep_their_direction(root: Path, tmp_path: Path) -> None:
    about = imported("pubmedclip", "radiology")
    values = np.array([[3e300, 4e300], [3e-300, 4e-300]])
    labels = table(tmp_path / "a.csv", rows(2))
    library(root).import_vectors(keyed(tmp_path / "a.npz", values), labels, about)
    assert np.allclose(library(root).vectors(about.name)[3], [[0.6, 0.8]] * 2)


def test_vectors_of_two_versions_are_never_put_together(root: Path, tmp_path: Path) -> None:
    cases = bring(root, tmp_path)
    known = imported("derm-foundation", "dermatology", "abcdef123456, input 448")
    given = tmp_path / "a.npz", tmp_path / "a.csv", known
    with pytest.raises(CaseError, match="holds vectors of version unknown, and these are of version abcdef"):
        cases.import_vectors(*given)
    cases.drop(known.name)
    assert cases.import_vectors(*given).added == 6
    assert cases.collections()[0].encoder.endswith("version abcdef123456, input 448")


def test_an_import_that_was_cut_off_goes_on_where_it_stopped(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_embeddings, "_BATCH", 4)
    file, labels = keyed(tmp_path / "a.npz", vectors(10)), table(tmp_path / "a.csv", rows(10))
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library(root).import_vectors(file, labels, ABOUT, progress=stop)
    assert told == [(4, 10), (8, 10)]
    report = library(root).import_vectors(file, labels, ABOUT)
    assert (report.added, report.already_there) == (2, 8)
    assert library(root).count() == 10


def test_they_stay_apart_from_the_cases_with_pictures(root: Path, tmp_path: Path) -> None:
    cases = bring(root, tmp_path)
    cases.import_csv(moles(tmp_path / "s", 4), read, unknown)
    assert [(info.name, info.size) for info in cases.collections()] == [
        ("casebook-skin-1", 4),
        ("derm-foundation-imported", 6),
    ]
    assert (cases.count(), len(cases.cases(limit=100))) == (10, 10)
    assert [case.label for case in cases.cases(limit=3, offset=3)] == ["nevus", "urticaria", "eczema"]


def test_they_are_relabelled_removed_and_outlive_a_rebuilt_index(root: Path, tmp_path: Path) -> None:
    cases = bring(root, tmp_path)
    first = cases.cases()[0]
    cases.relabel(first.id, "psoriasis")
    cases.rebuild()
    assert cases.cases()[0].label == "psoriasis"
    assert cases.remove([first.id]) == 1
    assert cases.count() == 5


def test_vectors_go_in_and_are_compared_by_pages_without_losing_one(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = imported("pubmedclip", "radiology")
    labels = table(tmp_path / "a.csv", rows(7))
    values = vectors(7, 16, labels=7)
    monkeypatch.setattr(graph, "PAGE", 3)
    library(root).import_vectors(keyed(tmp_path / "a.npz", values), labels, about)
    assert library(root).index.differing() == {}
    assert library(root).rebuild() == ({about.name: 7}, [])
    ids, named, _, got = library(root).vectors(about.name)
    assert len(set(ids)) == 7
    assert named == [label for _, label, _ in rows(7)]
    unit = values / np.linalg.norm(values, axis=1, keepdims=True)
    assert np.allclose(got, unit, atol=1e-6)
