"""Learned encoders beside the built-in ones: collections of their own, resumed, kept in step, never mixed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from store.cases import encoding as case_encoding
from store.cases.case import CaseFilter
from store.cases.library import Library
from store.encoders import EncodedDomain
from store.errors import CaseError, SetupError
from tests.inputs.case_library import DARK, library, mole, moles, picture_exists, read, unknown


@dataclass
class ByColour:
    """Colour of the middle less grey, as a unit vector; counts what it was given and may break off."""

    version: str = "1"
    name: str = "by-colour"
    space: str = "cosine"
    dimension: int = 3
    domain: EncodedDomain = "dermatology"
    near_floor: float = 1.0
    breaks_after: int = 1_000
    batches: list[int] = field(default_factory=list)

    def encode_images(self, pictures):
        means = np.stack([one[36:60, 36:60].mean((0, 1)) - 128 for one in pictures])
        self.batches.append(len(means))
        if len(self.batches) > self.breaks_after:
            raise KeyboardInterrupt
        return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)

    def encode(self, pixels):
        return self.encode_images([pixels])[0]


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of 10 moles."""
    root = tmp_path_factory.mktemp("ten")
    library(root).import_csv(moles(tmp_path_factory.mktemp("set"), 10), read, unknown)
    return root


@pytest.fixture
def shelf(ten: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The same to change, encoded four cases at a time."""
    monkeypatch.setattr(case_encoding, "_BATCH", 4)
    return library(copytree(ten, tmp_path / "l"))


def names(shelf: Library) -> list[str]:
    return [info.name for info in shelf.collections()]


def test_a_learned_collection_stands_beside_the_built_in_one_with_the_same_cases(shelf: Library) -> None:
    seen: list[tuple[int, int]] = []
    assert shelf.encode(ByColour(), progress=lambda done, total: seen.append((done, total))) == 10
    assert seen == [(4, 10), (8, 10), (10, 10)]
    assert names(shelf) == ["casebook-skin-1", "by-colour"]
    assert shelf.count() == 10
    ids, labels, groups, vectors = shelf.vectors("by-colour")
    wanted = {case.id: (case.label, case.group_key) for case in shelf.cases()}
    told = dict(zip(ids, zip(labels, groups, strict=True), strict=True))
    assert told == wanted
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_picture_is_looked_up_with_the_encoder_that_is_named(shelf: Library) -> None:
    encoder = ByColour()
    shelf.encode(encoder)
    found = shelf.search(mole(77, DARK), "dermatology", k=4, encoder=encoder)
    assert {match.label for match in found.matches} == {"nevus"}
    assert found.neighbours.encoder == "by-colour, version 1"
    assert shelf.search(mole(77, DARK), "dermatology").neighbours.collection == "casebook-skin-1"
    with pytest.raises(CaseError, match="Only radiology and skin"):
        shelf.search(mole(77, DARK), "radiology", encoder=encoder)


def test_a_vector_of_another_kind_is_looked_up_with_the_same_filters(shelf: Library) -> None:
    encoder = ByColour()
    shelf.encode(encoder)
    red = np.array([1, 0, 0], np.float32)
    found = shelf.search_vector(encoder, red, k=3, where=CaseFilter(label=("nevus",)))
    assert [match.label for match in found.matches] == ["nevus"] * 3
    assert shelf.search_vector(encoder, red, k=1).matches[0].label == "angioma"


def test_encoding_that_is_cut_off_goes_on_where_it_stopped(shelf: Library) -> None:
    with pytest.raises(KeyboardInterrupt):
        shelf.encode(ByColour(breaks_after=1))
    again = ByColour()
    assert shelf.encode(again) == 6
    assert again.batches == [4, 2]
    assert shelf.encode(ByColour()) == 0


def test_another_version_is_refused_until_the_cases_are_encoded_again(shelf: Library) -> None:
    shelf.encode(ByColour())
    with pytest.raises(SetupError, match="encode by-colour --again"):
        shelf.encode(ByColour("2"))
    assert shelf.encode(ByColour("2"), again=True) == 10
    assert names(shelf) == ["casebook-skin-1", "by-colour"]
    assert picture_exists(shelf.index._root, shelf.cases()[0].key)


def test_removing_and_relabelling_reach_every_collection(shelf: Library) -> None:
    shelf.encode(ByColour())
    first, second, *_ = shelf.cases()
    assert shelf.remove([first.id]) == 1
    shelf.relabel(second.id, "wart")
    for name in names(shelf):
        ids, labels, _, _ = shelf.vectors(name)
        assert first.id not in ids
        assert labels[ids.index(second.id)] == "wart"
    with pytest.raises(CaseError, match="no longer kept"):
        picture_exists(shelf.index._root, first.key)


def test_a_learned_collection_outlives_a_rebuilt_index(shelf: Library) -> None:
    shelf.encode(ByColour())
    before = shelf.collections()
    shelf.rebuild()
    assert shelf.collections() == before
