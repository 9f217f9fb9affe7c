"""What goes on from a lesson in few words."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, row, talk
from tools.language.sayings import say


def lesson(question: str, *images: object, language: str = "en") -> PastTurn:
    now = talk(question, *images, language=language)
    return PastTurn(question, (), (), compose(make_tasks(now), now))


def test_another_technique_is_asked_of_what_was_talked_of_and_changes_no_picture() -> None:
    image = row(1, CHEST)
    now = talk(
        "and a chest CT?", image, past=(lesson("what is the effective dose of a chest x-ray?", image),)
    )
    (task,) = make_tasks(now)
    assert task.intent == "teach"
    assert "mSv" in compose([task], now)


def test_what_no_card_says_of_both_is_said_with_both() -> None:
    past = (lesson("what is the silhouette sign?"),)
    now = talk("and in zebra fish?", past=past)
    said = compose(make_tasks(now), now)
    assert "zebra fish" in said
    assert "silhouette" in said


@pytest.mark.parametrize(
    "question", ["is it sharp enough", "thanks", "measure it", "how soon should it be seen?"]
)
def test_what_asks_of_the_picture_or_for_somebody_goes_on_from_no_lesson(question: str) -> None:
    image = row(1, CHEST)
    now = talk(question, image, past=(lesson("what is the silhouette sign?", image),))
    assert [one.intent for one in make_tasks(now)] != ["teach"]
    assert say("teaching.nearest") not in compose(make_tasks(now), now)


def of_picture(question: str) -> PastTurn:
    return PastTurn(
        question, (), (Result("inspect_image", "img-1", "inspected"),), "I cannot tell from img-1."
    )


@pytest.mark.parametrize(
    ("before", "words", "language", "title"),
    [
        ("is there a pneumothorax?", "and under tension?", "en", "neumothorax"),
        ("ich sag Pneu links, stimmt das", "auch im Liegen?", "de", "Pneumothorax"),
        ("ist das eine Skoliose?", "wie erkennt man sowas", "de", "Skoliose"),
        ("ich sag Pneu links", "dann sag wie man einen erkennt", "de", "Pneumothorax"),
    ],
)
def test_a_message_goes_on_from_the_finding_that_a_picture_was_asked_about(before, words, language, title):
    image = row(1, CHEST)
    now = in_english(talk(words, image, past=(of_picture(before),), language=language))
    (task,) = make_tasks(now)
    assert task.intent in ("teach", "textbook")  # the card, or its title among others
    assert title in compose([task], now)


@pytest.mark.parametrize("words", ["and a fracture?", "and is it sharp?", "and what do you think"])
def test_what_asks_more_of_the_picture_goes_on_with_it(words):
    image = row(1, CHEST)
    now = in_english(talk(words, image, past=(of_picture("is there a pneumothorax?"),)))
    assert {one.intent for one in make_tasks(now)} & {"teach", "textbook"} == set()


def test_how_a_thing_should_be_names_the_nearest_cards():
    now = in_english(
        talk(
            "where SHOULD it be then", row(1, CHEST), past=(of_picture("where does the tip of the line sit"),)
        )
    )
    assert {one.intent for one in make_tasks(now)} <= {"teach", "textbook"}
