"""The figures of an evaluation, counted again from the rows that it keeps."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage

from assistant import Assistant, evaluate
from assistant.evaluation.report import headline, report
from assistant.evaluation.results import MARKS, REPORT, RESULTS
from assistant.examples import examples
from tests.scripted.chat_model import ScriptedModel
from tests.scripted.evaluation import KnowingReaders, reading

ORGANS = ["fracture", "mass", "nodule", "effusion", "opacity", "cyst"]
PLACES = ["left lung", "right lung", "mediastinum"]
SOUND, FAILED = AIMessage("what the tool said"), AIMessage("")

Rows = list[dict[str, Any]]


class Quoting(ScriptedModel):
    """A scripted model that can say what the latest tool said."""

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        reply = super()._next(messages)
        return AIMessage(re.sub("</?data>", "", messages[-1].text)) if reply is SOUND else reply


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Eighteen closed questions in six groups of three, in three categories."""
    (ct,) = [example for example in examples() if example.name == "ct"]
    (tmp_path / "ct.dcm").write_bytes(ct.draw())
    rows = [
        {
            "image": "ct.dcm",
            "question": f"Is there a {organ} in the {place}?",
            "answer": "yes" if (n + m) % 2 else "no",
            "category": place,
            "group": organ,
        }
        for n, organ in enumerate(ORGANS)
        for m, place in enumerate(PLACES)
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def asked(path: Path, replies: list[AIMessage], **given: Any) -> tuple[dict[str, Any], Rows, Rows, str]:
    """The summary, the questions, their rows, and the report."""
    rows: Rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    out = path.parent / "out"
    readers = KnowingReaders({row["question"]: row["answer"] for row in rows}, share=60)
    with reading(readers), Assistant(model=Quoting(replies=replies)) as casebook:
        done = evaluate(path, out=out, assistant=casebook, **given)
    files = [(out / name).read_text(encoding="utf-8").splitlines() for name in (RESULTS, MARKS)]
    kept = [_joined(json.loads(row), json.loads(marks)) for row, marks in zip(*files, strict=True)]
    return done.summary, rows, kept, (out / REPORT).read_text(encoding="utf-8")


def _joined(row: dict[str, Any], marks: dict[str, Any]) -> dict[str, Any]:
    """What was said and what it came to, of one question."""
    return row | {who: row[who] and row[who] | marks[who] for who in ("reader", "agent")}


def mean(values: list[Any]) -> float:
    assert values
    return float(sum(values) / len(values))


@pytest.mark.process
def test_the_report_is_what_the_kept_rows_come_to(questions: Path) -> None:
    summary, rows, kept, text = asked(questions, [SOUND, SOUND, FAILED])
    assert len(kept) == len(rows) == 18
    truth = [row["answer"] for row in rows]
    right = {
        who: [row[who]["given"] == answer for row, answer in zip(kept, truth, strict=True)]
        for who in ("reader", "agent")
    }
    assert 0 < sum(right["reader"]) < 18
    assert 0 < sum(right["agent"]) < 18
    for place in (None, *PLACES):
        at = [n for n, row in enumerate(rows) if place in (None, row["category"])]
        (line,) = re.findall(rf"^\| {place or 'all questions'} \|.*$", text, re.M)
        _, _, count, *cells, _ = (cell.strip() for cell in line.split("|"))
        means = {who: mean([right[who][n] for n in at]) for who in right}
        assert int(count) == len(at)
        assert cells[0].startswith(f"{100 * means['reader']:.1f} % (")
        assert cells[1].startswith(f"{100 * means['agent']:.1f} % (")
        assert cells[2].startswith(f"{100 * (means['agent'] - means['reader']):+.1f} points (")
        found = summary["difference"][f"category {place}" if place else "all"]
        assert (found["groups"], found["items"]) == (6, len(at))
        assert found["differing"] == sum(right["reader"][n] != right["agent"][n] for n in at)
    pairs = list(zip(right["reader"], right["agent"], strict=True))
    assert summary["only_reader_right"] == pairs.count((True, False))
    assert summary["only_agent_right"] == pairs.count((False, True))


@pytest.mark.process
def test_what_the_planner_answered_in_a_failed_models_place_is_counted_apart(questions: Path) -> None:
    summary, rows, kept, text = asked(questions, [SOUND, SOUND, FAILED])
    stepped_in = [row["agent"]["by_planner"] for row in kept]
    assert stepped_in == [False, False, True] * 6
    assert all(bool(row["agent"]["notices"]) is row["agent"]["by_planner"] for row in kept)
    own = [n for n, by_planner in enumerate(stepped_in) if not by_planner]
    right = {
        who: [row[who]["given"] == one["answer"] for row, one in zip(kept, rows, strict=True)]
        for who in ("reader", "agent")
    }
    without = mean([right["agent"][n] for n in own])
    found = summary["by_planner"]
    assert (found["answered"], found["of"]) == (6, 18)
    assert found["accuracy"]["value"] == pytest.approx(mean(right["agent"]))
    assert found["accuracy_without"]["value"] == pytest.approx(without) != found["accuracy"]["value"]
    assert found["accuracy_without"]["items"] == 12
    difference = without - mean([right["reader"][n] for n in own])
    assert found["difference_without"]["value"] == pytest.approx(difference)
    for shown in (text, headline(summary)):
        assert "Answered by the built-in planner because the language model failed: 6 of 18." in shown
        assert f"without them: {100 * without:.1f} % (" in shown


@pytest.mark.process
def test_a_model_that_never_answers_has_no_accuracy_of_its_own(questions: Path) -> None:
    summary, _, _, text = asked(questions, [FAILED], reader="none", limit=5)
    assert summary["by_planner"]["accuracy_without"] is None
    assert "language model failed: 5 of 5." in text
    assert "without them: none, for the language model answered no question." in text


@pytest.mark.process
def test_a_model_that_always_answers_is_not_said_to_have_failed(questions: Path) -> None:
    summary, _, _, text = asked(questions, [SOUND], limit=5)
    assert summary["by_planner"] is None
    assert "planner" not in text


@pytest.mark.process
def test_all_right_in_few_groups_is_told_without_an_interval(questions: Path) -> None:
    summary, _, _, text = asked(questions, [SOUND], limit=6)
    assert "(too few groups for an interval: 2 groups)" in text
    for part in summary["agent"]["accuracy"].values():
        assert (part["low"], part["high"]) == (None, None)
    assert "(too few groups for an interval: 1 group)" in report(
        asked(questions, [SOUND], limit=3, again=True)[0], "q"
    )
