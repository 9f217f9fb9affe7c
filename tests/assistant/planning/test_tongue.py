"""The language of a message, and English where it is not clear."""

import pytest

from assistant.planning.tongue import language_of
from tools.language.sayings import languages
from tools.language.teaching_cards import cards, told_in


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("is the outline of this spot sharp?", "en"),
        ("Ist der Rand von diesem Fleck scharf?", "de"),
        ("¿Cuánto mide esta mancha?", "es"),
        ("какого размера это пятно?", "ru"),
        ("erkläre Asymmetrie", "de"),
        ("explica asimetría", "es"),
        ("explain asymmetry", "en"),
        ("このほくろの大きさは?", "ja"),
        ("이 사진은 무엇인가요?", "ko"),
    ],
)
def test_a_message_is_in_the_language_of_its_words(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "?", "L4/5", "img-2 vs img-3", "WW 400 WL 40", "hm", "Schaden"])
def test_what_is_not_clear_is_english(text):
    assert language_of(text) == "en"


def test_a_few_words_of_a_neighbour_are_of_the_language_that_is_answered_in():
    assert language_of("mi tío no respira") == "es"
    assert language_of("mio zio non respira") == "it"


@pytest.mark.parametrize("language", languages())
def test_the_title_of_a_card_is_in_the_language_that_has_it(language):
    told = [(card.title, (told_in(card, language) or card).title) for card in cards()]
    asked = [title for english, title in told if language == "en" or title != english]
    assert [title for title in asked if language_of(title.upper()) != language] == []
