"""What people say inside a quiz on the teaching cards, in three languages, and what it does to the quiz."""

import pytest

from assistant.planning.card_questions import card_of
from assistant.planning.compose import compose
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.quiz_standing import asked_last, standing
from tests.assistant.planning.test_card_quiz import chat, letter_of
from tests.talking.talk import talk
from tools.language.sayings import was_said

BEGUN = {
    "en": "quiz me on contrast media",
    "de": "frag mich was zu kontrastmitteln",
    "es": "hazme un test de 3 preguntas de contrastes",
}


def said_of(saying, answer):
    return was_said(f"quiz.{saying}", answer)


@pytest.mark.parametrize(
    ("language", "words", "saying"),
    [
        ("en", "no clue tbh", "revealed"), ("de", "ka", "revealed"), ("es", "no sé, dímelo tú", "revealed"),
        ("en", "gimme a hint", "hint_two"), ("de", "gib mir nen tipp", "hint_two"),
        ("es", "quita una opción", "hint_two"),
        ("en", "repeat the last question u asked me", "question"), ("de", "wie war die frage", "question"),
        ("es", "cuál era la pregunta", "question"),
        ("en", "what am i supposed to do", "meaning"), ("de", "versteh die frage nicht", "meaning"),
        ("es", "no entiendo la pregunta", "meaning"),
        ("en", "easy mode pls", "no_levels"), ("de", "schwerer bitte", "no_levels"),
        ("es", "otra más fácil", "no_levels"),
        ("en", "between a and c", "unsure"), ("de", "keine davon", "unsure"), ("es", "a o c", "unsure"),
        ("en", "nah explain why", "first_answer"), ("de", "warum nicht b", "first_answer"),
        ("es", "¿cuántas llevo?", "score"), ("de", "wie viele noch", "score"),
        ("en", "same topic but 5 more", "more"), ("de", "noch 5 zum gleichen thema", "more"),
        ("en", "another topic please", "which_subject"), ("es", "cambiemos de tema", "which_subject"),
        ("en", "stop, enough", "over"), ("de", "danke das wars", "over"), ("es", "para ya", "over"),
    ],
)  # fmt: skip
def test_an_open_question_hears_what_is_wanted(language, words, saying):
    answers, _ = chat(BEGUN[language], words, language=language)
    assert said_of(saying, answers[1])


@pytest.mark.parametrize(
    ("language", "words", "saying"),
    [
        ("en", "nah explain why", "whole"), ("de", "zeig mir die karte", "whole"),
        ("es", "¿de dónde sale eso?", "whole"),
        ("en", "what was the right one?", "revealed"), ("de", "was wär richtig gewesen", "revealed"),
        ("en", "repeat the question", "asked_last"), ("es", "repite la pregunta", "asked_last"),
        ("en", "nxt", "question"), ("de", "gut, nächste", "question"), ("es", "venga otra", "question"),
        ("en", "im done", "over"), ("es", "gracias, eso es todo", "over"),
    ],
)  # fmt: skip
def test_an_answered_question_is_spoken_of(language, words, saying):
    answers, _ = chat(BEGUN[language], "a", words, language=language)
    assert said_of(saying, answers[2])


@pytest.mark.parametrize("words", ["{} i guess", "gonna go with {}", "uhhh {}?", "not sure, maybe {}"])
def test_an_answer_is_heard_among_other_words(words):
    _, now = chat(BEGUN["en"])
    right = letter_of(now, right=True)
    answers, _ = chat(BEGUN["en"], words.format(right))
    assert said_of("right", answers[1])


def test_a_title_may_be_misspelt():
    _, now = chat(BEGUN["en"])
    title = next(one for one in standing(now).options if one.startswith("Fat"))
    answers, _ = chat(BEGUN["en"], "fat supression")
    assert f"“{title}”" in answers[1]
    assert said_of("wrong", answers[1])


def test_an_answer_that_was_meant_otherwise_is_counted_anew():
    _, now = chat(BEGUN["en"])
    right, wrong = letter_of(now, right=True), letter_of(now, right=False)
    answers, now = chat(BEGUN["en"], wrong, f"wait i meant {right}")
    assert said_of("counted_anew", answers[2])
    assert (standing(now).right, standing(now).answered) == (1, 1)
    answers, now = chat(BEGUN["en"], right, f"sorry, {wrong}")
    assert (standing(now).right, standing(now).answered) == (0, 1)
    answers, now = chat(BEGUN["en"], "reveal", f"i meant {right}")
    assert said_of("not_counted", answers[2])
    assert (standing(now).right, standing(now).answered) == (0, 0)


def test_a_hint_leaves_the_right_option_and_then_tells_another_line():
    answers, now = chat(BEGUN["en"], "hint", "another hint", "one more hint")
    title = card_of(asked_last(now).line).title
    assert title in answers[1]
    assert answers[1].count("- ") == 2
    assert said_of("hint_line", answers[2]) or said_of("no_hint", answers[2])
    assert said_of("no_hint", answers[3])


def test_more_questions_keep_the_score_and_the_subject():
    _, now = chat(BEGUN["en"])
    answers, now = chat(BEGUN["en"], letter_of(now, right=True), "same topic but 5 more")
    found = standing(now)
    assert (found.number, found.count, found.right, found.answered) == (2, 8, 1, 1)
    assert said_of("question", answers[2])


def test_a_subject_that_is_named_begins_anew():
    answers, _ = chat(BEGUN["en"], "another topic please", "radiation dose")
    assert said_of("begun", answers[2])
    answers, _ = chat(BEGUN["es"], "b", "otra cosa, mejor de ecografía", language="es")
    assert said_of("begun", answers[2])


def test_another_matter_is_answered_and_the_question_stays_open():
    answers, now = chat(BEGUN["en"], "what is a pneumothorax?", "and in children?", "repeat")
    assert said_of("still_open", answers[1])
    assert not said_of("still_open", answers[2])
    assert said_of("question", answers[3])
    assert standing(now).open


@pytest.mark.parametrize(
    "words", ["i cant breathe", "i want to die", "should i stop taking metformin", "how many ribs are there"]
)
def test_what_is_no_move_is_none_in_a_quiz(words):
    _, now = chat(BEGUN["en"], words)
    assert standing(now).open
    assert not any(said_of(one, now.past[-1].text) for one in ("question", "which", "score", "over"))


def test_the_quiz_keeps_the_language_of_its_question():
    _, now = chat(BEGUN["en"])
    right = letter_of(now, right=True)
    german = in_english(talk(f"ich glaub {right}", past=now.past, before=(BEGUN["en"],), language="de"))
    assert compose(make_tasks(german), german).startswith("Right: it is")
