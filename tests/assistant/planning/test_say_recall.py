"""What was said before, told again: of which matter and which picture."""

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import SKIN, row, talk


def turn(words, image, tool, said):
    return PastTurn(words, (image,), (Result(tool, image, "x"),), said)


PAST = (
    turn("how big is it?", "img-1", "measure_lesion", "It covers 9 % of img-1."),
    turn("how big is this one?", "img-2", "measure_lesion", "It covers 3 % of img-2."),
    turn("is it sharp?", "img-2", "inspect_image", "img-2 is sharp."),
)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("¿cuánto dijiste de la primera?", "9 %"),
        ("was sagtest du vorhin zur Schärfe?", "is sharp"),
        ("was hast du vorhin zum zweiten gesagt, zur Größe?", "3 %"),
    ],
)
def test_what_was_said_is_told_of_the_matter_and_picture_that_is_named(words, said):
    now = in_english(talk(words, row(1, SKIN), row(2, SKIN), past=PAST))
    answer = compose([one for one in make_tasks(now) if one.intent == "recall"], now)
    assert said in answer


def test_a_question_is_quoted_as_it_was_asked_and_not_as_rules_hear_it():
    past = (turn("Wie groß ist das?", "img-1", "measure_lesion", "Sie bedeckt 9 %. Mehr."),)
    now = in_english(talk("kürzer bitte", row(1, SKIN), past=past, language="de"))
    assert now.past[0].question != "Wie groß ist das?"
    assert "„Wie groß ist das?“" in compose(make_tasks(now), now)
