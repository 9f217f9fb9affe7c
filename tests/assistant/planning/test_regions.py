"""Messages on values in a region become one call of the tool with what they say; their neighbours do not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.danger import danger_of
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.regions import COMPARES, MEASURES, NOT_FOUND, NOT_OFFERED
from assistant.planning.room import leaves_room
from store.records import Region
from tests.talking.talk import CHEST, CT, SKIN, row, talk

SAID = tomllib.loads((Path(__file__).parent / "regions.toml").read_text(encoding="utf-8"))
ROWS = {
    "ct": [row(1, CT)],
    "cr": [row(1, {**CHEST, "modality": "CR"})],
    "photo": [row(1, SKIN)],
    "two": [row(1, CT), row(2, CT)],
}
BEFORE = {"R1": ("mean in 20x20 px at 100,100", 100), "R2": ("and the same 30 px to the right", 130)}


def past(*names: str) -> tuple[PastTurn, ...]:
    turns = []
    for name in names:
        question, column = BEFORE[name]
        region = Region(image_id="img-1", shape="rectangle", column=column, row=100, width=20, height=20)
        result = Result(MEASURES, "img-1", "said", (region,), question=question)
        turns.append(PastTurn(question, (), (result,), "answer"))
    return tuple(turns)


def chat(text: str, setup: str = "ct", before: tuple[str, ...] = (), **more: Any) -> Conversation:
    return in_english(talk(text, *ROWS[setup], past=past(*before), **more))


def asked(now: Conversation) -> list[tuple[str, dict[str, Any]]]:
    calls = calls_for(make_tasks(now), now)
    return [(one.tool, one.args) for one in calls if one.tool in (MEASURES, COMPARES)]


def measured(args: dict[str, Any]) -> dict[str, Any]:
    """What is measured, going on from R1 where the call goes on."""
    found = {"image": args["image_id"], "unit": "px", "slice": args.get("slice_number"), **args}
    if not args.get("again"):
        return found
    size = [20 * args.get("times", 1)] * 2
    move = args.get("move", [0, 0])
    at = [100 + move[0], 100 + move[1]]
    return {"shape": "rectangle", **found, "at": args.get("at", at), "size": args.get("size", size)}


@pytest.mark.parametrize("one", SAID["region"], ids=lambda one: one["text"])
def test_what_is_asked_for_is_measured(one):
    now = chat(one["text"], one["setup"], tuple(one.get("before", ())))
    want, calls = one["want"], asked(now)
    if want.get("cannot"):
        assert [task.detail for task in make_tasks(now)] == [NOT_FOUND]
        return
    ((tool, args),) = calls
    if want.get("compare"):
        assert tool == COMPARES
        return
    found = measured(args)
    if want.pop("bigger", False):
        assert found["size"][0] > 20
    if want.get("snr"):
        assert args["again"]
    for name, value in want.items():
        assert found[name] == value, name


@pytest.mark.parametrize("one", SAID["neighbour"], ids=lambda one: one["text"])
def test_what_is_close_is_not_measured(one):
    now = chat(one["text"], one["setup"], tuple(one.get("before", ())))
    assert asked(now) == []
    assert not [task for task in make_tasks(now) if task.intent == "region"]


def test_several_places_are_measured_one_by_one() -> None:
    now = chat("HU at 120,85 and 20,20")
    assert [args["at"] for _, args in asked(now)] == [[120, 85], [20, 20]]
    assert len({args["question"] for _, args in asked(now)}) == 2


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("profile along the middle", "A profile along a line and a histogram are not offered."),
        ("Intensitätsprofil bitte", "Ein Profil entlang einer Linie"),
        ("perfil de intensidad a lo largo de la línea", "No se ofrecen ni un perfil"),
    ],
)
def test_what_is_not_offered_is_said_plainly(text, start):
    now = chat(text)
    tasks = make_tasks(now)
    assert [task.detail for task in tasks] == [NOT_OFFERED]
    assert compose(tasks, now).startswith(start)


@pytest.mark.parametrize(
    ("text", "general", "how"),
    [
        ("HU of the liver?", "In general, not of this picture: liver", "column and row"),
        ("HU der Leber?", "Allgemein, nicht zu diesem Bild: Leber", "Spalte und Zeile"),
        ("¿Cuántas UH tiene el hígado?", "En general, no de esta imagen: hígado", "columna y fila"),
        ("mean HU of the nodule", "", "column and row"),
    ],
)
def test_an_organ_is_not_found_and_its_range_is_only_general(text, general, how):
    now = chat(text)
    said = compose(make_tasks(now), now)
    assert how in said
    assert general in said
    assert ("In general" in said) == general.startswith("In general")


def test_the_tools_words_are_the_answer_and_noise_comes_with_its_caution() -> None:
    text = "noise in the upper left corner"
    result = Result(MEASURES, "img-1", "Mean 3 HU.", question=text)
    now = chat(text, results=(result,))
    assert calls_for(make_tasks(now), now) == []
    assert compose(make_tasks(now), now).startswith("Mean 3 HU.\n\nA standard deviation is noise only where")
    compared = chat("CNR of the two", "ct", ("R1", "R2"), results=(Result(COMPARES, "img-1", "Apart."),))
    assert calls_for(make_tasks(compared), compared) == []
    assert compose(make_tasks(compared), compared) == "Apart."


def test_without_a_picture_one_is_asked_for() -> None:
    now = in_english(talk("HU at 120,85?"))
    assert [task.intent for task in make_tasks(now)] == ["region"]
    assert "image" in compose(make_tasks(now), now)


def test_no_language_model_words_a_measured_region() -> None:
    now = chat("HU at 120,85?")
    assert not leaves_room(make_tasks(now), now)


@pytest.mark.parametrize("text", ["ROI 50x20 @ (60,60) min max median", "el doble de grande", "30 px links"])
def test_places_and_numbers_alone_tell_of_nobody_in_danger(text):
    assert danger_of(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "my father collapsed and is not breathing, HU at 120,85?",
        "I want to kill myself, mean in 20x20 px at 100,100",
    ],
)
def test_a_danger_beside_a_region_is_heard(text):
    assert make_tasks(chat(text))[0].intent == "danger"


def test_a_moved_region_is_that_after_a_slice_was_shown_only_by_its_name() -> None:
    shown = PastTurn("slice 5", (), (Result("show_slice", "img-1", "Now showing slice 5."),), "shown")
    now = in_english(talk("bigger", row(1, CT, index=4), past=(*past("R1"), shown)))
    assert asked(now) == []
    named = in_english(talk("mean in the same region", row(1, CT, index=4), past=(*past("R1"), shown)))
    ((_, args),) = asked(named)
    assert (args["again"], args["slice_number"]) == (True, 5)
