"""Cards that are found by their words, where no form of question says which is meant."""

import pytest

from assistant.planning.card_search import nearest
from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.teaching import NAMED
from tests.talking.talk import CHEST, row, talk
from tools.language.sayings import say


@pytest.mark.parametrize(
    ("words", "language", "card"),
    [
        ("shoulder blades off the lungs, which projection?", "en", "chest-projections"),
        ("Lisfranc übersehen, Weber-Einteilung", "de", "ankle-foot-film"),
        ("vesícula con pared gruesa y Murphy", "es", "gallbladder-us"),
        ("twinkling artefact behind ureteric stones", "en", "stones"),
    ],
)
def test_the_card_that_shares_most_with_a_question_is_nearest(words, language, card):
    assert nearest(words, language)[0].card.id == card


def test_words_that_no_card_holds_and_words_that_say_nothing_are_near_to_none():
    assert nearest("how do you do, please", "en") == []
    assert not [one for one in nearest("zzyzx qwertz", "en") if one.nearness > 1]


def answer(words, *rows, past=(), **more):
    now = in_english(talk(words, *rows, past=past, **more))
    return compose(make_tasks(now), now)


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_a_card_found_by_its_words_is_shown_after_the_word_that_it_may_not_be_it(language):
    words = {
        "en": "coffee bean shape of the bowel",
        "de": "Kaffeebohne im Darm, Volvulus",
        "es": "vólvulo, grano de café",
    }
    said = answer(words[language], language=language, spoken=language)
    assert say("teaching.nearest", language) in said and "1." in said


def test_where_several_are_as_near_their_titles_are_told():
    said = answer("Which of the following is characteristic of sarcoidosis on a chest radiograph?")
    assert said.startswith(say("teaching.near", titles="").split(":")[0].rsplit(".", 1)[0])
    assert said.count("“") == NAMED


def test_what_no_card_is_near_to_stays_unknown_and_a_danger_is_none_of_it():
    assert answer("which vitamin prevents scurvy?") == say("chat.textbook")
    assert "emergency" in answer("my dad has crushing chest pain and is grey, pneumothorax?")


def test_a_reading_beside_a_picture_is_not_taken_for_a_lesson():
    said = answer("is there a pneumothorax?", row(1, CHEST))
    assert say("teaching.nearest") not in said


def test_a_lesson_goes_on_from_what_was_asked_before():
    past = (PastTurn("so is it BI-RADS 5?", (), (), "I cannot tell."),)
    said = answer("a table of all categories please", row(1, CHEST), past=past)
    assert "BI-RADS" in said and say("chat.textbook") not in said
