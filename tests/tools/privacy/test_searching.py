"""A text looked for in everything that is kept."""

import gzip
import io
import json
import sqlite3
import zipfile

import pytest

from store.errors import CaseError
from tools.privacy import searching
from tools.privacy.searching import Needle, find_in_database, find_in_folder

MARK = "Weißmüller-4711"


def found(folder, text=MARK):
    return {(place.where.split("/", 1)[-1], place.what) for place in find_in_folder(folder, Needle(text))}


@pytest.mark.parametrize(
    "written",
    [
        MARK.encode(),
        MARK.upper().encode(),
        MARK.encode("latin-1"),
        MARK.encode("utf-16"),
        json.dumps(MARK).encode(),
    ],
    ids=["utf-8", "capitals", "latin-1", "utf-16", "json"],
)
def test_it_is_found_however_it_was_written_down(tmp_path, written):
    (tmp_path / "casebook.log").write_bytes(b"x" * 100 + written)
    assert found(tmp_path) == {("casebook.log", "bytes")}


def test_it_is_found_in_names_and_not_told_there(tmp_path):
    (tmp_path / "library" / MARK).mkdir(parents=True)
    (tmp_path / "library" / MARK / "a.txt").write_text(MARK)
    places = list(find_in_folder(tmp_path, Needle(MARK)))
    assert {place.what for place in places} == {"a name of a file or folder in it", "bytes"}
    assert MARK not in str(places)


def test_it_is_found_over_the_edge_of_what_is_read_at_once_and_counted_once(tmp_path, monkeypatch):
    monkeypatch.setattr(searching, "_CHUNK", 64)
    for start in range(40, 70):
        data = b"x" * start + b"marker-one" + b"x" * 200 + b"marker-one"
        assert Needle("marker-one").count_in(io.BytesIO(data)) == 2


def test_it_is_found_in_rows_write_ahead_log_and_pages_of_deleted_rows(tmp_path):
    database = sqlite3.connect(tmp_path / "a.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA secure_delete = OFF")
    database.execute("CREATE TABLE turns (id INTEGER, words TEXT)")
    database.execute("INSERT INTO turns VALUES (1, ?)", [f"{'x' * 9000}{MARK}"])
    database.commit()
    there = found(tmp_path)
    assert ("a.db", "table turns, column words") in there
    assert ("a.db-wal", "bytes") in there
    database.execute("DELETE FROM turns")
    database.commit()
    assert ("a.db", "table turns, column words") not in found(tmp_path)
    assert ("a.db-wal", "bytes") in found(tmp_path)
    database.close()


def test_it_is_found_in_what_is_packed(tmp_path):
    (tmp_path / "a.nii.gz").write_bytes(gzip.compress(b"x" * 5000 + MARK.encode()))
    with zipfile.ZipFile(tmp_path / "b.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("labels", "x" * 5000 + MARK)
    assert found(tmp_path) == {("a.nii.gz", "unpacked bytes"), ("b.npz", "part 1, unpacked")}


def test_what_cannot_be_read_is_said(tmp_path):
    (tmp_path / "a.db").write_bytes(b"SQLite format 3\0" + b"x" * 100)
    (tmp_path / "b.gz").write_bytes(b"\x1f\x8b\x08broken")
    assert {what for _, what in found(tmp_path)} == {
        "its rows cannot be read, so they were not looked through",
        "it cannot be read, so it was not looked through",
    }


def test_nothing_is_found_where_nothing_is(tmp_path):
    (tmp_path / "a.txt").write_text("Weissmueller")
    assert not found(tmp_path)


def test_a_text_that_stands_everywhere_by_chance_is_refused():
    with pytest.raises(CaseError, match="at least 3"):
        Needle(" ab ")


@pytest.mark.postgres
@pytest.mark.process
def test_rows_of_a_database_on_a_server_are_looked_through(postgres_url):
    from sqlalchemy import create_engine, text

    url = postgres_url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE turns (id int, words text, answer json)"))
        connection.execute(
            text("INSERT INTO turns VALUES (1, 'x', :said)"), {"said": json.dumps({"text": MARK})}
        )
    engine.dispose()
    (place,) = find_in_database(url, Needle(MARK))
    assert (place.where, place.what) == ("database", "table turns, column answer")
