"""`quiz`: hidden labels, options, answers and scores over a real library."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from store.cases.library import Library
from store.errors import ToolUseError
from store.pictures.blobs import BlobStore
from store.records import LibraryCase, Picture, Quiz, parse_record
from tests.inputs.case_library import library, moles, read, save, scan, unknown, write_csv
from tests.inputs.teaching_library import CAPTION, KINDS, SOURCE, write_teaching_cases
from tools.quiz import Step, next_step


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 moles of three labels, and 3 scans."""
    root = tmp_path_factory.mktemp("library")
    for table in write_teaching_cases(tmp_path_factory.mktemp("sets")):
        library(root).import_csv(table, read, unknown)
    return root


@pytest.fixture
def cases(made: Path, tmp_path: Path) -> Library:
    """The same, to change."""
    return library(copytree(made, tmp_path / "library"))


def label_of(cases: Library, quiz: Quiz) -> str:
    return next(case.label for _, case in cases.newest() if case.id == quiz.cases[quiz.number - 1])


def play(cases: Library, *said: str, seed: int = 1) -> Step:
    state, step = None, None
    for words in said:
        step = next_step(cases, words, state, seed)
        state = step.quiz
    assert step is not None
    return step


def test_a_case_in_question_tells_its_picture_and_nothing_else(cases: Library) -> None:
    step = play(cases, "quiz me on skin")
    told = " ".join(str(one.model_dump(exclude={"options"})) for one in step.records())
    assert [type(one) for one in step.records()] == [Quiz, Picture]
    for secret in (*KINDS, CAPTION, SOURCE, "CC0", ".png"):
        assert secret not in told
    assert sorted(step.quiz.options) == sorted(KINDS)
    assert CAPTION not in " ".join(step.said)
    assert [parse_record(one.model_dump(mode="json")) for one in step.records()] == step.records()


def test_a_right_answer_is_told_with_label_caption_and_source(cases: Library) -> None:
    begun = play(cases, "quiz me on skin")
    step = next_step(cases, f"I think it's a {label_of(cases, begun.quiz)}", begun.quiz, 1)
    said = " ".join(step.said)
    assert said.startswith("Right: the label is")
    assert CAPTION in said
    assert SOURCE in said
    assert "Score: 1 of 1 right." in said
    assert isinstance(step.records()[1], LibraryCase)
    assert not step.quiz.open


def test_a_wrong_answer_is_told_with_what_was_said(cases: Library) -> None:
    begun = play(cases, "quiz me on skin")
    wrong = next(one for one in begun.quiz.options if one != label_of(cases, begun.quiz))
    step = next_step(cases, wrong, begun.quiz, 1)
    assert step.said[0].startswith(f"Not right: you said “{wrong}”")
    assert (step.quiz.answered, step.quiz.right) == (1, 0)


def test_what_is_revealed_or_left_does_not_count(cases: Library) -> None:
    step = play(cases, "quiz me on four skin cases", "reveal", "next", "next", "score")
    assert step.quiz.number == 3
    assert "no answer yet" in step.said[0]
    end = next_step(cases, "stop", step.quiz, 1)
    assert end.quiz.over
    assert "4 cases of it were not answered" in " ".join(end.said)


def test_the_last_answer_ends_it_and_then_none_is_under_way(cases: Library) -> None:
    step = play(cases, "quiz me on two skin cases", "a", "next", "a")
    assert step.quiz.over
    assert "The quiz is over." in " ".join(step.said)
    with pytest.raises(ToolUseError, match="No quiz is under way"):
        next_step(cases, "next", step.quiz, 1)


def test_the_same_seed_asks_the_same_and_no_case_is_asked_twice(cases: Library) -> None:
    one, other = (
        play(cases, "quiz me on 12 skin cases", seed=1),
        play(cases, "quiz me on 12 skin cases", seed=2),
    )
    assert one.quiz == play(cases, "quiz me on 12 skin cases with seed 1", seed=5).quiz
    assert one.quiz.cases != other.quiz.cases
    assert len(set(one.quiz.cases)) == 12


def test_two_labels_named_stay_the_only_options(cases: Library) -> None:
    step = play(cases, "quiz me on melanoma vs moles", "next", "next")
    assert step.quiz.options == ("melanoma", "nevus")
    assert label_of(cases, step.quiz) in step.quiz.options


def test_options_are_labels_of_the_same_collection(cases: Library) -> None:
    assert set(play(cases, "quiz me on CTs").quiz.options) == {"fracture", "normal"}
    assert set(play(cases, "test me on fractures").quiz.options) == {"fracture", "normal"}


def test_what_names_no_option_is_asked_again_and_costs_nothing(cases: Library) -> None:
    begun = play(cases, "quiz me")
    step = next_step(cases, "psoriasis", begun.quiz, 1)
    assert "Name one of the options" in step.said[0]
    assert step.quiz == begun.quiz


