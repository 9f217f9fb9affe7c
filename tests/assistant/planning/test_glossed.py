"""Words of another language than the chat's, and what the answer is then in."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.turn.tongue import answered_in
from tests.talking.talk import CT, SKIN, row, talk


def called(words, image, language):
    now = in_english(talk(words, image, language=language))
    return [(call.tool, call.args.get("window")) for call in calls_for(make_tasks(now), now)]


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("Lungenfenster", "lung"), ("Knochenfenster", "bone"), ("Leberfenster", "liver"),
        ("Hirnfenster", "brain"), ("Weichteilfenster", "soft_tissue"),
        ("ventana pulmonar", "lung"), ("ventana ósea", "bone"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_a_word_of_another_language_alone_is_understood_in_any_chat(words, window, language):
    assert called(words, row(1, CT), language) == [("show_slice", window)]


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_a_word_that_does_not_decide_leaves_the_answer_in_the_language_of_the_chat(language):
    assert answered_in("Lungenfenster", lambda: language) == language


def test_words_that_a_rule_knows_or_no_gloss_has_stay_as_they_are():
    for words in ("melanoma?", "also", "die", "tada", "format it as you like"):
        assert in_english(talk(words, row(1, SKIN))).question == words
