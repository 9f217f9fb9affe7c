"""Reading vectors of an npz file one by one, from files made with good will and without."""

from __future__ import annotations

import resource
import zipfile
from pathlib import Path

import numpy as np
import pytest

from store.cases.vectors import Unusable, VectorFile
from store.errors import CaseError
from tests.inputs.npz_files import array, claims, keyed, packed, stacked, vectors


def read(path: Path) -> dict[str, np.ndarray | str]:
    """Every vector, or why it cannot be used."""
    with VectorFile(path) as file:
        got = {key: pending.read() for key, pending in file}
        assert len(file) == len(got)
    return {key: one.reason if isinstance(one, Unusable) else one for key, one in got.items()}


@pytest.mark.parametrize("kind", ["float16", "float32", "float64", ">f4"])
def test_both_layouts_give_the_numbers_that_were_written(tmp_path: Path, kind: str) -> None:
    rows = vectors(5, 12).astype(kind)
    one = read(keyed(tmp_path / "a.npz", rows))
    assert list(one) == [f"dataset/images/{i}.png" for i in range(5)]
    two = read(stacked(tmp_path / "b.npz", rows, ["a", "b", "ä", "d", "e"]))
    assert list(two) == ["a", "b", "ä", "d", "e"]
    for got in (one, two):
        assert np.array_equal(np.stack(list(got.values())), rows.astype(np.float64))


def test_what_is_not_asked_for_is_not_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.npz", {"bad": b"nothing", "good": array([1.0, 2.0])})
    with VectorFile(path) as file:
        good = next(pending for key, pending in file if key == "good").read()
    assert isinstance(good, np.ndarray) and good.tolist() == [1.0, 2.0]


def damaged(path: Path, member: str) -> Path:
    """The archive with one member's packed bytes overwritten."""
    with zipfile.ZipFile(path) as archive:
        one = archive.getinfo(f"{member}.npy")
    content = bytearray(path.read_bytes())
    start = one.header_offset + 30 + len(one.filename)
    content[start : start + one.compress_size] = b"\xff" * one.compress_size
    path.write_bytes(content)
    return path


def test_damaged_ids_are_damage_of_the_whole_file(tmp_path: Path) -> None:
    path = damaged(stacked(tmp_path / "a.npz", vectors(3, 4), ["a", "b", "c"]), "ids")
    with pytest.raises(CaseError, match="The npz file is damaged"):
        read(path)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (array([1.0, np.nan]), "missing or infinite"),
        (array([1.0, -np.inf]), "missing or infinite"),
        (array([0.0, 0.0]), "zero throughout"),
        (array([]), "no single row"),
        (array([[1.0, 2.0]]), "1 × 2 of float64"),
        (array(3.0), "but one of float64"),
        (array([1, 2]), "of int64"),
        (array(["a"]), "no single row"),
        (array([1j]), "complex"),
        (array([{"a": 1}], dtype=object), "holds Python objects, which are never read"),
        (array([1.0, 2.0])[:-3], "is cut short"),
        (array([1.0, 2.0]) + b"\0" * 9, "longer than it says"),
        (b"nothing", "is no array"),
        (b"", "is no array"),
        (claims("(" * 90 + "1,"), "is no array"),
        (claims("(-4,)"), "no single row"),
        (claims("(99999999999,)"), "no single row"),
        (claims("(4,)"), "is cut short"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff", "another form"),
    ],
)
def test_a_vector_that_cannot_be_used_says_why_and_the_next_is_read(
    tmp_path: Path, data: bytes, why: str
) -> None:
    got = read(packed(tmp_path / "a.npz", {"first": data, "second": array([1.0, 2.0])}))
    assert why in got["first"]
    assert isinstance(got["second"], np.ndarray)


def test_a_part_that_unpacks_to_gigabytes_is_never_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.npy", "w", force_zip64=True) as part,
    ):
        part.write(claims("(8,)"))
        for _ in range(100):
            part.write(bytes(1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "longer than it says" in read(path)["a"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


def test_other_ways_of_packing_are_refused_as_they_unpack_at_once(tmp_path: Path) -> None:
    assert "damaged" in read(packed(tmp_path / "a.npz", {"a": array([1.0])}, zipfile.ZIP_BZIP2))["a"]


def test_flipped_bytes_are_noticed(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.npz", {"a": array(np.arange(1.0, 99.0))}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[300] ^= 1
    path.write_bytes(data)
    assert "damaged" in read(path)["a"]


def test_a_file_that_is_cut_short_or_no_archive_is_refused(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.npz", vectors(4, 50))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CaseError, match="is no npz file, or it is cut short"):
        VectorFile(path)
    path.write_bytes(array([1.0]))
    with pytest.raises(CaseError, match=r"numpy\.savez"):
        VectorFile(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(CaseError, match="holds no arrays"):
        VectorFile(path)


@pytest.mark.parametrize(
    ("ids", "embeddings", "why"),
    [
        (array(["a", "b"]), array([[1.0, 2.0]]), "2 ids for 1 vectors"),
        (array([1, 2]), array([[1.0], [2.0]]), "no list of texts"),
        (array(["a"], dtype=object), array([[1.0]]), "no list of texts"),
        (array(["a"]), array([1.0]), "no table of floating-point numbers"),
        (array(["a"]), array([[{}]], dtype=object), "no table of floating-point numbers"),
        (array(["a", "b"]), array(np.asfortranarray([[1.0, 2.0], [3.0, 4.0]])), "no table"),
        (claims("(99999999999,)", "<U9"), array([[1.0]]), "empty or too long"),
        (claims("(-1,)", "<U9"), array([[1.0]]), "empty or too long"),
        (claims("(3,)", "<U9"), array([[1.0]]), "0 ids for 1 vectors|damaged"),
    ],
)
def test_two_arrays_that_do_not_fit_are_refused(
    tmp_path: Path, ids: bytes, embeddings: bytes, why: str
) -> None:
    path = packed(tmp_path / "a.npz", {"ids": ids, "embeddings": embeddings})
    with pytest.raises(CaseError, match=why):
        VectorFile(path)


def test_two_arrays_that_end_early_give_what_there_is(tmp_path: Path) -> None:
    short = array([[1.0, 2.0], [3.0, 4.0]])[:-8]
    got = read(packed(tmp_path / "a.npz", {"ids": array(["a", "b"]), "embeddings": short}))
    assert isinstance(got["a"], np.ndarray)
    assert got["b"] == "is cut short"