def test_a_case_that_went_or_changed_meanwhile_does_not_count(cases: Library) -> None:
    begun = play(cases, "quiz me on skin")
    cases.relabel(begun.quiz.cases[0], "something new")
    step = next_step(cases, "a", begun.quiz, 1)
    assert "does not count" in step.said[0]
    assert step.quiz.answered == 0
    cases.remove(begun.quiz.cases[1:2])
    assert next_step(cases, "next", step.quiz, 1).quiz.number == 3


def test_too_little_in_the_library_is_a_sentence(tmp_path: Path) -> None:
    empty = Library(tmp_path / "none", BlobStore(tmp_path / "pictures"))
    with pytest.raises(ToolUseError, match="library is empty"):
        next_step(empty, "quiz me", None, 1)
    one = library(tmp_path / "one")
    rows = [(save(tmp_path / "s", f"{n}.png", scan(n)), "normal", "CT", "") for n in range(3)]
    one.import_csv(write_csv(tmp_path / "s", rows[:1]), read, unknown)
    with pytest.raises(ToolUseError, match="at least two cases"):
        next_step(one, "quiz me", None, 1)
    one.import_csv(write_csv(tmp_path / "s", rows), read, unknown)
    with pytest.raises(ToolUseError, match="at least two labels"):
        next_step(one, "quiz me", None, 1)


def test_two_words_for_one_thing_are_never_both_options(tmp_path: Path) -> None:
    made = library(tmp_path / "library")
    table = moles(tmp_path / "skin", 8)
    table.write_text(table.read_text().replace("1.png,nevus", "1.png,mole"))
    made.import_csv(table, read, unknown)
    for seed in range(6):
        assert len({"nevus", "mole"} & set(play(made, "quiz me on skin", seed=seed).quiz.options)) == 1


def test_the_score_is_told_after_the_end_and_the_label_again_after_the_answer(cases: Library) -> None:
    step = play(cases, "quiz me on skin", "a", "what was right?")
    label = label_of(cases, step.quiz)
    assert step.said[0].startswith(f"The label is “{label}”.")
    assert (step.quiz.answered, step.quiz.open) == (1, False)
    over = next_step(cases, "stop the quiz. how did I do?", step.quiz, 1)
    assert over.quiz.over
    again = next_step(cases, "so how many did I get right?", over.quiz, 1)
    assert again.said == over.said[-1:]
    with pytest.raises(ToolUseError):
        next_step(cases, "next", over.quiz, 1)


def letter_of(cases: Library, quiz: Quiz, *, right: bool = True) -> str:
    at = next(n for n, one in enumerate(quiz.options) if (one == label_of(cases, quiz)) is right)
    return "ABCD"[at]


def test_a_hint_leaves_two_options_and_the_case_open(cases: Library) -> None:
    begun = play(cases, "quiz me on skin")
    step = next_step(cases, "hint", begun.quiz, 1)
    said = " ".join(step.said)
    assert said.startswith("A hint: it is one of these two")
    assert label_of(cases, begun.quiz) in said
    assert sum(one in said for one in KINDS) == 2
    assert step.quiz == begun.quiz


def test_the_question_is_asked_again_with_its_picture(cases: Library) -> None:
    begun = play(cases, "quiz me on skin")
    step = next_step(cases, "repeat", begun.quiz, 1)
    assert step.said[0] == begun.said[-1]
    assert [type(one) for one in step.records()] == [Quiz, Picture]


@pytest.mark.parametrize(("said", "told"), [("easier", "no easier"), ("another subject", "other cases")])
def test_what_cannot_be_changed_is_said_and_the_case_stays_open(cases: Library, said: str, told: str) -> None:
    begun = play(cases, "quiz me on skin")
    step = next_step(cases, said, begun.quiz, 1)
    assert told in step.said[0]
    assert step.quiz == begun.quiz


def test_why_is_told_after_the_answer_alone(cases: Library) -> None:
    begun = play(cases, "quiz me on skin")
    before = " ".join(next_step(cases, "explain", begun.quiz, 1).said)
    assert CAPTION not in before
    after = next_step(cases, "explain", next_step(cases, "reveal", begun.quiz, 1).quiz, 1)
    assert CAPTION in " ".join(after.said)
    assert "no reason for the label" in " ".join(after.said)


def test_an_answer_that_was_meant_otherwise_is_counted_anew(cases: Library) -> None:
    begun = play(cases, "quiz me on skin")
    right, wrong = letter_of(cases, begun.quiz), letter_of(cases, begun.quiz, right=False)
    answered = next_step(cases, wrong, begun.quiz, 1)
    step = next_step(cases, f"i meant {right}", answered.quiz, 1)
    assert (step.quiz.right, step.quiz.answered) == (1, 1)
    assert step.said[0].startswith("I count")
    revealed = next_step(cases, "reveal", begun.quiz, 1)
    step = next_step(cases, f"i meant {right}", revealed.quiz, 1)
    assert (step.quiz.right, step.quiz.answered) == (0, 0)
