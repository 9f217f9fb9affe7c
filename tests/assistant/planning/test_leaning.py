"""What goes on from a lesson in few words."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
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
