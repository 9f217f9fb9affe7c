"""What a model's sentence puts together is stated by a record or by the planner, not merely in its words.

The sentences: ``restated.toml``, over what the planner's tools really say of drawn pictures.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, load_settings
from assistant.answers.answer import Answer
from assistant.evaluation.conversations.drawings import drawn
from assistant.grounding import Facts, carried, facts_of
from tests.assistant.grounding.test_check import FACTS
from tests.scripted.readers import ScriptedReaders

CHATS = tomllib.loads(Path(__file__).with_name("restated.toml").read_text(encoding="utf-8"))["chat"]
READERS = {
    "radiographer": "A left pleural effusion. No pneumothorax. Two nodules in the right lung.",
    "derm-captioner": "A brown macule with an irregular border.",
}
LEAST = 40


@dataclass(frozen=True)
class Told:
    """A chat: what the planner said in it, the evidence, and sentences of a model's."""

    floor: str
    facts: Facts
    honest: list[str]
    made_up: list[str]


@pytest.fixture(scope="module")
def chats(process: None, tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """The chats of the file, asked once."""
    return list(asked(tmp_path_factory.mktemp("planner")))


def asked(folder: Path) -> Iterator[Told]:
    for n, chat in enumerate(CHATS):
        with Assistant(load_settings(home=folder / str(n), burned_in="off")) as assistant:
            assistant.services.__dict__["readers"] = ScriptedReaders({k: [v] for k, v in READERS.items()})
            yield told(chat, list(answers(assistant, chat)))


def answers(assistant: Assistant, chat: dict[str, Any]) -> Iterator[Answer]:
    talk, pictures = assistant.chat(), [drawn(one) for one in chat["pictures"]]
    for question in chat["questions"]:
        yield talk.ask(question, pictures)
        pictures = []


def told(chat: dict[str, Any], said: list[Answer]) -> Told:
    images = {image.id: image for one in said for image in one.images}
    evidence = [found for one in said for found in one.evidence]
    facts = facts_of(images.values(), evidence, (), chat["questions"])
    return Told("\n\n".join(one.text for one in said), facts, chat["honest"], chat["made_up"])


def test_what_puts_words_of_the_evidence_together_to_what_nobody_stated_is_left_out(
    chats: list[Told],
) -> None:
    shown = [(one, carried(one, chat.facts, chat.floor)) for chat in chats for one in chat.made_up]
    assert [text for text, left in shown if left] == []
    assert len(shown) >= LEAST


def test_what_says_again_what_the_evidence_states_stays(chats: list[Told]) -> None:
    shown = [(one, carried(one, chat.facts, chat.floor)) for chat in chats for one in chat.honest]
    assert [text for text, left in shown if left != text] == []
    assert len(shown) >= LEAST


def test_every_sentence_of_the_planners_own_answer_stays(chats: list[Told]) -> None:
    for chat in chats:
        assert carried(chat.floor, chat.facts, chat.floor).split() == chat.floor.split()


def test_what_an_honest_sentence_adds_beside_what_was_stated_takes_it_along(chats: list[Told]) -> None:
    (chest,) = [one for one in chats if "The radiographer is an X-ray." in one.made_up]
    honest = "The radiographer says that there is a left pleural effusion."
    assert carried(f"{honest} The chest is a file.", chest.facts, chest.floor) == honest
    assert carried("There is a left pleural effusion and the chest is a file.", chest.facts, "") == ""


@pytest.mark.parametrize(
    "said", ["A left pleural effusion.", "There is a mass in the left lung.", "a reading model can tell"]
)
def test_a_piece_of_a_sentence_of_the_planners_is_no_sentence_of_the_planners(said: str) -> None:
    floor = (
        "radiographer says of img-2: “A left pleural effusion. There is a mass in the left lung.” "
        "It is not known whether a reading model can tell."
    )
    assert carried(said, FACTS, floor) == ""


def test_a_sentence_of_the_planners_of_one_image_is_none_of_another() -> None:
    floor = "img-1 has technical limits. It looks blurred beyond use.\n\nimg-2 has none."
    assert carried("img-1 has technical limits. It looks blurred beyond use.", FACTS, floor) != ""
    assert carried("img-2 has none. It looks blurred beyond use.", FACTS, floor) == "img-2 has none."
