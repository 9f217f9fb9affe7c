"""What is odd about a file of questions is told before anything is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant import Assistant, evaluate
from assistant.evaluation.questions import read_questions
from assistant.evaluation.remarks import remarks
from assistant.evaluation.results import REPORT


def written(folder: Path, *rows: Any) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_unknown_fields_are_named_with_their_lines(tmp_path: Path) -> None:
    row = {"question": "Is it?", "answer": "yes"}
    path = written(tmp_path, row, row | {"choises": ["a", "b"]}, *[row | {"note": n} for n in range(7)])
    first, second = remarks(read_questions(path), path.parent)
    assert first.startswith("The field 'choises' is not known and was left alone (known are id, question,")
    assert first.endswith(": line 2.")
    assert "'note'" in second and second.endswith(": lines 3, 4, 5, 6, 7 and 2 more.")


def test_images_that_lie_elsewhere_are_named_with_their_lines(tmp_path: Path) -> None:
    own = tmp_path / "own"
    written(own)
    (own / "in.png").touch()
    (tmp_path / "out.png").touch()
    (own / "link.png").symlink_to(tmp_path / "out.png")
    given = [
        "in.png",
        "../out.png",
        str(tmp_path / "out.png"),
        str(own / "in.png"),
        "../own/in.png",
        "link.png",
    ]
    path = written(own, *[{"question": "Is it?", "answer": "yes", "image": name} for name in given])
    (told,) = remarks(read_questions(path), own)
    assert told == "Images outside the folder of the questions are read: lines 2, 3, 6."


def test_nothing_is_said_of_a_file_without_oddities(tmp_path: Path) -> None:
    path = written(tmp_path, {"question": "Is it?", "answer": "yes", "id": 1, "tool": ""})
    assert remarks(read_questions(path), tmp_path) == []


def test_remarks_come_before_the_questions_and_stand_in_the_report(tmp_path: Path) -> None:
    path = written(tmp_path, {"question": "Hello?", "answer": "hello", "choises": 1})
    order: list[Any] = []
    with Assistant() as casebook:
        done = evaluate(
            path,
            out=tmp_path / "out",
            assistant=casebook,
            progress=lambda *at: order.append(at),
            tell=order.append,
        )
    (remark,) = done.summary["remarks"]
    assert order == [remark, (1, 1)]
    assert f"- {remark[:60]}" in (tmp_path / "out" / REPORT).read_text(encoding="utf-8")
