"""`casebook privacy`: what files carry, and copies without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.__main__ import main
from tests.inputs.make_dicom import make_dicom, ramp

Capsys = pytest.CaptureFixture[str]
MARK = "ZQMARKER"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return make_dicom(tmp_path / "scan.dcm", ramp(), PatientName=f"{MARK}^Anna", StudyDate="20240301")


def test_a_file_is_told_by_names_of_attributes_and_never_by_values(scan: Path, capsys: Capsys) -> None:
    assert main(["privacy", str(scan)]) == 0
    out, err = capsys.readouterr()
    assert "PatientName" in out
    assert "StudyDate" in out
    assert MARK not in out + err
    assert "20240301" not in out + err
    assert "Look before you share" in err


def test_a_copy_is_written_and_told(scan: Path, tmp_path: Path, capsys: Capsys) -> None:
    assert main(["privacy", str(scan), "--write", str(tmp_path / "out.dcm")]) == 0
    out, err = capsys.readouterr()
    assert "1 of 1 written" in err
    assert "removed, replaced or moved in the copy: " in out
    assert "PatientName" in out
    assert "carries" not in out
    assert MARK.encode() not in (tmp_path / "out.dcm").read_bytes()


def test_of_a_clean_file_it_is_said_that_nothing_had_to_be_changed(
    scan: Path, tmp_path: Path, capsys: Capsys
) -> None:
    main(["privacy", str(scan), "--write", str(tmp_path / "out.dcm")])
    capsys.readouterr()
    assert main(["privacy", str(tmp_path / "out.dcm"), "--write", str(tmp_path / "again.dcm")]) == 0
    assert "out.dcm: nothing had to be changed. The copy is" in capsys.readouterr().out


def test_a_file_without_a_copy_fails_the_command(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "a.txt").write_text("hello")
    assert main(["privacy", str(tmp_path / "a.txt"), "--json"]) == 2
    (told,) = json.loads(capsys.readouterr().out)["files"]
    assert "text file" in told["refused"]


def test_of_several_files_all_are_named_and_what_is_taken_is_said(
    scan: Path, tmp_path: Path, capsys: Capsys
) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n")
    assert main(["privacy", str(scan), str(tmp_path / "notes.csv")]) == 2
    err = capsys.readouterr().err
    assert str(scan) in err
    assert "notes.csv" in err
    assert "Put them into one folder" in err


def test_dates_are_moved_if_that_is_wished(tmp_path: Path, capsys: Capsys) -> None:
    from pydicom import dcmread

    scan = make_dicom(tmp_path / "scan.dcm", ramp(), PatientID="4711", StudyDate="20240301")
    main(["privacy", str(scan), "--write", str(tmp_path / "out.dcm"), "--move-dates", "--json"])
    (told,) = json.loads(capsys.readouterr().out)["files"]
    assert {"attribute": "StudyDate", "action": "moved in time"} in told["carries"]
    assert "20140301" <= dcmread(tmp_path / "out.dcm").StudyDate < "20240301"


def test_nothing_to_look_at_is_said(capsys: Capsys) -> None:
    assert main(["privacy"]) == 2
    assert "casebook privacy FILE" in capsys.readouterr().err


def test_a_text_is_found_where_it_is_kept_and_never_printed(
    home: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(home))
    main(["ask", f"what does {MARK.lower()} mean?", "--json"])
    chat = json.loads(capsys.readouterr().out)["chat_id"]
    assert main(["privacy", "--find", MARK]) == 2
    out, err = capsys.readouterr()
    assert "conversations.db" in out
    assert "table turns, column question" in out
    assert MARK.lower() not in (out + err).lower()
    main(["chats", "delete", chat])
    capsys.readouterr()
    assert main(["privacy", "--find", MARK]) == 0
    assert "found nowhere" in capsys.readouterr().err


def test_a_text_to_find_comes_from_standard_input_as_well(
    home: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    home.mkdir()
    (home / "casebook.log").write_text(MARK)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{MARK}\n"))
    assert main(["privacy", "--find", "-", "--json"]) == 2
    (place,) = json.loads(capsys.readouterr().out)["found"]
    assert place["where"].endswith("casebook.log")


def test_finding_and_looking_at_files_are_two_things(capsys: Capsys) -> None:
    assert main(["privacy", "a.dcm", "--find", MARK]) == 2
    assert "leave the file or folder out" in capsys.readouterr().err
