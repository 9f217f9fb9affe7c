"""What people say in a quiz."""

from __future__ import annotations

import pytest

from tools.language.quiz import Said, said_in_quiz, wants_quiz

OPTIONS = ("angioma", "melanoma", "nevus")


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("I think it's a nevus", "nevus"),
        ("I'd go with mole", "nevus"),
        ("b", "melanoma"),
        ("B)", "melanoma"),
        ("a", "angioma"),
        ("option c", "nevus"),
        ("the second one", "melanoma"),
        ("melanoma?", "melanoma"),
        ("is it melanoma?", "melanoma"),
        ("I'm not sure, maybe naevus", "nevus"),
        ("not melanoma, nevus", "nevus"),
        ("definitely a melanoma because the border is irregular", "melanoma"),
    ],
)
def test_an_answer_names_one_option_by_letter_place_or_word(said: str, option: str) -> None:
    assert said_in_quiz(said, OPTIONS) == Said("answer", option)


@pytest.mark.parametrize(
    ("said", "move"),
    [
        ("next", "next"),
        ("ok next please", "next"),
        ("reveal", "reveal"),
        ("I don't know", "reveal"),
        ("what is it?", "reveal"),
        ("show me the answer", "reveal"),
        ("stop the quiz", "stop"),
        ("stop", "stop"),
        ("what's my score?", "score"),
        ("quiz me again", "begin"),
        ("either melanoma or nevus", "unclear"),
        ("psoriasis", "unclear"),
        ("not a naevus", "unclear"),
    ],
)
def test_other_moves_are_told_apart(said: str, move: str) -> None:
    found = said_in_quiz(said, OPTIONS)
    assert found is not None
    assert found.move == move


@pytest.mark.parametrize(
    "said",
    ["what is a naevus?", "how many melanomas do you have?", "measure img-1", "thanks", "find similar cases"],
)
def test_another_matter_is_no_answer(said: str) -> None:
    assert said_in_quiz(said, OPTIONS) is None


def test_of_two_options_the_one_that_is_not_denied_is_meant() -> None:
    assert said_in_quiz("it's not a naevus", ("melanoma", "nevus")) == Said("answer", "melanoma")


def test_nothing_is_an_answer_while_nothing_is_asked() -> None:
    assert said_in_quiz("melanoma", ()) is None
    assert said_in_quiz("b", ()) is None


def test_a_quiz_is_asked_for_in_many_words_and_not_by_its_end() -> None:
    wanted = (
        "quiz me on skin",
        "test me on moles",
        "flashcards",
        "hide the label and let me guess",
        "an unknown please",
    )
    assert all(wants_quiz(one) for one in wanted)
    assert not any(
        wants_quiz(one) for one in ("stop the quiz", "what is this?", "ask me later if it is urgent")
    )


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("yo diría la B", "melanoma"),
        ("será la c", "nevus"),
        ("bueno, opción A", "angioma"),
        ("Würde C sagen", "nevus"),
        ("B würde ich nehmen", "melanoma"),
        ("Ich denk mal, das ist ein Nävus", "nevus"),
        ("parece un lunar", "nevus"),
        ("I reckon, hmm, B then", "melanoma"),
        ("me quedo con la segunda", "melanoma"),
    ],
)
def test_an_answer_is_taken_in_three_languages_in_the_words_around_it(said: str, option: str) -> None:
    assert said_in_quiz(said, OPTIONS) == Said("answer", option)


@pytest.mark.parametrize(
    ("said", "move"),
    [
        ("end this quiz. How many were right?", "stop"),
        ("enough, thanks, what's my score?", "stop"),
        ("could we stop the quiz now please", "stop"),
        ("Genug für heute. Wie hab ich abgeschnitten?", "stop"),
        ("Können wir bitte aufhören?", "stop"),
        ("paremos ya, ¿cómo voy?", "stop"),
        ("vale, ya está bien por hoy", "stop"),
        ("the next case please", "next"),
        ("und noch einer bitte", "next"),
        ("venga, sigamos", "next"),
        ("which answer was correct?", "reveal"),
        ("no idea, tell me", "reveal"),
        ("Keine Idee, verrat's mir", "reveal"),
        ("und welche Antwort war richtig?", "reveal"),
        ("ni idea, dímelo", "reveal"),
        ("¿y cuál era la buena?", "reveal"),
        ("how well did we do?", "score"),
        ("Wie viele davon waren richtig?", "score"),
        ("¿cuántas llevo bien?", "score"),
        ("no es la B", "unclear"),
        ("hm, F", "unclear"),
    ],
)
def test_moves_are_heard_in_three_languages_and_several_in_one_message(said: str, move: str) -> None:
    found = said_in_quiz(said, OPTIONS)
    assert found is not None
    assert found.move == move


@pytest.mark.parametrize(
    "said",
    [
        "stop, my chest hurts",
        "end of the story: what is a naevus?",
        "Was ist ein Nävus?",
        "¿qué es un lunar?",
        "zeig mir ähnliche Fälle",
        "ya no puedo más",
        "gracias",
        "the first picture is sharper",
        "ok " * 60 + "measure it",
    ],
)
def test_what_is_more_than_a_move_is_none(said: str) -> None:
    assert said_in_quiz(said, OPTIONS) is None
