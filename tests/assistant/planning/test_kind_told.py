"""The user's word on a picture's kind, denied and taken back, in a chat."""

from __future__ import annotations

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from store.records import Gate
from tests.talking.talk import CHEST, CT, SKIN, asked, row, talk

BY_USER = {"domain": "radiology", "modality": "MR", "known_from": "user", "overruled": "radiology"}
UNKNOWN = {"domain": "unknown", "reason": "it is not clear"}


def told(*codes: str) -> list[PastTurn]:
    gates = [
        Gate(image_id="img-1", domain="radiology", modality=code, known_from="user")  # type: ignore[arg-type]
        for code in codes
    ]
    return [PastTurn("it is", (), (Result("treat_image_as", "img-1", "done", (one,)),)) for one in gates]


def called(now: Conversation) -> list[tuple[str, dict[str, object]]]:
    heard = in_english(now)
    return [(call.tool, call.args) for call in calls_for(make_tasks(heard), heard)]


def treated(kind: str) -> list[tuple[str, dict[str, object]]]:
    return [("treat_image_as", {"image_id": "img-1", "kind": kind})]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("haha, just messing with you, it's a mammogram", "mammogram"),
        ("Ach was, natürlich ist das ein Ultraschall", "ultrasound"),
        ("no, qué va, es una mamografía", "mammogram"),
    ],
)
def test_a_kind_is_set_right_in_three_languages(said: str, kind: str) -> None:
    assert called(talk(said, row(1, CHEST), past=(asked("what is it?", "img-1"),))) == treated(kind)


@pytest.mark.parametrize(
    ("said", "past", "kind"),
    [
        ("forget that, it was fine before", told("MR"), "as before"),
        ("Das war nur ein Scherz", told("MR"), "as before"),
        ("olvídalo, estaba bien antes", told("CT", "MR"), "CT"),
    ],
)
def test_a_word_that_is_taken_back_leaves_what_was_before(said: str, past: list[PastTurn], kind: str) -> None:
    assert called(talk(said, row(1, BY_USER), past=tuple(past))) == treated(kind)


def test_nothing_is_taken_back_where_nothing_was_told() -> None:
    assert called(talk("forget that, it was fine before", row(1, CHEST), past=(asked("hi", "img-1"),))) == []


def test_a_denial_alone_asks_what_it_is_and_changes_nothing() -> None:
    for rows, answer in (
        ((row(1, CT),), "not a CT of the abdomen, which"),
        ((row(1, UNKNOWN),), "tells me little"),
    ):
        now = talk("this is no CT", *rows, past=(asked("what is it?", "img-1"),))
        assert called(now) == []
        assert answer in compose(make_tasks(now), now)


@pytest.mark.parametrize("said", ["that's not an X-ray", "Das ist kein Röntgen", "no es una radiografía"])
def test_a_denial_is_no_wish_that_something_be_left_undone(said: str) -> None:
    heard = in_english(talk(said, row(1, CHEST), past=(asked("hi", "img-1"),)))
    assert [(task.intent, task.detail) for task in make_tasks(heard)] == [("treat_as", "")]


def test_a_denial_beside_a_question_is_no_answer_of_its_own() -> None:
    now = talk("I know it's no CT, but is it sharp?", row(1, CHEST), past=(asked("hi", "img-1"),))
    assert [task.intent for task in make_tasks(now)] == ["quality"]


def test_a_denial_of_what_nobody_said_is_told_the_kind() -> None:
    assert called(talk("it isn't a CT", row(1, CHEST), past=(asked("hi", "img-1"),))) == [
        ("inspect_image", {"image_id": "img-1", "question": "it isn't a CT"})
    ]


def test_a_kind_alone_answers_where_it_is_unknown_and_is_not_known_twice() -> None:
    assert called(talk("eine Mammographie", row(1, UNKNOWN), past=(asked("hi", "img-1"),))) == treated(
        "mammogram"
    )
    assert called(talk("CT", row(1, CT), attached=("img-1",))) == [
        ("inspect_image", {"image_id": "img-1", "question": "CT"})
    ]


def test_the_part_that_nobody_knew_is_taken_from_the_user() -> None:
    breast = row(1, {"domain": "radiology", "modality": "US", "score": 0.9})
    assert called(talk("es una ecografía de mama", breast, past=(asked("hola", "img-1"),))) == treated(
        "ultrasound breast"
    )


@pytest.mark.parametrize(
    "said", ["what if it were an MRI?", "Wenn das ein MRT wäre", "si fuera una RM", "would an MRI show more?"]
)
def test_what_is_only_supposed_changes_no_kind(said: str) -> None:
    now = talk(said, row(1, SKIN), past=(asked("hi", "img-1"),))
    assert "treat_image_as" not in {tool for tool, _ in called(now)}
