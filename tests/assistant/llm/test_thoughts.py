"""What a model writes to itself is left out, however it comes in pieces."""

from __future__ import annotations

import pytest

from assistant.llm.hearing import Heard
from assistant.llm.spoken import Spoken
from assistant.llm.template import ChatTemplate
from assistant.llm.thoughts import Thoughts, without_thoughts

WHOLE = "One <think>two</think>three < four <Thinking>five</THINKING> <b>six</b> <thi"
LEFT = "One three < four <b>six</b> <thi"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_blocks_are_left_out_whatever_the_pieces_are(size: int) -> None:
    thoughts = Thoughts()
    pieces = [WHOLE[i : i + size] for i in range(0, len(WHOLE), size)]
    assert "".join(map(thoughts.take, pieces)) + thoughts.rest() == LEFT
    assert without_thoughts(WHOLE) == LEFT


def test_words_are_handed_on_at_once() -> None:
    thoughts = Thoughts()
    assert [thoughts.take(piece) for piece in ("One ", "two <", "b> ", "three")] == [
        "One ",
        "two ",
        "<b> ",
        "three",
    ]


def test_a_block_that_never_ends_is_a_thought_to_the_end() -> None:
    assert without_thoughts("One <think>two three") == "One "


def test_an_end_without_a_beginning_ends_thoughts_that_were_heard_as_words() -> None:
    assert without_thoughts("One two</think>\n\nthree") == "three"


def test_where_thoughts_were_expected_and_none_came_the_words_are_kept() -> None:
    thoughts = Thoughts(inside=True)
    assert thoughts.take("One two ") + thoughts.take("three <") == ""
    assert thoughts.rest() == "One two three <"


@pytest.mark.parametrize("begun", ["<think>hm</think>", "hm </think>", '{"hm"</think>'])
def test_a_call_after_thoughts_is_a_call(begun: str) -> None:
    heard = Heard((), may_call=True)
    for letter in f'{begun}\n{{"tool":"look","args":{{}}}}':
        heard.take(letter)
    words, calls = heard.rest()
    assert ([call.tool for call in calls], words) == (["look"], "")


def test_a_template_that_opens_a_block_has_it_closed() -> None:
    template = ChatTemplate("{% for m in messages %}{{ m.content }};{% endfor %}<think>\n")
    assert template.render([Spoken("user", "One")]) == "One;<think>\n\n</think>\n\n"
