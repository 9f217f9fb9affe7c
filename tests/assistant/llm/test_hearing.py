"""Words, calls and thoughts of a reply, told apart while it comes in."""

import pytest

from assistant.llm.hearing import Heard

CALL = '{"tool":"look","args":{"question":"what does <think> mean?"}}'


def heard(text: str, size: int = 3, **more: bool) -> tuple[str, list[str], Heard]:
    """The words that came, the names of the tools that were called, and what heard them."""
    one = Heard((), may_call=True, **more)
    said = "".join(one.take(text[at : at + size]) for at in range(0, len(text), size))
    rest, calls = one.rest()
    return said + rest, [call.tool for call in calls], one


@pytest.mark.parametrize("size", [1, 4, 200])
def test_a_tag_in_an_argument_of_a_call_is_no_thought(size: int) -> None:
    words, calls, _ = heard(CALL, size)
    assert (words, calls) == ("", ["look"])


@pytest.mark.parametrize("size", [1, 4, 200])
@pytest.mark.parametrize("fence", ["```json\n{}\n```", "```\n{}\n```"])
def test_a_call_in_a_block_of_code_is_a_call(fence: str, size: int) -> None:
    assert heard(fence.replace("{}", CALL), size)[1] == ["look"]


@pytest.mark.parametrize("text", ["`img-1` is a film.", "``two`` ticks", "```text\nno call\n```", "`"])
def test_words_that_begin_with_a_backtick_are_words_and_come_as_they_are_written(text: str) -> None:
    words, calls, one = heard(text, 1)
    assert (words, calls) == (text, []) and not one.calling


def test_words_after_a_backtick_end_at_a_stop() -> None:
    one = Heard(("STOP",), may_call=True)
    said = "".join(one.take(letter) for letter in "`img-1` is a film. STOP")
    assert said == "`img-1` is a film. " and one.ended


def test_one_late_end_of_thoughts_holds_back_one_reply_and_no_more() -> None:
    _, _, first = heard("It is </think> a film.")
    assert first.thinks
    words, _, second = heard("It is a film.", thinks=first.thinks)
    assert words == "It is a film." and not second.thinks
    third = Heard((), may_call=True, thinks=second.thinks)
    assert third.take("It is") == "It is"


def test_a_model_that_thinks_in_every_reply_is_known_to() -> None:
    _, _, first = heard("so, </think>A film.", thinks=True)
    words, _, second = heard("hm, </think>A film.", thinks=first.thinks)
    assert words == "A film." and second.thinks
