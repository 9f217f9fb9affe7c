"""`casebook eval` and `casebook convert`."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from assistant.__main__ import main
from assistant.evaluation.results import RESULTS
from assistant.examples import examples
from tests.child import begin
from tests.scripted.evaluation import KnowingReaders, reading
from tests.servers.chat_server import ChatServer

Capsys = pytest.CaptureFixture[str]
KNOWN = {"Is there a fracture?": "no", "Is there a mass?": "yes"}


def written(folder: Path, *questions: str) -> Path:
    """A file of yes/no questions on a drawn chest radiograph."""
    (chest,) = [example for example in examples() if example.name == "chest"]
    (folder / "chest.dcm").write_bytes(chest.draw())
    rows: list[dict[str, Any]] = [
        {"image": "chest.dcm", "question": question, "answer": KNOWN.get(question, "yes")}
        for question in questions
    ]
    path = folder / "chest questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.process
def test_the_figures_are_shown_and_the_report_is_named(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, *KNOWN)
    with reading(KnowingReaders(KNOWN)):
        assert main(["eval", str(path)]) == 0
    shown = capsys.readouterr()
    assert "2 of 2 questions have been asked." in shown.out
    assert "Reader alone (radiographer): 100.0 %" in shown.out
    assert "Agent minus reader: +0.0 points" in shown.out
    assert "chest questions-results" in shown.err
    assert (tmp_path / "chest questions-results" / "report.md").is_file()


@pytest.mark.process
def test_kept_answers_are_scored_again_and_nobody_is_asked(tmp_path: Path, capsys: Capsys) -> None:
    path = written(tmp_path, "Is there a mass?")
    words = ["eval", str(path), "--out", str(tmp_path / "out")]
    readers = KnowingReaders(KNOWN)
    with reading(readers):
        assert main(words) == 0
        shown, asked = capsys.readouterr().out, len(readers.asked)
        assert main([*words, "--rescore"]) == 0
        assert main([*words, "--rescore", "--no-agent"]) == 2
    again = capsys.readouterr()
    assert again.out == shown
    assert "Right and resting on evidence (strict): 100.0 %" in shown
    assert "--rescore asks nobody. Leave out --reader, --no-agent and --ray." in again.err
    assert len(readers.asked) == asked


@pytest.mark.process
def test_json_is_one_object_and_the_options_are_heard(tmp_path: Path, capsys: Capsys) -> None:
    path = written(tmp_path, *KNOWN)
    words = ["eval", str(path), "--out", str(tmp_path / "out"), "--limit", "1", "--no-agent", "--json"]
    with reading(KnowingReaders(KNOWN)):
        assert main([*words, "--reader", "radiographer"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["questions"], summary["asked"], summary["earlier"]) == (1, 1, 0)
    assert summary["agent"] is None
    assert summary["reader"]["who"] == ["radiographer"]


@pytest.mark.process
def test_a_reader_named_is_asked_by_the_agent_too(tmp_path: Path, capsys: Capsys) -> None:
    path = written(tmp_path, "Is there a mass?")
    readers = KnowingReaders(KNOWN)
    readers.answers["babydoctor"] = [""]
    with reading(readers):
        assert main(["eval", str(path), "--out", str(tmp_path / "out"), "--reader", "babydoctor"]) == 0
    assert [name for name, _ in readers.asked] == ["babydoctor", "babydoctor"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--reader", "none", "--no-agent"], 2, "Nobody is to be asked"),
        (["--no-agent"], 3, "No reader is set up"),
        (["--reader", "radiographer"], 3, "radiographer"),
        (["--limit", "0"], 2, "not above zero"),
    ],
)
def test_what_cannot_be_run_is_told(
    tmp_path: Path, capsys: Capsys, words: list[str], code: int, said: str
) -> None:
    path = written(tmp_path, *KNOWN)
    assert main(["eval", str(path), "--out", str(tmp_path / "out"), *words]) == code
    assert said in capsys.readouterr().err


def test_a_missing_file_is_told(capsys: Capsys) -> None:
    assert main(["eval", "gone.jsonl"]) == 2
    assert "gone.jsonl" in capsys.readouterr().err


def test_a_field_that_is_not_known_is_told_on_standard_error(tmp_path: Path, capsys: Capsys) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Hello?", "answer": "hello", "choises": ["a"]}', encoding="utf-8")
    assert main(["eval", str(path), "--out", str(tmp_path / "out"), "--json"]) == 0
    shown = capsys.readouterr()
    assert "The field 'choises' is not known" in shown.err
    assert json.loads(shown.out)["remarks"]


@pytest.mark.process
def test_ctrl_c_keeps_what_was_asked(tmp_path: Path, capsys: Capsys) -> None:
    path = written(tmp_path, *KNOWN)
    readers = KnowingReaders(KNOWN)
    says = readers._says

    def interrupted(question: str) -> str:
        if "mass" in question:
            raise KeyboardInterrupt
        return says(question)

    words = ["eval", str(path), "--out", str(tmp_path / "out")]
    with reading(readers):
        with mock.patch.object(readers, "_says", interrupted):
            assert main(words) == 130
        assert "What was asked is kept" in capsys.readouterr().err
        assert main([*words, "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["asked"], summary["earlier"]) == (2, 1)


@pytest.mark.process
def test_a_killed_run_loses_at_most_the_running_question(tmp_path: Path, capsys: Capsys) -> None:
    path = written(tmp_path, *KNOWN, "Is there a mass, or do we wait?")
    words = ["eval", str(path), "--out", str(tmp_path / "out")]
    child = begin(*words, module="tests.scripted.evaluation")
    assert child.stderr is not None
    assert any("waiting" in line for line in child.stderr)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert len((tmp_path / "out" / RESULTS).read_text().splitlines()) == 2
    with reading(KnowingReaders(KNOWN)), mock.patch("tests.scripted.evaluation.time.sleep"):
        assert main([*words, "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["asked"], summary["earlier"]) == (3, 2)


@pytest.mark.process
def test_a_reader_on_a_server_is_evaluated_over_the_network(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ChatServer("No, there", " is none.")
    monkeypatch.setenv("CASEBOOK_RADIOGRAPHER_SERVER", server.url)
    path = written(tmp_path, *KNOWN)
    try:
        assert main(["eval", str(path), "--out", str(tmp_path / "out"), "--json"]) == 0
    finally:
        server.close()
    summary = json.loads(capsys.readouterr().out)
    assert summary["reader"]["accuracy"]["all"]["value"] == 0.5
    assert summary["difference"]["all"]["value"] == 0
    assert len(server.asked) == 2 * len(KNOWN) + 2  # and the fixed question to a new server, twice
    versions = json.loads((tmp_path / "out" / "versions.json").read_text())
    assert versions["readers"] == {"radiographer": "on a server"}


@pytest.mark.process
def test_a_set_is_converted_and_can_be_asked(tmp_path: Path, capsys: Capsys) -> None:
    written(tmp_path)
    rows = [
        {"qid": 1, "image_name": "chest.dcm", "question": "Is there a mass?", "answer": "Yes"},
        {"qid": 2, "image_name": "gone.jpg", "question": "Is there a mass?", "answer": "Yes"},
        {"qid": 3, "image_name": "chest.dcm", "question": "Why?"},
    ]
    (tmp_path / "set.json").write_text(json.dumps(rows))
    out = tmp_path / "set.jsonl"
    assert main(["convert", "vqa-rad", str(tmp_path / "set.json"), str(out)]) == 0
    shown = capsys.readouterr()
    assert f"{out}: 1 questions." in shown.out
    assert "1 left out: answer is missing." in shown.err
    assert "picture is not there: gone.jpg." in shown.err
    with reading(KnowingReaders(KNOWN)):
        assert main(["eval", str(out), "--out", str(tmp_path / "out")]) == 0
    assert main(["convert", "coco", str(out), str(out)]) == 2
