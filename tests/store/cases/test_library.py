"""The case library on a real Chroma: look-alikes, filters, other processes, other encoders."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest

from store.cases import importing as importing_cases
from store.cases.case import Sought
from store.cases.index import open_index
from store.cases.library import CaseFilter, Library
from store.cases.shelf import quality_sentence
from store.cases.table import Row
from store.encoders import built_in_encoders
from store.errors import CaseError, SetupError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image
from store.records import Gate
from tests.inputs.case_library import DARK, RED, library, mole, moles, read, save, scan, unknown, write_csv
from tests.store.cases.test_importing import importing


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of 40 moles and 4 scans that no test changes."""
    root, folder = tmp_path_factory.mktemp("full"), tmp_path_factory.mktemp("sets")
    library(root).import_csv(moles(folder / "skin", 40), read, unknown)
    rows = []
    for i in range(4):
        name = save(folder / "grey", f"{i}.png", scan(i, wide=i > 1))
        rows.append((name, "chest" if i > 1 else "leg", "CT", "", "CC0" if i else "CC BY 4.0"))
    write_csv(folder / "grey", rows, "image,label,modality,group,licence")
    library(root).import_csv(folder / "grey", read, unknown)
    return root


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 6 moles as `set`, and their library as `library`."""
    folder = tmp_path_factory.mktemp("six")
    library(folder / "library").import_csv(moles(folder / "set", 6), read, unknown)
    return folder


@pytest.fixture
def small(six: Path, tmp_path: Path) -> Path:
    """A library of 6 moles to change, and their table beside it."""
    copytree(six, tmp_path, dirs_exist_ok=True)
    return tmp_path / "library"


def test_a_new_library_is_empty_and_costs_nothing_to_make(tmp_path: Path) -> None:
    empty = library(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert (empty.count(), empty.cases(), empty.collections()) == (0, [], [])
    found = empty.search(mole(), "dermatology")
    assert (found.matches, found.neighbours.size, found.neighbours.near) == ((), 0, False)


def test_the_nearest_cases_carry_the_label_of_what_they_look_like(full: Path) -> None:
    for colour, label in ((DARK, "nevus"), (RED, "angioma")):
        found = library(full).search(mole(1_000, colour), "dermatology")
        assert found.neighbours.counts == {label: 6}
        assert found.neighbours.near
        similarities = [match.similarity for match in found.matches]
        assert similarities == sorted(similarities, reverse=True)
        assert all(-1 <= s <= 1 for s in similarities)


def test_similarities_are_the_cosines_of_the_encoder(full: Path) -> None:
    query = mole(1_000, RED)
    encoder = built_in_encoders()[0]
    for match in library(full).search(query, "dermatology").matches:
        kept = read(library(full)._blobs.path(match.key)).pixels
        assert match.similarity == pytest.approx(
            float(encoder.encode(query) @ encoder.encode(kept)), abs=1e-3
        )


def test_the_domain_chooses_the_collection(full: Path) -> None:
    found = library(full).search(scan(9), "radiology", k=2)
    assert found.neighbours.counts == {"leg": 2}
    assert found.neighbours.collection == "casebook-grey-1"


@pytest.mark.parametrize("domain", ["other", "unknown"])
def test_a_picture_of_neither_kind_is_not_looked_up(full: Path, domain: str) -> None:
    with pytest.raises(CaseError, match="Only radiology and skin"):
        library(full).search(mole(), domain)


def test_a_picture_that_is_in_the_library_finds_neither_itself_nor_its_group(full: Path) -> None:
    found = library(full).search(mole(4, RED, radius=0.38), "dermatology", k=100)
    assert found.same is not None
    assert found.same.group == "p2"
    assert len(found.matches) == 38
    assert "p2" not in {match.group for match in found.matches}


def test_a_group_can_be_left_out(full: Path) -> None:
    found = library(full).search(mole(1_000), "dermatology", k=100, exclude_group="p7")
    assert len(found.matches) == 38
    assert "p7" not in {match.group for match in found.matches}


def test_nothing_is_called_near_when_nothing_is_near(full: Path) -> None:
    found = library(full).search(
        mole(5, (230, 240, 60), radius=1.0, ragged=0.6, skin=(60, 40, 30)), "dermatology"
    )
    assert len(found.matches) == 6
    assert not found.neighbours.near


def test_the_collection_measures_itself(full: Path) -> None:
    skin, grey = library(full).collections()
    assert skin.labels == {"nevus": 20, "angioma": 20}
    assert skin.precision is not None
    assert skin.precision > 0.9
    assert skin.chance == pytest.approx((40 / 2 - 1) / 38)
    assert skin.sentence.endswith("by chance 50 %.")
    assert f"In this collection {100 * skin.precision:.0f} % of the nearest six" in skin.sentence
    found = library(full).search(mole(1_000), "dermatology").neighbours
    assert (found.precision, found.chance, found.k) == (skin.precision, skin.chance, 6)
    assert grey.precision is None
    assert "too small" in grey.sentence


def test_a_mixed_collection_measures_each_modality_by_itself(tmp_path: Path) -> None:
    rows = []
    for i in range(48):
        kind, wide = ("US", i % 4 < 2) if i < 24 else ("CT", i % 3 == 0)
        picture = scan(i, wide=wide) // (2 if kind == "US" else 1)
        rows.append((save(tmp_path, f"{i}.png", picture), f"{kind} {i % 2}", kind, f"p{i}"))
    write_csv(tmp_path, rows)
    library(tmp_path / "library").import_csv(tmp_path, read, unknown)
    (info,) = library(tmp_path / "library").collections()
    assert set(info.within) == {"US", "CT"}
    for modality, name in (("US", "ultrasound"), ("CT", "CT")):
        found = library(tmp_path / "library").search(scan(0), "radiology", modality=modality).neighbours
        assert (found.precision, found.chance) == (info.within[modality].precision, pytest.approx(11 / 23))
        assert f"In the {name} part of this collection" in quality_sentence(
            found.precision, found.chance, found.k, found.among
        )
    other = library(tmp_path / "library").search(scan(0), "radiology", modality="MR").neighbours
    assert (other.among, other.precision) == ("", info.precision)
    again = Library(tmp_path / "library", BlobStore(tmp_path / "library" / "pictures")).collections()
    assert again == [info]


def test_the_measurement_is_kept_until_the_library_changes(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = library(small).collections()
    from store.cases import shelf as case_shelf

    calls: list[int] = []
    measure: Callable[..., Any] = case_shelf._measure
    monkeypatch.setattr(case_shelf, "_measure", lambda *given: calls.append(1) or measure(*given))
    assert library(small).collections() == first
    assert calls == []
    library(small).relabel(library(small).cases()[0].id, "wart")
    assert library(small).collections()[0].labels["wart"] == 1
    assert calls


def test_a_broken_measurement_file_is_measured_anew(small: Path) -> None:
    first = library(small).collections()
    (small / "measured-casebook-skin-1.json").write_text('{"token": 3')
    assert library(small).collections() == first


@pytest.mark.parametrize(
    ("where", "count"),
    [
        (CaseFilter(), 44),
        (CaseFilter(label=("NEVUS",)), 20),
        (CaseFilter(label=("nevus", "leg")), 22),
        (CaseFilter(modality=("ct",)), 4),
        (CaseFilter(licence=("cc0",)), 3),
        (CaseFilter(label=("leg",), licence=("CC0",)), 1),
        (CaseFilter(body_part=("foot",)), 0),
        (CaseFilter(sought=Sought(("NEV", "dermoscopy"))), 20),
        (CaseFilter(sought=Sought(("mole",), ("nevus",))), 20),
        (CaseFilter(sought=Sought(("mole", "CC0"), ("nevus",), ("CC0",))), 0),
        (CaseFilter(sought=Sought(("mole", "DMS"), ("nevus",), ("DMS",))), 20),
        (CaseFilter(label=("leg",), sought=Sought(("cc0",))), 1),
    ],
)
def test_filters_choose_cases_whatever_their_capitals(full: Path, where: CaseFilter, count: int) -> None:
    assert library(full).count(where) == count
    assert len(library(full).cases(where)) == count


def test_words_narrow_a_search_and_remove_nothing_by_themselves(full: Path) -> None:
    where = CaseFilter(sought=Sought(("angioma",)))
    found = library(full).search(mole(1_000, DARK), "dermatology", where=where)
    assert found.neighbours.counts == {"angioma": 6}
    assert library(full).remove(where=where) == 0


def test_a_case_is_found_by_its_id_and_a_case_that_is_gone_is_said_to_be(small: Path) -> None:
    one = library(small).cases()[0]
    assert library(small).case(one.id) == one
    library(small).remove([one.id])
    with pytest.raises(CaseError, match="may have been removed"):
        library(small).case(one.id)


def test_a_search_within_a_filter_finds_only_what_fits(full: Path) -> None:
    found = library(full).search(mole(1_000, DARK), "dermatology", where=CaseFilter(label=("angioma",)))
    assert found.neighbours.counts == {"angioma": 6}


def test_pages_of_cases_cover_the_library_once_in_order_of_import(full: Path) -> None:
    everything = library(full).cases(limit=1_000)
    pages = [library(full).cases(limit=7, offset=start) for start in range(0, 50, 7)]
    assert [case for page in pages for case in page] == everything
    assert [case.modality for case in everything] == ["DMS"] * 40 + ["CT"] * 4
    assert [case.group for case in everything[:4]] == ["p0", "p0", "p1", "p1"]


def test_removing_a_case_removes_its_picture_and_its_look_alike(small: Path) -> None:
    case = library(small).cases()[0]
    assert library(small).remove([case.id, "no-such-case"]) == 1
    assert library(small).count() == 5
    with pytest.raises(CaseError, match="no longer kept"):
        library(small)._blobs.path(case.key)
    assert case.id not in {m.case_id for m in library(small).search(mole(), "dermatology").matches}


def test_removing_by_filter_removes_what_fits(small: Path) -> None:
    assert library(small).remove(where=CaseFilter(label=("angioma",))) == 3
    assert [case.label for case in library(small).cases()] == ["nevus"] * 3


@pytest.mark.parametrize("given", [{}, {"where": CaseFilter()}, {"ids": []}])
def test_removing_nothing_in_particular_removes_nothing(small: Path, given: dict[str, Any]) -> None:
    assert library(small).remove(**given) == 0
    assert library(small).count() == 6


def test_a_thumbnail_that_another_case_shows_stays(tmp_path: Path) -> None:
    large = np.kron(mole(1, side=128), np.ones((8, 8, 1), np.uint8))
    shrunk = np.ascontiguousarray(large[::2, ::2])
    rows = [(save(tmp_path / "s", f"{i}.png", p), "x", "DMS", "") for i, p in enumerate((large, shrunk))]
    held = library(tmp_path / "library")
    held.import_csv(write_csv(tmp_path / "s", rows), read, unknown)
    first, second = held.cases()
    assert first.key == second.key
    held.remove([first.id])
    assert held._blobs.path(second.key).is_file()


def test_a_removed_case_can_be_imported_again(small: Path, tmp_path: Path) -> None:
    library(small).remove([library(small).cases()[0].id])
    assert library(small).import_csv(tmp_path / "set", read, unknown).added == 1
    assert all(library(small)._blobs.path(case.key).is_file() for case in library(small).cases())


def test_a_new_label_shows_at_once(small: Path) -> None:
    case = library(small).cases()[0]
    library(small).relabel(case.id, "  Spitz\nnevus ")
    assert library(small).cases(CaseFilter(label=("spitz nevus",)))[0].id == case.id
    assert library(small).cases()[0].caption == case.caption


@pytest.mark.parametrize(("identity", "label", "says"), [("nope", "x", "no case 'nope'"), ("", " ", "empty")])
def test_a_label_for_nothing_or_of_nothing_is_refused(
    small: Path, identity: str, label: str, says: str
) -> None:
    with pytest.raises(CaseError, match=says):
        library(small).relabel(identity, label)


@pytest.mark.process
def test_what_another_process_imports_is_found_without_reopening(small: Path, tmp_path: Path) -> None:
    here = library(small)
    assert len(here.search(mole(99), "dermatology", k=100).matches) == 6
    moles(tmp_path / "more", 10, first=50)
    child = importing(small, tmp_path / "more")
    child.communicate(timeout=60)
    assert here.count() == 16
    assert len(here.search(mole(99), "dermatology", k=100).matches) == 16
    assert here.collections()[0].size == 16


@pytest.mark.process
def test_what_is_written_here_and_there_in_turns_is_all_found(small: Path, tmp_path: Path) -> None:
    for turn in range(2):
        for place in ("here", "there"):
            table = moles(
                tmp_path / f"{place}-{turn}", 3, first=100 + 10 * turn + (5 if place == "here" else 0)
            )
            if place == "here":
                library(small).import_csv(table, read, unknown)
            else:
                importing(small, table).communicate(timeout=60)
    assert library(small).count() == 18
    assert len(library(small).search(mole(99), "dermatology", k=100).matches) == 18


def test_searching_while_importing_in_another_thread_always_answers(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_cases, "_BATCH", 4)
    here, table, query = library(small), moles(tmp_path / "more", 16, first=50), mole(99)
    worker = threading.Thread(target=here.import_csv, args=(table, read, unknown))
    worker.start()
    sizes = []
    while worker.is_alive():
        found = Library(small, here._blobs).search(query, "dermatology", k=100)
        sizes.append(len(found.matches))
        assert all(here._blobs.path(match.key).is_file() for match in found.matches)
    worker.join()
    assert sizes == sorted(sizes)
    assert len(here.search(query, "dermatology", k=100).matches) == 22


@dataclass(frozen=True)
class OlderEncoder:
    """An encoder of the same name and another version or length."""

    version: str = "0"
    dimension: int = 162
    space: str = "cosine"
    name: str = "casebook-skin-1"
    domain: str = "dermatology"
    near_floor: float = 0.5

    def encode(self, _pixels: np.ndarray) -> np.ndarray:
        return np.ones(self.dimension, np.float32)


@pytest.mark.parametrize("older", [OlderEncoder(), OlderEncoder("1", 99), OlderEncoder(space="l2")])
def test_a_collection_of_another_encoder_is_refused_with_the_way_out(
    tmp_path: Path, older: OlderEncoder
) -> None:
    root = tmp_path / "library"
    with open_index(root).writing() as session:
        session.make_collection(older)  # type: ignore[arg-type]
    table = moles(tmp_path / "set", 2)
    for use in (
        lambda: library(root).search(mole(), "dermatology"),
        lambda: library(root).import_csv(table, read, unknown),
        library(root).count,
    ):
        with pytest.raises(SetupError, match="cannot be compared") as refused:
            use()
        assert f"version {older.version} ({older.dimension} numbers, {older.space} space)" in str(
            refused.value
        )
        assert 'Library.drop("casebook-skin-1")' in str(refused.value)
    library(root).drop("casebook-skin-1")
    assert library(root).import_csv(table, read, unknown).added == 2


def test_dropping_a_collection_removes_its_pictures(small: Path) -> None:
    keys = [case.key for case in library(small).cases()]
    assert library(small).drop("casebook-skin-1") == 6
    assert library(small).drop("casebook-skin-1") == 0
    assert library(small).count() == 0
    assert not any((small / "pictures").rglob(f"{key}.png") for key in keys if (small / key).exists())


def test_a_damaged_database_is_a_sentence_for_the_operator(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir(parents=True)
    (tmp_path / "library" / "cases.sqlite3").write_bytes(b"this is no database at all" * 50)
    with pytest.raises(SetupError, match="database cannot be used") as refused:
        library(tmp_path / "library").count()
    assert str(tmp_path) not in str(refused.value)


def test_the_vectors_of_a_collection_come_with_labels_and_groups(tmp_path: Path) -> None:
    shelf = library(tmp_path / "l")
    shelf.import_csv(moles(tmp_path / "s", 4), read, unknown)
    ids, labels, groups, vectors = shelf.vectors("casebook-skin-1")
    assert sorted(ids) == sorted(case.id for case in shelf.cases())
    assert [labels[ids.index(case.id)] for case in shelf.cases()] == [case.label for case in shelf.cases()]
    assert sorted(groups) == ["group p0", "group p0", "group p1", "group p1"]
    assert vectors.shape == (4, built_in_encoders()[0].dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    with pytest.raises(CaseError, match="no collection 'nowhere'"):
        shelf.vectors("nowhere")


def test_the_newest_cases_come_first_over_all_collections(small: Path, tmp_path: Path) -> None:
    cases = library(small)
    rows = [(save(tmp_path / "grey", f"{n}.png", scan(n)), "leg", "CT", "") for n in range(2)]
    cases.import_csv(write_csv(tmp_path / "grey", rows), read, unknown)
    cases.import_csv(moles(tmp_path / "more", 1, first=90), read, unknown)
    newest = cases.newest()
    assert [name for name, _ in newest[:4]] == [
        "casebook-skin-1",
        *["casebook-grey-1"] * 2,
        "casebook-skin-1",
    ]
    assert len({case.id for _, case in newest}) == len(newest) == cases.count()


def test_one_picture_is_added_and_found_again_and_not_added_twice(small: Path) -> None:
    cases = library(small)
    image, gate = Image(mole(500)[None], "PNG"), Gate(domain="dermatology", known_from="user")
    row = Row(Path("img-1"), "img-1", "wart", modality="DMS", source="a chat")
    assert cases.add(image, row, gate).added == 1
    assert cases.add(image, row, gate).already_there == 1
    assert (cases.newest()[0][1].label, cases.newest()[0][1].source) == ("wart", "a chat")
    found = cases.search(mole(500), "dermatology")
    assert found.same is not None
    assert found.same.label == "wart"
