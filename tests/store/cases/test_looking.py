"""Looking at several pictures at a time: the same as one after the other, in the same order."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from store.cases.looking import AtHand, Beside, Seen
from store.cases.table import CaseTable, Row, read_table
from store.errors import CaseError
from store.pictures.image import Image
from tests.inputs.case_library import (
    library,
    mole,
    moles,
    picture_exists,
    read,
    save,
    scan,
    unknown,
    write_csv,
)


def mixed(folder: Path, count: int) -> Path:
    """Moles, with a scan, a file that is no picture, and a picture that comes twice among them."""
    rows = [(save(folder, f"{i}.png", mole(i)), f"label {i}", "DMS") for i in range(count)]
    rows[3] = (save(folder, "scan.png", scan(1)), "brain", "CT")
    (folder / "text.png").write_text("text")
    rows[5] = ("text.png", "nothing", "DMS")
    rows[count - 2] = (rows[1][0], "again", "DMS")
    return write_csv(folder, rows, "image,label,modality")


def vectors(root: Path) -> dict[str, bytes]:
    with library(root).index.reading() as session:
        return {
            case.id: np.asarray(held.vectors[held.row[case.id]]).tobytes()
            for held in session.collections()
            for case in held.cases
        }


def rows_of(table: CaseTable) -> list[Row]:
    return [row for row in table.rows if isinstance(row, Row)]


def test_several_at_a_time_make_the_same_library_as_one_after_the_other(tmp_path: Path) -> None:
    table = mixed(tmp_path / "set", 60)
    one = library(tmp_path / "one").import_seen(table, AtHand(read, unknown))
    many = library(tmp_path / "many").import_seen(table, Beside([read, read, read], unknown))
    assert (many.added, many.duplicates, many.skipped, many.notices) == (
        one.added,
        one.duplicates,
        one.skipped,
        one.notices,
    )
    assert (one.added, one.duplicates, len(one.skipped)) == (58, 1, 1)
    there, here = library(tmp_path / "one").cases(limit=100), library(tmp_path / "many").cases(limit=100)
    assert there == here
    assert all(picture_exists(tmp_path / "many", case.key) for case in here)
    assert vectors(tmp_path / "one") == vectors(tmp_path / "many")


def test_each_reader_reads_one_file_at_a_time_and_all_of_them_do(tmp_path: Path) -> None:
    busy: dict[str, int] = {}
    both = threading.Barrier(2, timeout=20)

    def reader(name: str) -> object:
        def reading(path: Path) -> Image:
            busy[name] = busy.get(name, 0) + 1
            assert busy[name] % 2 == 1
            if path.stem == "0" or path.stem == "1":
                both.wait()
            try:
                return read(path)
            finally:
                busy[name] += 1

        return reading

    rows = rows_of(read_table(moles(tmp_path, 40)))
    look = Beside([reader("a"), reader("b")], unknown)  # type: ignore[list-item]
    assert len(list(look(rows, ()))) == 40
    assert set(busy) == {"a", "b"}
    assert sum(busy.values()) == 80


def test_few_pictures_are_read_by_the_first_reader_alone(tmp_path: Path) -> None:
    def never(_: Path) -> Image:
        raise AssertionError

    rows = rows_of(read_table(moles(tmp_path, 19)))
    assert all(isinstance(one, Seen) for one in Beside([read, never], unknown)(rows, ()))


def test_of_a_case_that_is_there_nothing_more_is_worked_out(tmp_path: Path) -> None:
    rows = rows_of(read_table(moles(tmp_path, 2)))
    look = Beside([read], unknown)
    first, _ = look(rows, ())
    assert isinstance(first, Seen)
    again, other = look(rows, {first.identity})
    assert isinstance(again, Seen)
    assert isinstance(other, Seen)
    with pytest.raises(LookupError):
        again.work_out()
    assert other.work_out().vector is not None


def test_who_stops_looking_has_no_more_pictures_read(tmp_path: Path) -> None:
    taken = []

    def counting(path: Path) -> Image:
        taken.append(path)
        return read(path)

    rows = rows_of(read_table(moles(tmp_path, 60)))
    with closing(Beside([counting, counting], unknown)(rows, ())) as seen:
        next(seen)
    assert len(taken) < 15


def test_a_bug_in_a_reader_is_not_hidden_and_a_refusal_stands_in_its_place(tmp_path: Path) -> None:
    rows = rows_of(read_table(moles(tmp_path, 30)))

    def refusing(path: Path) -> Image:
        if path.stem == "7":
            raise CaseError("no")
        if path.stem == "9":
            raise ZeroDivisionError
        return read(path)

    seen = Beside([refusing, refusing], unknown)(rows, ())
    found = [next(seen) for _ in range(9)]
    assert [isinstance(one, CaseError) for one in found] == [n == 7 for n in range(9)]
    with pytest.raises(ZeroDivisionError):
        next(seen)
