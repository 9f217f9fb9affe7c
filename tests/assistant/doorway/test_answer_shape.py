"""An answer as other programs get it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from assistant.answers.answer import Answer, Evidence, ImageRef, Refused, Ungrounded
from assistant.answers.outside import for_outside
from assistant.doorway.answer_shape import AnswerShape, shaped

ANSWER = Answer(
    chat_id="c",
    turn_id="t",
    text="It is.",
    images=(ImageRef("img-1", "dermatology", None, None, "pixels", 0.5),),
    evidence=(Evidence("look", "img-1", "m", "1", 0.1, "Seen.", ({"kind": "finding", "model": "m"},)),),
    refused=(Refused("read", "img-1", "Its weights in /srv/models/x.gguf are damaged."),),
    notices=("See '/home/jane/casebook/log'.",),
    ungrounded=(Ungrounded("It", 0, 2, "label", "not seen"),),
)


def test_the_data_of_an_answer_has_the_shape_that_is_described() -> None:
    shape = AnswerShape.model_validate(shaped(ANSWER))
    assert shape.model_dump(mode="json") == shaped(ANSWER)
    assert set(shaped(ANSWER)) == set(AnswerShape.model_fields)


def test_no_shape_is_without_disclaimers() -> None:
    with pytest.raises(ValidationError):
        AnswerShape.model_validate(shaped(ANSWER) | {"disclaimers": []})


def test_no_place_on_this_machine_is_told() -> None:
    told = str(for_outside(ANSWER)) + str(shaped(ANSWER))
    assert "x.gguf" in told and "/srv" not in told and "/home" not in told
