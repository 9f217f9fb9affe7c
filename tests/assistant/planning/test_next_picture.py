"""A further picture with few words, pictures side by side by their technical checks, differentials."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from store.records import Gate, Quality
from tests.talking.talk import CHEST, SKIN, asked, row, talk


def tasks(question: str, past: str, *, attached: bool = True) -> list[tuple[str, tuple[str, ...]]]:
    rows = (row(1, SKIN), row(2, SKIN)) if attached else (row(1, SKIN),)
    came = ("img-2",) if attached else ()
    now = talk(question, *rows, attached=came, past=(asked(past, "img-1"),))
    return [(task.intent, task.images) for task in make_tasks(in_english(now))]


@pytest.mark.parametrize(
    "question",
    [
        "one more",
        "ok, here's another mole, left arm",
        "und hier noch eine",
        "Ich habe noch ein Bild, andere Seite",
        "y otra",
        "Te mando otra foto, por favor",
        "una más",
    ],
)
def test_what_was_asked_of_a_picture_is_asked_of_the_next(question: str) -> None:
    assert tasks(question, "how many colours does it have?") == [("measure", ("img-2",))]


def test_a_wish_of_its_own_is_followed_and_without_a_picture_nothing_is_repeated() -> None:
    assert tasks("another one, is it sharp?", "how many colours?") == [("quality", ("img-2",))]
    assert tasks("another one", "how many colours?", attached=False)[0][0] != "measure"


def checked(image_id: str, sharpness: float, contrast: float) -> Result:
    checks = (
        Quality(image_id=image_id, name="sharpness", value=sharpness),
        Quality(image_id=image_id, name="contrast", value=contrast, unit="grey levels"),
    )
    gate = Gate(image_id=image_id, domain="radiology", modality="DX", known_from="pixels", score=0.9)
    return Result("inspect_image", image_id, "inspected", (gate, *checks))


@pytest.mark.parametrize(
    ("question", "name", "other"),
    [
        ("which of the two is crisper?", "sharpness", "contrast"),
        ("which of them has less contrast?", "contrast", "sharpness"),
        ("Welches von beiden ist schärfer?", "Schärfe", "Kontrast"),
        ("¿Cuál de las dos es más nítida?", "nitidez", "contraste"),
    ],
)
def test_pictures_are_set_side_by_side_by_their_technical_numbers(
    question: str, name: str, other: str
) -> None:
    results = (checked("img-1", 150.0, 90.0), checked("img-2", 80.0, 200.0))
    past = (PastTurn("x", ("img-1", "img-2"), results),)
    now = in_english(talk(question, row(1, CHEST), row(2, CHEST), past=past, results=results))
    said = compose(make_tasks(now), now)
    assert f"- {name}:" in said
    assert f"- {other}:" not in said
    assert ("img-1" if "80" in said else "img-2") in said.splitlines()[0]


@pytest.mark.parametrize(
    "question", ["give me the differential", "the differential diagnoses please", "ddx?"]
)
def test_a_differential_is_no_wish_that_something_be_left_undone(question: str) -> None:
    before = PastTurn("I don't want a diagnosis, what is it?", (), asked("x", "img-1").results)
    now = talk(question, row(1, SKIN), past=(before,))
    assert [task.intent for task in make_tasks(now)] == ["read"]
