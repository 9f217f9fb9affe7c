"""A session taken away: tidy, explained column by column, and without anybody's name."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from assistant.chat import Assistant
from assistant.teaching.answer import answered
from assistant.teaching.export import export_session, tables
from assistant.teaching.learner import Learner, join
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.teaching.rows import SessionRow

Rows = list[dict[str, str]]


def rows(text: str) -> Rows:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def done(casebook: Assistant, session: SessionRow, learner: Learner) -> SessionRow:
    """A session with an answer of Bob's and one of Eve's."""
    learner.hint()
    learner.draft(answered("A veil", []))
    learner.commit(answered("=2+3 a blue-white veil", [("naevus", 60), ("zorbulosis", 30)]))
    learner.change_later(answered("", [("zorbulosis", None)]))
    eve = join(casebook.services, "eve-browser", session.join_code, "Evelina")
    eve.commit(answered("", [("", 70)], nothing_abnormal=True))
    return session


def test_each_answer_guess_and_finding_is_a_row(
    casebook: Assistant, teacher: Teacher, done: SessionRow
) -> None:
    texts = tables(casebook.services, teacher, done.id)
    first, second = rows(texts["answers.csv"])
    assert (first["learner"], first["case"], first["first"], first["confidence"]) == (
        "L01",
        "1",
        "naevus",
        "60",
    )
    assert (first["rank"], first["right"], first["hints"], first["later_first"]) == (
        "2",
        "0",
        "1",
        "zorbulosis",
    )
    assert first["description"] == "'=2+3 a blue-white veil"
    assert (second["learner"], second["rank"], second["first"]) == ("L02", "", "normal")
    assert [(one["learner"], one["rank"], one["diagnosis"]) for one in rows(texts["guesses.csv"])] == [
        ("L01", "1", "naevus"), ("L01", "2", "zorbulosis"), ("L02", "1", "normal"),
    ]  # fmt: skip
    found = {(one["learner"], one["outcome"], one["term"]) for one in rows(texts["findings.csv"])}
    assert ("L01", "found", "blue-white veil") in found
    assert ("L02", "missed", "blue-white veil") in found


def test_every_step_is_there_in_order_of_time_with_its_words(
    casebook: Assistant, teacher: Teacher, done: SessionRow
) -> None:
    steps = [
        json.loads(line) for line in tables(casebook.services, teacher, done.id)["steps.jsonl"].splitlines()
    ]
    mine = [one["step"] for one in steps if one["learner"] == "L01"]
    assert sorted(mine) == sorted(["joined", "opened", "hint", "draft", "committed", "revealed", "later"])
    assert [one["at"] for one in steps] == sorted(one["at"] for one in steps)
    (commit,) = [one for one in steps if one["step"] == "committed" and one["learner"] == "L01"]
    assert json.loads(commit["text"])["description"] == "=2+3 a blue-white veil"


def test_no_nickname_browser_or_join_code_leaves(
    casebook: Assistant, teacher: Teacher, done: SessionRow, tmp_path: Path
) -> None:
    files = export_session(casebook.services, teacher, done.id, tmp_path / "out")
    whole = "".join(path.read_text() for path in files)
    for name in ("Bob", "bob", "Evelina", "eve-browser", done.join_code, "teacher"):
        assert name not in whole.replace("a teacher's", "").replace("the teacher", "").replace(
            "teacher's", ""
        ), name


def test_the_codebook_explains_every_column_and_no_other(
    casebook: Assistant, teacher: Teacher, done: SessionRow
) -> None:
    texts = tables(casebook.services, teacher, done.id)
    explained = {(one["file"], one["column"]) for one in rows(texts["codebook.csv"])}
    there = {
        (name, column)
        for name, text in texts.items()
        if name.endswith(".csv") and name != "codebook.csv"
        for column in next(csv.reader(io.StringIO(text)))
    }
    assert explained == there
    assert all(one["means"] for one in rows(texts["codebook.csv"]))


def test_nothing_is_written_over_and_nothing_of_others_is_given(
    casebook: Assistant, teacher: Teacher, done: SessionRow, tmp_path: Path
) -> None:
    with pytest.raises(CaseError, match="not there"):
        export_session(casebook.services, teacher, done.id, tmp_path)
    with pytest.raises(CaseError, match="no session"):
        export_session(casebook.services, Teacher(casebook.services, "other"), done.id, tmp_path / "out")
    assert not (tmp_path / "out").exists()
