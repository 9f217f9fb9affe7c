"""Reading a file of questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation.questions import read_questions
from store.errors import CaseError


def written(folder: Path, *rows: Any) -> Path:
    path = folder / "questions.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_row_is_read_with_everything_it_may_hold(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.png").touch()
    row = {
        "id": "q7",
        "image": "sub/a.png",
        "question": "Which?",
        "answer": "effusion",
        "choices": ["Normal", "Effusion"],
        "category": ["chest", "finding"],
        "group": 12,
        "tool": "read_radiograph",
        "unknown": 1,
    }
    (one,) = read_questions(written(tmp_path, row))
    assert (one.id, one.answer, one.kind, one.group) == ("q7", "B", "choice", "12")
    assert one.images == (tmp_path / "sub" / "a.png",)
    assert one.categories == ("chest", "finding")
    assert one.tool == "read_radiograph"
    assert one.unknown == ("unknown",)
    assert one.words == "Which?\nA) Normal\nB) Effusion"


def test_kinds_and_groups_follow_from_the_row(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    yes, no, short, lettered = read_questions(
        written(
            tmp_path,
            {"question": "Is it?", "answer": "Yes.", "image": ["a.png"]},
            {"question": "Is it?", "answer": False, "image": None},
            {"question": "Where?", "answer": "Left lobe"},
            {"question": "Which?", "answer": "(b)", "choices": {"A": "x", "B": "y"}},
        )
    )
    assert [yes.kind, no.kind, short.kind, lettered.kind] == ["yes/no", "yes/no", "short", "choice"]
    assert [yes.answer, no.answer, lettered.answer] == ["yes", "no", "B"]
    assert yes.group == "a.png"
    assert no.group == no.id != short.id
    assert no.tool is None


def test_ids_follow_from_the_content_and_not_from_the_place(tmp_path: Path) -> None:
    one, two = {"question": "One?", "answer": "yes"}, {"question": "Two?", "answer": "yes"}
    first, second, again = read_questions(written(tmp_path, one, two, one))
    assert again.id == f"{first.id}-2"
    moved = read_questions(written(tmp_path, two, one))
    assert [row.id for row in moved] == [second.id, first.id]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "not a JSON object"),
        ("[1]", "not a JSON object"),
        ({"question": "Is it?"}, "question and answer"),
        ({"question": "", "answer": "yes"}, "question and answer"),
        ({"question": "?", "answer": "yes", "image": "gone.png"}, "no image 'gone.png'"),
        ({"question": "?", "answer": "yes", "image": 3}, "image must be"),
        ({"question": "?", "answer": "z", "choices": ["x", "y"]}, "none of its choices"),
        ({"question": "?", "answer": "x", "choices": ["x", "X"]}, "more than one"),
        ({"question": "?", "answer": "x", "choices": ["x"]}, "choices must be"),
        ({"question": "?", "answer": "x", "choices": "x or y"}, "choices must be"),
        ({"question": "?", "answer": "x", "choices": {"one": "x", "two": "y"}}, "choices must be"),
        ({"question": "?", "answer": "x", "category": [{}]}, "category must be"),
        ({"question": "?", "answer": "x", "tool": 1}, "tool must be"),
        ({"question": "?", "answer": 5}, 'answer is the number 5; write it as text: "5"'),
        ({"question": "?", "answer": 1, "choices": ["x", "y"]}, "answer is the number 1"),
        ({"question": 2.5, "answer": "x"}, "question is the number 2.5"),
        ({"question": "?", "answer": "x", "id": ["a"]}, "id must be"),
        ({"question": "?", "answer": "x", "group": {}}, "group must be"),
        (
            {"question": "?", "answer": "x", "image": "../.."},
            "image '../..' is the folder that this file lies in",
        ),
        ({"question": "?", "answer": "x", "image": ["."]}, "image '.' is the folder"),
        ({"question": "?", "answer": "x", "image": "/"}, "image '/' is the folder"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_nothing_is_asked(tmp_path: Path, row: Any, said: str) -> None:
    path = written(tmp_path, {"question": "Is it?", "answer": "yes"}, row)
    with pytest.raises(CaseError, match=f"Line 2: .*{said}.*\nMend .* nothing was asked"):
        read_questions(path)


def test_twenty_bad_rows_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as told:
        read_questions(written(tmp_path, *["{"] * 23))
    lines = str(told.value).splitlines()
    assert [line.split(":")[0] for line in lines[:20]] == [f"Line {n}" for n in range(1, 21)]
    assert lines[20:] == ["And 3 more.", "Mend or remove them; nothing was asked."]


@pytest.mark.parametrize("second", ["One?", "Two?"])
def test_an_id_that_is_given_twice_is_refused(tmp_path: Path, second: str) -> None:
    rows = [{"id": 1, "question": q, "answer": "yes"} for q in ("One?", second)]
    with pytest.raises(CaseError, match=r"^Line 2: its id '1' is that of line 1 too"):
        read_questions(written(tmp_path, *rows))


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00bad", b"\n\n"])
def test_a_file_that_is_no_file_of_questions_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "given.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CaseError, match=r"given\.jsonl"):
        read_questions(path)
