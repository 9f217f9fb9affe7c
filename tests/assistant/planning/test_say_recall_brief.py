"""The last answer in fewer words."""

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.polite import at_length
from assistant.planning.say_recall import brief
from assistant.planning.teaching import card_shown
from tests.talking.talk import CT, row, talk
from tools.language.sayings import say

LESSON = """How to look:
1. Air: around the bowel, and below.
2. Look at bone. Then again.
- Mimics: fat.
&nbsp;
Card; 2012."""


def test_of_a_list_the_beginnings_of_its_steps_are_told():
    assert brief(LESSON) == "How to look:\n\n1. Air\n2. Look at bone"


def test_of_a_paragraph_the_first_sentence_is_told():
    assert brief("It covers 9.4 % of img-1. The file has no scale.\n\nMore.") == "It covers 9.4 % of img-1."


@pytest.mark.parametrize("words", ["shorter please", "kürzer bitte", "dilo en una frase"])
def test_a_wish_for_fewer_words_tells_the_last_answer_again(words):
    past = (
        PastTurn(
            "how much fat is it?", (), (Result("inspect_image", "img-1", "x"),), "Fat 9 %. It counts pixels."
        ),
    )
    now = talk(words, row(1, CT), past=past)
    said = compose(make_tasks(now), now)
    assert "Fat 9 %." in said and "counts" not in said and "how much fat" in said
    again = talk(words, row(1, CT), past=(*past, PastTurn("shorter", (), (), said)))
    assert "how much fat" in compose(make_tasks(again), again)


def test_where_nothing_was_said_there_is_nothing_shorter():
    now = talk("shorter please", row(1, CT))
    assert compose(make_tasks(now), now) == now.say("reading.nothing_before")


def test_a_card_that_is_shortened_still_says_that_it_tells_of_no_image():
    lesson = compose(make_tasks(talk("how do I read a chest film?")), talk("how do I read a chest film?"))
    now = talk("shorter please", past=(PastTurn("how do I read a chest film?", (), (), lesson),))
    said = compose(make_tasks(now), now)
    assert say("teaching.shortened", title="How to read a chest film") in said and len(said) < len(lesson)


@pytest.mark.parametrize(
    ("language", "words", "title"),
    [
        ("en", "how do I read a knee film, in one line", "Knee"),
        ("de", "Wie liest man eine Thoraxaufnahme, ganz kurz?", "Thorax"),
        ("es", "cómo se lee una radiografía de tórax, en pocas palabras", "tórax"),
    ],
)
def test_a_lesson_that_is_wished_short_is_its_points_alone(language, words, title):
    whole = words.rpartition(",")[0]
    said, long = (
        compose(make_tasks(now), now)
        for one in (words, whole)
        for now in [in_english(talk(one, language=language, spoken=language))]
    )
    assert title in said and 3 * len(said) < 2 * len(long)
    assert (
        say("teaching.shortened", language, title=card_shown(long, talk("", language=language)).title) in said
    )


@pytest.mark.parametrize(
    "words", ["is the short axis over 10 mm?", "briefly", "wie kurz ist der Hals?", "shorter please"]
)
def test_what_only_sounds_short_or_is_all_there_is_stays(words):
    assert at_length(words) == words
