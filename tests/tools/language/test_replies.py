"""Fixed sentences in many languages."""

import pytest

from tools.language.replies import _replies, reply


def test_what_is_not_known_gets_english():
    assert reply("xx") == reply("en")


@pytest.mark.parametrize("language", sorted(_replies().languages))
def test_every_language_says_all_of_it_in_its_own_words(language):
    said, english = reply(language), reply("en")
    for name in ("body", "harm", "limits", "language"):
        text = getattr(said, name)
        assert text.strip() == text != ""
        assert language == "en" or text != getattr(english, name)
    assert "Casebook" in said.limits
    assert said.body != said.harm


def test_there_are_twenty_six_languages():
    assert len(_replies().languages) == 26
