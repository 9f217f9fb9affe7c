"""What an answer says of a picture or person beyond findings: all is well, colours, focus, tone, sex."""

from __future__ import annotations

import pytest

from assistant.grounding import Facts, carried, check
from tests.grounding.chats import chat, image, inspected, measured, reading

COLOURS = measured(
    1, ("colour count", 1.0, "of 6", "Of the six colours of the ABCD rule, 1 is present: light brown 100 %.")
)
TONE = measured(1, ("typology angle", 40.0, "°", "An angle of 40°, in the class “intermediate”."))
SKIN = chat([image(1, "DMS")], [COLOURS, TONE], ["Is it harmless?"])


def marks(text: str, facts: Facts = SKIN) -> list[str]:
    return [mark.text for mark in check(text, facts)]


@pytest.mark.parametrize(
    "lie",
    ["It looks normal.", "This is harmless.", "You are healthy.",
     "No abnormality is seen.", "No need to worry.", "It isn’t dangerous.",
     "No finding, patient healthy."],
)  # fmt: skip
def test_reassurance_that_nobody_gave_is_marked(lie: str) -> None:
    assert len(marks(lie)) >= 1


@pytest.mark.parametrize(
    "said",
    ["I cannot say whether it is harmless.", "That does not mean that it is normal.",
     "Nobody said that it is harmless.", "The sharpness is normal?",
     "You asked whether it is harmless.",
     "Only a doctor can say that it is harmless."],
)  # fmt: skip
def test_reassurance_that_is_left_open_or_denied_is_left_alone(said: str) -> None:
    assert marks(said) == []


def test_a_reader_may_find_nothing_wrong_where_it_is_named_and_of_its_own_image() -> None:
    films = [image(1, "DX"), image(2, "DX")]
    facts = chat(films, [reading(1, "Normal chest."), reading(2, "An effusion.")], [])
    assert marks("The reader says that img-1 looks normal.", facts) == []
    assert carried("img-1 looks normal, as you wanted.", facts) == ""


def test_what_the_user_thinks_may_be_repeated_as_theirs() -> None:
    facts = chat([image(1, "DMS")], [], ["I think that it is harmless"])
    assert marks("You said that it is harmless.", facts) == []
    assert marks("It is harmless for you.", facts) != []


def test_a_colour_of_skin_that_no_tool_named_is_marked() -> None:
    assert marks("Light brown is present, black and red are not seen.") == []
    assert marks("Black is present, light brown is not.") == ["Black"]
    assert marks("The rule knows white, red, light brown, dark brown, blue-grey and black.") == []
    assert marks("White balance matters.") == []


def test_black_and_white_of_an_x_ray_are_left_alone() -> None:
    assert marks("On a radiograph bone is white and air is black.", chat([image(1, "DX")], [], [])) == []


def test_focus_exposure_and_tone_are_held_against_the_tools() -> None:
    blurred = chat([image(1, "DMS")], [inspected(1, "It looks blurred.", modality="DMS"), TONE], [])
    assert marks("img-1 is blurred, the skin in class “intermediate”.", blurred) == []
    assert marks("img-1 is overexposed.", blurred) == ["overexposed"]


def test_who_the_patient_is_may_be_repeated_as_the_users_words() -> None:
    facts = chat([image(1, "DMS")], [], ["I am a woman of 40"])
    assert marks("You say that you are a woman.", facts) == []
