"""A finished run scored again: nothing is asked, and what was mended in the file counts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, evaluate, rescore
from assistant.evaluation.results import MARKS, REPORT, RESULTS, SUMMARY
from assistant.examples import examples
from store.errors import CaseError
from tests.scripted.evaluation import KnowingReaders, reading

QUESTIONS = ["Is there a fracture?", "Is there a mass?", "Is there a cyst?"]
Rows = list[dict[str, Any]]


def written(path: Path, rows: Rows) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run over the planner, beside the file of its questions."""
    folder = tmp_path_factory.mktemp("run")
    (ct,) = [example for example in examples() if example.name == "ct"]
    (folder / "ct.dcm").write_bytes(ct.draw())
    rows = [{"image": "ct.dcm", "question": question, "answer": "no"} for question in QUESTIONS]
    written(folder / "questions.jsonl", rows)
    readers = KnowingReaders(dict.fromkeys(QUESTIONS, "no"))
    with reading(readers):
        evaluate(folder / "questions.jsonl", out=folder / "out")
    return folder


@pytest.fixture
def finished(tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the run, where nobody can be asked."""
    shutil.copytree(run, tmp_path / "run")
    monkeypatch.setattr(Assistant, "__init__", None)
    return tmp_path / "run"


@pytest.mark.process
def test_the_same_file_comes_to_the_same_figures_and_answers_are_left_as_they_are(finished: Path) -> None:
    out = finished / "out"
    before = {name: (out / name).read_bytes() for name in (RESULTS, MARKS, SUMMARY, REPORT)}
    for name in (MARKS, SUMMARY, REPORT):
        (out / name).unlink()
    done = rescore(finished / "questions.jsonl", out=out)
    assert {name: (out / name).read_bytes() for name in before} == before
    assert done.summary["asked"] == done.earlier == 3


@pytest.mark.process
def test_an_answer_a_category_and_a_tool_mended_in_the_file_count(finished: Path) -> None:
    rows: Rows = [json.loads(line) for line in (finished / "questions.jsonl").read_text().splitlines()]
    rows[0] |= {"answer": "yes", "category": "bone"}
    rows[1] |= {"tool": "measure_lesion"}
    written(finished / "questions.jsonl", rows)
    done = rescore(finished / "questions.jsonl", out=finished / "out")
    agent = done.summary["agent"]
    assert agent["accuracy"]["all"]["value"] == pytest.approx(2 / 3)
    assert agent["accuracy"]["category bone"]["value"] == 0
    assert agent["strict"]["all"]["value"] == pytest.approx(1 / 3)
    lines = [json.loads(line) for line in (finished / "out" / MARKS).read_text().splitlines()]
    assert [line["agent"]["why"] for line in lines] == [
        "“no” instead of “yes”",
        "right, but measure_lesion was not asked",
        "right, and a tool says so",
    ]
    report = (finished / "out" / REPORT).read_text(encoding="utf-8")
    assert "| right, but measure_lesion was not asked | 1 |" in report
    assert "| … instead of … | 1 |" in report
    (all_questions,) = [line for line in report.splitlines() if line.startswith("| all questions")]
    assert all_questions.endswith("| 33.3 % (too few groups for an interval: 1 group) |")


@pytest.mark.process
def test_a_line_that_asks_something_else_under_its_old_id_is_left_out_and_told(
    finished: Path, tmp_path: Path
) -> None:
    kept: Rows = [json.loads(line) for line in (finished / "out" / RESULTS).read_text().splitlines()]
    rows: Rows = [
        {"id": row["id"], "image": "ct.dcm", "question": question, "answer": "no"}
        for row, question in zip(kept, QUESTIONS, strict=True)
    ]
    rows[1]["question"] = "Is there no mass?"
    written(finished / "questions.jsonl", rows)
    told: list[str] = []
    done = rescore(finished / "questions.jsonl", out=finished / "out", tell=told.append)
    assert done.summary["asked"] == 2
    assert told == done.summary["remarks"]
    assert told[0].endswith("so it is not scored: line 2.")


@pytest.mark.process
def test_without_results_or_with_those_of_an_earlier_release_it_says_what_to_do(finished: Path) -> None:
    with pytest.raises(CaseError, match=r"There are no results in .*--out"):
        rescore(finished / "questions.jsonl", out=finished / "elsewhere")
    assert not (finished / "elsewhere").exists()
    rows = [json.loads(line) for line in (finished / "out" / RESULTS).read_text().splitlines()]
    del rows[0]["asked"]
    written(finished / "out" / RESULTS, rows)
    with pytest.raises(CaseError, match=r"earlier release .*--again"):
        rescore(finished / "questions.jsonl", out=finished / "out")
