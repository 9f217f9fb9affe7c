"""A text that goes round in circles is told from one that does not, in whatever pieces it comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.middleware.circles import Circles, is_loop

ROUND = {
    "two words": "The lesion is " + "dark and " * 30,
    "one word": "no " * 60,
    "forty words": "".join(f"word{n} " for n in range(40)) * 3,
    "part of a word": "ab" * 300,
    "a sentence, with others between": "".join(
        f"This is a long sentence of words. So {n}? " for n in range(5)
    ),
    "a sentence not yet ended": "So it is one long sentence? Is it? " * 3 + "So it is one long sentence",
    "two words, the last one cut off": "and so on it goes again " * 6 + "and so on it go",
    "a sentence cut off in a word": "The lung is clear on both sides today. Is it? " * 3
    + "The lung is clear on both sides tod",
    "a line": "1 lesion, dark, on the left arm\n2\n" * 4,
}
SOUND = {
    "nothing": "",
    "a list": "\n".join(f"img-{n}: asymmetry {n} %, border index 1.{n}, two colours" for n in range(1, 30)),
    "a short sentence again and again": "".join(f"Finding {n}: none. No change seen. " for n in range(9)),
    "a long word": "pneumonoultramicroscopicsilicovolcanoconiosis",
    "a word nineteen times": "no " * 19,
    "a sentence three times": "".join(f"This is a long sentence of words. So {n}? " for n in range(3)),
    "what goes on": "and so on " * 8 + "until it does no longer.",
}


@pytest.mark.parametrize("text", ROUND.values(), ids=list(ROUND))
def test_words_and_sentences_that_come_again_and_again_are_a_loop(text: str) -> None:
    assert is_loop(text)


@pytest.mark.parametrize("text", SOUND.values(), ids=list(SOUND))
def test_lists_and_ordinary_texts_are_no_loops(text: str) -> None:
    assert not is_loop(text)


WORDS = st.sampled_from(
    ["dark ", "and", " ", "\n", ". ", ".", "?", "ab", "The lung is clear and well aerated", " so on " * 5]
)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([1, 2, 4, 12, 40])), max_size=8).map(
    lambda parts: "".join(word * times for word, times in parts)
)


@given(
    st.sampled_from([*ROUND.values(), *SOUND.values()]) | TEXTS, st.lists(st.integers(0, 60), max_size=200)
)
def test_a_text_is_judged_alike_whole_and_in_pieces(text: str, sizes: list[int]) -> None:
    circles, start = Circles(), 0
    for size in sizes:
        circles.add(text[start : start + size])
        start += size
    assert circles.add(text[start:]) == is_loop(text)


@pytest.mark.parametrize("text", [*ROUND.values(), *SOUND.values()], ids=[*ROUND, *SOUND])
def test_letter_by_letter_a_text_is_judged_as_whole(text: str) -> None:
    circles = Circles()
    judged = [circles.add(letter) for letter in text]
    assert (judged[-1:] == [True]) == is_loop(text)


def test_what_no_longer_ends_in_the_same_words_is_no_loop_any_more() -> None:
    circles = Circles()
    assert circles.add("and so on " * 60)
    assert not circles.add("until at last something else is said.")
