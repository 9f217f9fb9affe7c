"""`casebook session`: from files and the library to a session, its figures and its export."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.chat import Assistant
from assistant.teaching.answer import answered
from assistant.teaching.learner import join
from tests.inputs.case_library import mole, save
from tests.inputs.teaching_library import write_teaching_cases

Capsys = pytest.CaptureFixture[str]


def run(capsys: Capsys, *words: str) -> str:
    assert main(["session", *words]) == 0
    return capsys.readouterr().out


def answer_all(code: str, owner: str, first: str) -> None:
    with Assistant() as assistant:
        learner = join(assistant.services, owner, code, owner)
        while not learner.done:
            learner.here()
            learner.commit(answered("A veil.", [(first, 60)]))
            learner.go_on()


@pytest.mark.process
def test_a_session_of_library_cases_is_made_held_counted_and_taken_away(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    with Assistant() as assistant:
        for table in write_teaching_cases(tmp_path / "sets"):
            assistant.import_cases(table)
    words = ("new", "Tuesday", "--number", "5", "--share", "0.2", "--seed", "3", "--json")
    made = json.loads(run(capsys, *words))
    assert made["options"] == {"known": False, "order": "given", "seed": 3, "share": 0.2}
    assert made["join_code"] in run(capsys, "list")
    assert run(capsys, "join-code", made["id"]).strip() == made["join_code"]
    assert len(run(capsys, "cases").splitlines()) == 5
    for owner, first in (("ann", "naevus"), ("bob", "naevus"), ("eve", "angioma")):
        answer_all(made["join_code"], owner, first)
    told = run(capsys, "figures", made["id"])
    assert "L03" in told
    assert "Fleiss: " in told
    assert "not in the vocabulary are not counted" in told
    data = json.loads(run(capsys, "figures", made["id"], "--json"))
    assert data["everybody"]["right"]["of"] == 15
    assert set(data["how"]) >= {"right", "agreement"}
    files = run(capsys, "export", made["id"], str(tmp_path / "out")).split()
    assert len(list(csv.DictReader(Path(files[0]).read_text().splitlines()))) == 15
    assert run(capsys, "close", made["id"]) == ""
    assert "closed" in run(capsys, "list")


@pytest.mark.process
def test_a_case_of_files_goes_out_as_json_and_comes_in_again(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    picture = tmp_path / save(tmp_path, "a.png", mole(3))
    words = ("--diagnosis", "naevus", "--history", "It grew for a year.", "--hints", "Look at the border.")
    more = ("--age-years", "41", "--certainty", "certain", "--proven-by", "histology", "--tags", "clinic")
    first = run(capsys, "add-case", str(picture), *words, *more).strip()
    run(capsys, "write-case", first, str(tmp_path / "case.json"))
    second = run(capsys, "add-case", str(tmp_path / "case.json")).strip()
    cases = {one["id"]: one for one in json.loads(run(capsys, "cases", "--json"))["cases"]}
    assert {**cases[first], "id": ""} == {**cases[second], "id": ""}
    assert cases[second]["age_years"] == 41.0
    made = json.loads(run(capsys, "new", "Tuesday", "--case", first, "--case", second, "--json"))
    answer_all(made["join_code"], "ann", "dark spot")
    run(capsys, "overrule", made["id"], "L01", "2", "--rank", "1", "--note", "Fine.")
    assert json.loads(run(capsys, "figures", made["id"], "--json"))["everybody"]["right"]["count"] == 1
    run(capsys, "withdraw-case", first)
    assert first not in run(capsys, "cases")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["new", "Tuesday"], "there are 0"),
        (["new", "Tuesday", "--share", "2"], "takes 0 to 1"),
        (["new", "Tuesday", "--seed", "-1"], "no seed"),
        (["new", "Tuesday", "--case", "x"], "no teaching case"),
        (["figures", "x"], "no session"),
        (["join-code", "x"], "no session"),
        (["add-case", "nowhere.png"], "no file or folder"),
        (["write-case", "x", "out.json"], "no teaching case"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(words: list[str], says: str, home: Path, capsys: Capsys) -> None:
    assert main(["session", *words]) == 2
    assert says in capsys.readouterr().err


def test_where_there_are_no_sessions_it_says_how_to_make_one(home: Path, capsys: Capsys) -> None:
    assert main(["session", "list"]) == 0
    assert "casebook session new" in capsys.readouterr().err
