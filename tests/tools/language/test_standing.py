"""How a word stands in its sentence."""

from __future__ import annotations

import pytest

from tools.language.standing import denies, is_denied, standing


def place(sentence: str, word: str) -> tuple[int, int]:
    start = sentence.index(word)
    return start, start + len(word)


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("There is a fracture.", "stated"),
        ("There is no fracture.", "denied"),
        ("The lung is free of any fracture.", "denied"),
        ("A fracture was ruled out.", "denied"),
        ("No evidence of a fracture.", "denied"),
        ("No evidence in this chat bears on a fracture.", "open"),
        ("There isn’t a fracture.", "denied"),
        ("The line is a vessel rather than a fracture.", "denied"),
        ("It shows a vessel instead of a fracture.", "denied"),
        ("There is no doubt that this is a fracture.", "stated"),
        ("It shows not only swelling, it shows a fracture.", "stated"),
        ("There is no swelling but a fracture.", "stated"),
        ("It is not a vessel, it is a fracture.", "stated"),
        ("No swelling is seen and a fracture crosses the rib.", "stated"),
        ("Is there a fracture?", "open"),
        ("I cannot tell whether there is a fracture.", "open"),
        ("A fracture is not mentioned.", "open"),
        ("A fracture means a broken bone.", "open"),
    ],
)
def test_a_word_is_stated_denied_or_open(sentence: str, stands: str) -> None:
    assert standing(sentence, *place(sentence, "fracture")) == stands


def test_a_question_denies_as_a_statement_does() -> None:
    sentence = "Is there no fracture?"
    assert is_denied(sentence, *place(sentence, "fracture"))
    assert not is_denied("Is there a fracture?", *place("Is there a fracture?", "fracture"))


def test_a_denial_reaches_as_far_as_is_said() -> None:
    sentence = "Nothing is not worth a look here, and then: B"
    near = "not exactly B"
    assert is_denied(near, *place(near, "B"), reach=10)
    assert not is_denied(near, *place(near, "B"), reach=5)
    assert not is_denied(sentence, *place(sentence, "B"))


def test_what_sounds_like_a_denial_and_is_none() -> None:
    assert denies("not a fracture") and denies("it isn't")
    assert not denies("without a doubt") and not denies("nothing but the truth")
