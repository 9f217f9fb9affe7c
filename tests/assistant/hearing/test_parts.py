"""A message is taken apart into its sentences."""

import pytest

from assistant.hearing.parts import sentences_of


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (
            "Thanks for the slides. He is not breathing! Well then?",
            ["Thanks for the slides.", "He is not breathing!"],
        ),
        ("a film of the knee", []),
        ("the film is fine\nthe child is blue", ["the film is fine", "the child is blue"]),
        ("谢谢你的解释。他没有呼吸了！", ["谢谢你的解释。", "他没有呼吸了！"]),
        ("It measures 2.5 mm. Is that much?", ["It measures 2.5 mm.", "Is that much?"]),
    ],
)
def test_sentences_of_a_message(message, parts):
    assert sentences_of(message) == parts
