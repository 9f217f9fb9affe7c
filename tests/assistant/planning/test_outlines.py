"""Outlines that the user gives in numbers."""

import pytest

from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.outlines import outline_of
from store.records import Outline


def talk(question, *past):
    return Conversation(past=past, question=question, attached=(), images=(), results=())


def measured(*numbers, image="img-1"):
    given = (Outline(image_id=image, numbers=numbers),) if numbers else ()
    return PastTurn("measure it", (), (Result("measure_lesion", image, "measured", given),))


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("the lesion is an ellipse at 320, 240, 100 by 80 pixels", [320, 240, 100, 80]),
        ("Der Umriss ist 10,20 60,22 55,70", [10, 20, 60, 22, 55, 70]),
        ("use the outline 10.5,20 60,22 55,70 12,64", [10.5, 20, 60, 22, 55, 70, 12, 64]),
        ("outline it", []),
        ("is it 5 by 4 mm?", []),
    ],
)
def test_an_outline_is_read_from_the_numbers_of_the_question(question, numbers):
    assert outline_of(talk(question), "img-1") == numbers


def test_the_outline_given_before_stays_until_it_is_to_be_found_again():
    past = (measured(320, 240, 100, 80), measured(1, 2, 3, 4, image="img-2"))
    assert outline_of(talk("how large is it?", *past), "img-1") == [320, 240, 100, 80]
    assert outline_of(talk("find the outline yourself", *past), "img-1") == []
    assert outline_of(talk("how large is it?", *past, measured()), "img-1") == []
