"""A quiz on the teaching cards: begun by a topic, answered while open, heard as something else when not."""

import pytest

from assistant.planning.card_questions import card_of, is_on_cards
from assistant.planning.card_quiz import CARDS
from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.quiz_standing import standing
from tests.talking.talk import CHEST, row, talk
from tools.language.sayings import was_said


def chat(*messages, language="en"):
    """The answers to messages in a row."""
    past, answers = (), []
    for words in messages:
        now = in_english(
            talk(words, past=past, before=tuple(turn.question for turn in past), language=language)
        )
        tasks = make_tasks(now)
        answers.append(compose(tasks, now))
        past = (*past, PastTurn(words, (), (), answers[-1]))
    return answers, in_english(talk("", past=past, language=language))


def letter_of(now, *, right):
    """The letter of the option that is right, or of one that is not."""
    asked = standing(now)
    title = card_of(asked.line).title
    at = [one == title for one in asked.options].index(right)
    return "abcd"[at]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("ask me 3 questions on contrast media", "en"), ("quiz me on pixel spacing please", "en"),
        ("frag mich was zu kontrastmitteln", "de"), ("stell mir drei Fragen zur Strahlendosis", "de"),
        ("hazme un test de 3 preguntas de contrastes", "es"), ("pregúntame algo de dosis", "es"),
    ],
)  # fmt: skip
def test_a_topic_that_no_case_shows_is_asked_from_the_cards(words, language):
    (answer,), now = chat(words, language=language)
    asked = standing(now)
    assert (asked.number, asked.open, len(asked.options)) == (1, True, 4)
    assert asked.line in answer and card_of(asked.line) is not None


@pytest.mark.parametrize(
    ("words", "on_cards"),
    [
        ("quiz me, chest only", False),
        ("quiz me on skin", False),
        ("Frag mich ab!! Thorax", False),
        ("quiz me", False),
        ("quiz me on contrast media", True),
        ("ask me 3 questions on this", True),
    ],
)
def test_what_cases_may_show_is_first_asked_of_the_library(words, on_cards):
    language = "de" if words.startswith("Frag") else "en"
    assert is_on_cards(words, language) is on_cards
    (task,) = make_tasks(in_english(talk(words, language=language)))
    assert task.detail == (CARDS if on_cards else "quiz")


def test_a_library_without_cases_leaves_the_quiz_to_the_cards():
    now = in_english(
        talk("quiz me, chest only", results=(Result("quiz", "", "The case library is empty.", refused=True),))
    )
    answer = compose(make_tasks(now), now)
    assert answer.startswith("The case library is empty.") and was_said("quiz.question", answer)


def test_a_letter_is_marked_and_the_card_shown():
    (_,), now = chat("ask me 2 questions on contrast media")
    right = letter_of(now, right=True)
    (_, told), now = chat("ask me 2 questions on contrast media", f"{right})")
    assert was_said("quiz.right", told) and was_said("teaching.mark", told)
    assert (standing(now).right, standing(now).answered, standing(now).open) == (1, 1, False)
    wrong = letter_of(chat("ask me 2 questions on contrast media")[1], right=False)
    (_, told), now = chat("ask me 2 questions on contrast media", wrong)
    assert was_said("quiz.wrong", told) and standing(now).right == 0


def test_next_reveal_score_and_stop_move_the_quiz():
    answers, _ = chat("ask me 2 questions on contrast media", "pass", "reveal", "how many did I get right?")
    assert was_said("quiz.question", answers[1]) and was_said("quiz.revealed", answers[2])
    assert was_said("quiz.over", answers[3])
    answers, _ = chat("ask me 3 questions on contrast media", "stop", "b")
    assert was_said("quiz.over", answers[1]) and was_said("library_tools.no_quiz", answers[2])


def test_no_question_is_asked_twice():
    _, now = chat("ask me 4 questions on contrast media", "next", "next", "next")
    lines = [one.text for one in now.past]
    assert len({text.split("says:")[1][:80] for text in lines if "says:" in text}) == 4


def test_an_answer_that_is_no_option_is_told_the_options():
    answers, _ = chat("ask me 3 questions on contrast media", "lingula")
    assert was_said("quiz.which", answers[1])


def test_why_an_option_was_wrong_is_told_by_its_card():
    answers, _ = chat("frag mich was zu kontrastmitteln", "a", "hä warum nicht d", "weiter", language="de")
    assert was_said("quiz.why_not", answers[2]) or was_said("quiz.was_right", answers[2])
    assert was_said("quiz.question", answers[3])


@pytest.mark.parametrize("words", ["b", "Option c", "la b"])
def test_a_letter_where_nothing_was_asked_is_no_answer(words):
    answers, _ = chat(words)
    assert was_said("library_tools.no_quiz", answers[0])


@pytest.mark.parametrize(
    "words",
    ["ask me if I smoke", "what is a quiz?", "ich frage mich, ob das stimmt", "me pregunto si es normal",
     "test the picture", "exam tomorrow, explain the silhouette sign"],
)  # fmt: skip
def test_what_only_sounds_like_one_begins_no_quiz(words):
    now = in_english(talk(words, row(1, CHEST)))
    assert all(
        one.detail != CARDS and not (one.intent == "library" and one.detail == "quiz")
        for one in make_tasks(now)
    )


def test_another_matter_is_heard_while_a_quiz_is_open():
    answers, _ = chat("ask me 3 questions on contrast media", "what is a pneumothorax?")
    assert "pleural space" in answers[1]


@pytest.mark.parametrize("words", ["was that right?", "did i get it right"])
def test_whether_an_answer_was_right_is_told_as_it_was_marked(words):
    _, now = chat("quiz me on contrast media")
    letter = letter_of(now, right=True)
    (_, marked, again), _ = chat("quiz me on contrast media", letter, words)
    assert marked.splitlines()[0] in again


def test_what_a_term_means_is_asked_of_no_quiz_that_is_over():
    _, after = chat("quiz me on contrast media, 2 questions", "stop")
    now = in_english(talk("by the way, what's TE again", past=after.past))
    assert [task.intent for task in make_tasks(now)] == ["glossary"]
