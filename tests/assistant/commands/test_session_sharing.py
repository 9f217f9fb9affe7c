"""`casebook session write-case`, `copy`, `cards`, `mrmc` and `practice`."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from assistant.__main__ import main
from assistant.chat import Assistant
from assistant.teaching.teacher import Teacher
from tests.assistant.commands.test_session import answer_all, run
from tests.inputs.case_library import mole, save
from tests.inputs.teaching_library import write_teaching_cases

Capsys = pytest.CaptureFixture[str]


@pytest.mark.process
def test_a_case_goes_to_every_format_and_comes_back_from_mirc(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    picture = tmp_path / save(tmp_path, "a.png", mole(1))
    case = run(capsys, "add-case", str(picture), "--diagnosis", "Zorbulosis", "--history", "It grew.").strip()
    for ending in ("json", "zip", "pdf", "apkg", "xml"):
        run(capsys, "write-case", case, str(tmp_path / f"case.{ending}"))
        assert (tmp_path / f"case.{ending}").stat().st_size > 1000
    again = run(capsys, "add-case", str(tmp_path / "case.zip")).strip()
    for name, out in ((case, "one"), (again, "two")):
        run(capsys, "write-case", name, str(tmp_path / f"{out}.json"))
    assert (tmp_path / "one.json").read_text() == (tmp_path / "two.json").read_text()
    run(capsys, "write-case", case, str(tmp_path / "unknown.zip"), "--unknown")
    with zipfile.ZipFile(tmp_path / "unknown.zip") as packed:
        assert not any(b"Zorbulosis" in packed.read(name) for name in packed.namelist())
    for words, said in (
        (("write-case", case, str(tmp_path / "case.pdf")), "not there yet"),
        (
            ("write-case", case, str(tmp_path / "case.doc")),
            "takes .json, .zip, .pdf, .html, .md, .apkg, .xml",
        ),
        (("write-case", case, str(tmp_path / "u.apkg"), "--unknown"), "takes .zip, .pdf"),
    ):
        assert main(["session", *words]) == 2
        assert said in capsys.readouterr().err


@pytest.mark.process
def test_a_session_and_the_library_go_to_cards_quiz_and_report(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    with Assistant() as assistant:
        for table in write_teaching_cases(tmp_path / "sets"):
            assistant.import_cases(table)
    made = json.loads(run(capsys, "new", "Tuesday", "--number", "3", "--share", "0", "--json"))
    answer_all(made["join_code"], "ann", "naevus")
    for ending in ("apkg", "xml", "pdf"):
        run(capsys, "copy", made["id"], str(tmp_path / f"session.{ending}"))
    assert len(etree.parse(tmp_path / "session.xml").findall("question")) == 4
    assert (tmp_path / "session.pdf").read_bytes()[:5] == b"%PDF-"
    run(capsys, "cards", str(tmp_path / "all.xml"), "--title", "Library")
    assert len(etree.parse(tmp_path / "all.xml").findall("question")) > 4
    assert main(["session", "cards", str(tmp_path / "none.xml"), "--label", "Zorbulosis"]) == 2
    assert "these are none" in capsys.readouterr().err


@pytest.mark.process
def test_what_was_made_on_the_page_is_written_for_whoever_runs_the_machine_and_asks_for_all(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    with Assistant() as assistant:
        theirs = Teacher(assistant.services, "a browser")
        picture = tmp_path / save(tmp_path, "a.png", mole(1))
        made = theirs.make.from_files([picture], diagnosis="Zorbulosis")
        case, held = made.id, theirs.new_session("Tuesday", [made]).id
    asked = ((("write-case", case), "case.json"), (("copy", held), "cards.xml"), (("export", held), "all"))
    for words, out in asked:
        assert main(["session", *words, str(tmp_path / out)]) == 2
        assert "There is no" in capsys.readouterr().err
        run(capsys, *words, str(tmp_path / out), "--all")
        assert (tmp_path / out).exists()
    assert json.loads((tmp_path / "case.json").read_text())
    assert main(["session", "figures", held]) == 2
    assert run(capsys, "figures", held, "--all")


def write_table(path: Path, *, arms: bool) -> Path:
    random = np.random.default_rng(1)
    lines = ["reader,case,modality,truth,rating"]
    for reader in range(6):
        for way in ("alone", "helped"):
            if arms and way != ("alone", "helped")[reader % 2]:
                continue
            lines += [
                f"r{reader},{case},{way},{int(case < 20)},{random.normal(case < 20):.6f}"
                for case in range(40)
            ]
    path.write_text("\n".join(lines))
    return path


def test_a_table_of_ratings_is_compared_crossed_or_in_arms(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    crossed = write_table(tmp_path / "crossed.csv", arms=False)
    text = run(capsys, "mrmc", str(crossed))
    assert "Cases that every reader rated: 40. Left out: 0." in text
    assert "degrees of freedom 1, " in text
    assert "Obuchowski and Rockette" in text
    data = json.loads(run(capsys, "mrmc", str(crossed), "--json"))
    assert data["design"] == "crossed"
    assert {one["name"] for one in data["tests"]} == {"both", "readers", "cases"}
    assert set(data["differences"]) == {"alone - helped"}
    arms = write_table(tmp_path / "arms.csv", arms=True)
    assert "nested within a test" in run(capsys, "mrmc", str(arms))
    data = json.loads(run(capsys, "mrmc", str(arms), "--json"))
    assert data["readers"] == {"alone": ["r0", "r2", "r4"], "helped": ["r1", "r3", "r5"]}
    assert 0 < data["differences"]["alone - helped"]["p"] < 1
    (tmp_path / "odd.csv").write_bytes(b"reader\xff")
    assert main(["session", "mrmc", str(tmp_path / "odd.csv")]) == 2
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.process
def test_practice_is_begun_and_its_state_told(home: Path, tmp_path: Path, capsys: Capsys) -> None:
    with Assistant() as assistant:
        for table in write_teaching_cases(tmp_path / "sets"):
            assistant.import_cases(table)
    code = run(capsys, "practice", "--number", "2").strip().removeprefix("Join code: ")
    answer_all(code, "ann", "Zorbulosis")
    told = run(capsys, "practice", "--state")
    assert re.search(r"read again now: \d; later: \d", told)
    assert "from 20 cases on" in told
