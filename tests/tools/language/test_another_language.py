"""A chat in another language: what an answer says is said in it, whatever tools and cards say in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.answers.answer import Answer
from assistant.chat import Chat
from assistant.examples import examples
from assistant.turn import tongue
from tests.inputs.loud import NAME, loud
from tools.catalogue import cards
from tools.language.retold import retell
from tools.language.sayings import FIRST, say, sayings, was_said
from tools.models.systems.cards import SYSTEMS

# Names, what is quoted, DICOM attributes, and what is to be typed stay as they are.
_AS_IT_IS = re.compile(
    r"`[^`]*`|“[^”]*”|\bimg-\d+\b|\b(?:Imager )?Pixel Spacing\b|"
    rf"\b(?:{'|'.join([*cards(), *SYSTEMS])})\b"
)


@pytest.fixture(scope="module")
def in_capitals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A language of capitals beside English, for all of this file: it takes a while to read."""
    with pytest.MonkeyPatch.context() as patch, loud(tmp_path_factory.mktemp("loud") / "sayings", patch):
        yield


@pytest.fixture
def chat(process: None, in_capitals: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """A chat whose answers are in capitals, whatever the question is in."""
    monkeypatch.setattr(tongue, "answered_in", lambda *_: NAME)
    with Assistant() as assistant:
        yield assistant.chat()


def english(text: str) -> list[str]:
    """Words of a text that are in small letters."""
    return re.findall(r"\b[a-z]{3,}\b", _AS_IT_IS.sub("", text))


QUESTIONS = (
    "what is this?",
    "is the picture good enough?",
    "measure it",
    "is it a CT or an MRI?",
    "describe it",
    "find similar cases",
    "how wide is the picture?",
    "how much fat is there?",
    "which of my labels fits?",
    "why?",
    "how asymmetric is it?",
    "compare img-1 and img-2",
    "should I see a doctor?",
    "what can you do?",
    "what about the fifth picture?",
    "rank cyst, tumour",
)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_no_answer_holds_english_that_is_not_in_the_language(chat: Chat, example: object) -> None:
    files = [example.draw()]  # type: ignore[attr-defined]
    for question in QUESTIONS:
        answer = chat.ask(question, files)
        files = []
        assert answer.language == NAME
        assert set(english(answer.text)) <= set(english(question)), question
        assert not english(" ".join(answer.disclaimers)), question


def test_an_answer_that_is_read_again_keeps_its_language_and_its_disclaimers(chat: Chat) -> None:
    answer = chat.ask("measure it", [examples()[0].draw()])
    again = Answer.from_json(answer.to_json())
    assert again == answer and again.disclaimers[0] == say("disclaimers.general", NAME)
    assert "1,0" in answer.text and "THE BORDER INDEX IS" in answer.text


def test_a_reading_model_that_is_missing_is_named_once_in_a_chat_of_another_language(chat: Chat) -> None:
    first = chat.ask("is there a fracture?", [examples()[2].draw()])
    second = chat.ask("is the heart enlarged?")
    assert was_said("reading.none_here", first.text) and not was_said("reading.none_here", second.text)


@pytest.mark.parametrize("name", [*cards(), *SYSTEMS])
def test_every_disclaimer_of_a_card_can_be_said_in_another_language(in_capitals: None, name: str) -> None:
    for text in (cards().get(name) or SYSTEMS[name]).disclaimers:
        assert retell(text, NAME) == text.upper()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It was drawn by hand.", "It was drawn by hand."),
        ("It covers 10.3 % of the picture.", "IT COVERS 10,3 % OF THE PICTURE."),
        ("No lesion was measured in img-1. It was drawn.", "NO LESION WAS MEASURED IN img-1. It was drawn."),
        ("img-1 looks like an X-ray of the chest (estimated from its pixels).",
         "img-1 LOOKS LIKE AN X-RAY OF THE CHEST (ESTIMATED FROM ITS PIXELS)."),
        ("Of the six colours of the ABCD rule, 2 are present: dark brown 35 %, light brown 6 %.",
         "OF THE SIX COLOURS OF THE ABCD RULE, 2 ARE PRESENT: DARK BROWN 35 %, LIGHT BROWN 6 %."),
    ],
)  # fmt: skip
def test_what_a_tool_says_is_retold_sentence_by_sentence(in_capitals: None, text: str, told: str) -> None:
    assert retell(text, NAME) == told
    assert retell(text, FIRST) == text


def test_what_tools_say_in_english_is_one_saying_each(in_capitals: None) -> None:
    for name, text in sayings(FIRST).texts.items():
        if name.startswith(("tools.", "told.", "library_tools.", "values.")) and "{" not in text:
            assert retell(text, NAME) == sayings(NAME).texts[name]
