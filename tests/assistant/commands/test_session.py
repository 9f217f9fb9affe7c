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
from assistant.teaching.teacher import Teacher
from store.pictures.image import Image
from store.teaching.case import checked
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
    assert made["options"].items() >= {"known": False, "order": "given", "seed": 3, "share": 0.2}.items()
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
    third = run(capsys, "copy-case", first).strip()
    cases = {one["id"]: one for one in json.loads(run(capsys, "cases", "--json"))["cases"]}
    assert {**cases[first], "id": ""} == {**cases[second], "id": ""} == {**cases[third], "id": ""}
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
        (["close", "x"], "no session"),
        (["remove", "x"], "no session"),
        (["remove", "x", "--all"], "no session"),
        (["remove-case", "x"], "no teaching case"),
        (["forget", "x", "L01"], "no session"),
        (["add-case", "nowhere.png"], "no file or folder"),
        (["write-case", "x", "out.json"], "no teaching case"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(words: list[str], says: str, home: Path, capsys: Capsys) -> None:
    assert main(["session", *words]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.process
def test_what_a_learner_did_a_session_and_its_case_are_deleted(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    picture = tmp_path / save(tmp_path, "a.png", mole(3))
    case = run(capsys, "add-case", str(picture), "--diagnosis", "zorbulosis").strip()
    made = json.loads(run(capsys, "new", "Tuesday", "--case", case, "--json"))["id"]
    for owner in ("annaaa", "bobbbb"):
        answer_all(json.loads(run(capsys, "list", "--json"))["sessions"][0]["join_code"], owner, "naevus")
    run(capsys, "forget", made, "L01")
    assert "nothing is kept of what they did: 1" in run(capsys, "figures", made)
    data = json.loads(run(capsys, "figures", made, "--json"))
    assert (data["withdrawn"], data["everybody"]["right"]["of"]) == (1, 1)
    assert main(["session", "remove", made]) == 2
    assert "Close it first" in capsys.readouterr().err
    run(capsys, "close", made)
    run(capsys, "withdraw-case", case)
    assert main(["session", "remove-case", case]) == 2
    assert "“Tuesday”" in capsys.readouterr().err
    run(capsys, "remove", made)
    assert run(capsys, "list") == ""
    assert case in run(capsys, "cases", "--withdrawn")
    run(capsys, "remove-case", case)
    assert run(capsys, "cases", "--withdrawn") == ""
    capsys.readouterr()
    for gone in ("annaaa", "bobbbb", "zorbulosis"):
        assert main(["privacy", "--find", gone]) == 0
    assert list((home / "teaching" / "images").rglob("meta.json")) == []


def test_who_runs_the_machine_deletes_what_was_made_on_the_page(home: Path, capsys: Capsys) -> None:
    with Assistant() as assistant:
        teacher = Teacher(assistant.services, "a-browser")
        one = checked(diagnosis="naevus", images=[{"key": "0" * 64}])
        case = teacher.make.keep(one, [Image(mole(3)[None], "PNG")])
        session = teacher.new_session("Tuesday", [case])
        join(assistant.services, "bob", session.join_code, "Bob")
    assert run(capsys, "list") == ""
    assert session.id in run(capsys, "list", "--all")
    assert case.id in run(capsys, "cases", "--all")
    for words in (("close", session.id), ("forget", session.id, "L01"), ("remove", session.id)):
        assert main(["session", *words]) == 2
        run(capsys, *words, "--all")
    assert main(["session", "remove-case", case.id]) == 2
    run(capsys, "remove-case", case.id, "--all")
    assert run(capsys, "cases", "--all") == ""


def test_where_there_are_no_sessions_it_says_how_to_make_one(home: Path, capsys: Capsys) -> None:
    assert main(["session", "list"]) == 0
    assert "casebook session new" in capsys.readouterr().err


@pytest.mark.process
def test_regions_are_given_as_json_shown_again_and_overruled(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    picture = tmp_path / save(tmp_path, "a.png", mole(3))
    case = run(capsys, "add-case", str(picture), "--diagnosis", "naevus").strip()
    region = {"shape": "ellipse", "points": [[20, 20], [60, 60]], "caption": "the spot"}
    (tmp_path / "regions.json").write_text(json.dumps([region]))
    run(capsys, "regions", case, str(tmp_path / "regions.json"))
    shown = json.loads(run(capsys, "regions", case))
    assert shown == {"regions": [{"image": 1, "slice": 1, **region}]}
    (tmp_path / "again.json").write_text(json.dumps(shown))
    run(capsys, "regions", case, str(tmp_path / "again.json"))
    made = json.loads(run(capsys, "new", "Marks", "--case", case, "--json"))
    answer_all(made["join_code"], "ann", "naevus")
    assert "missed 1" in run(capsys, "figures", made["id"])
    run(capsys, "overrule", made["id"], "L01", "1", "--region", "1=found")
    told = run(capsys, "figures", made["id"])
    assert "found 1, other slice 0, missed 0" in told
    assert "1 of 1" in told
    for odd in ("1=seen", "x=found"):
        assert main(["session", "overrule", made["id"], "L01", "1", "--region", odd]) != 0
        assert "other slice" in capsys.readouterr().err
    for text in ("no json", "{}", "[1]", json.dumps([region | {"points": [[0, 0], [5000, 1]]}])):
        (tmp_path / "odd.json").write_text(text)
        assert main(["session", "regions", case, str(tmp_path / "odd.json")]) != 0


@pytest.mark.process
def test_a_study_is_made_with_parts_time_consent_and_arms_and_held_again(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    picture = tmp_path / save(tmp_path, "a.png", mole(3))
    cases = [
        run(capsys, "add-case", str(picture), "--diagnosis", name).strip() for name in ("naevus", "angioma")
    ]
    (tmp_path / "consent.txt").write_text("We keep what you answer.")
    words = ["--part", "pre-test=1", "--part", "practice=1", "--feedback", "practice", "--per-case", "90",
             "--in-all", "600", "--consent", str(tmp_path / "consent.txt"), "--consent-version", "2",
             "--arm", "none", "--arm", "planner", "--block", "2", "--seed", "5"]  # fmt: skip
    named = [word for case in cases for word in ("--case", case)]
    made = json.loads(run(capsys, "new", "Study", *named, *words, "--json"))
    held = made["options"]
    assert (held["seconds_per_case"], held["seconds_in_all"], held["block"]) == (90, 600, 2)
    assert held["consent"] == {"text": "We keep what you answer.", "version": "2"}
    assert held["parts"] == [{"kind": "pre-test", "cases": 1}, {"kind": "practice", "cases": 1}]
    run(capsys, "export", made["id"], str(tmp_path / "out"))
    run(capsys, "again", str(tmp_path / "out" / "session.json"))
    assert run(capsys, "list").count("Study") == 2
    assert main(["session", "new", "Odd", *named, "--part", "exam=2"]) != 0
    assert "parts.0.kind" in capsys.readouterr().err


@pytest.mark.process
def test_labels_count_as_normal_or_mimic_as_they_are_said_to(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    with Assistant() as assistant:
        for table in write_teaching_cases(tmp_path / "sets"):
            assistant.import_cases(table)
    words = (
        "--number",
        "6",
        "--share",
        "0.5",
        "--modality",
        "DMS",
        "--normal",
        "nevus",
        "--mimic",
        "angioma",
    )
    run(capsys, "new", "Skin", *words)
    kinds = {one["diagnosis"]: one["kind"] for one in json.loads(run(capsys, "cases", "--json"))["cases"]}
    assert kinds.pop("melanoma") == "disease"
    assert kinds.items() <= {"nevus": "normal", "angioma": "mimic"}.items()
    assert kinds


@pytest.mark.process
def test_a_history_that_names_the_diagnosis_is_refused_when_the_case_is_made(
    home: Path, tmp_path: Path, capsys: Capsys
) -> None:
    picture = tmp_path / save(tmp_path, "a.png", mole(3))
    words = ["session", "add-case", str(picture), "--diagnosis", "naevus"]
    assert main([*words, "--history", "Known naevus since birth."]) != 0
    assert "given away" in capsys.readouterr().err
    assert main([*words, "--hints", "It is a naevus."]) != 0
    assert run(capsys, "cases", "--json").count('"diagnosis"') == 0
