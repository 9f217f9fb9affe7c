"""Yes or no is said only where a file or the gate knows all that is asked."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, Result
from assistant.planning.kind_question import verdict
from assistant.planning.plan import make_tasks
from store.records import Finding, Gate
from tests.talking.talk import CHEST, CT, SKIN, asked, inspected, measured, row, talk
from tools.language.kind_questions import kind_question

ROWS = list(
    csv.DictReader(
        (Path(__file__).parents[2] / "bench" / "yes_no_questions.csv").read_text("utf-8").splitlines()
    )
)
PIXELS = {"known_from": "pixels", "score": 0.9}
HEADER = {"known_from": "file header"}
IMAGES: dict[str, dict[str, object]] = {
    "ct": CT,
    "chest": {**CHEST, **PIXELS},
    "photo": {**SKIN, **PIXELS},
    "derm": {**SKIN, **PIXELS, "modality": "DMS"},
    "us": {"domain": "radiology", "modality": "US", **PIXELS},
    "mg": {"domain": "radiology", "modality": "MG", "body_part": "breast", **HEADER},
    "mr": {"domain": "radiology", "modality": "MR", "body_part": "head", **HEADER},
}
LESION = {"asymmetry": 10.0, "border_irregularity": 1.2, "colour_count": 3.0, "diameter": 20.0}
READ = "look says of img-1: “Reader's words.”"
BEGINNINGS = {
    "cannot tell": r"I cannot tell",
    "of the person": r"I do not know, and I do not try to find out|I cannot tell",
    "no": r"No\.|It does not look so\.|I cannot tell",
    "probably not": r"It does not look so\.",
    "yes": r"Yes\.",
    "probably": r"Probably: it looks so\.",
    "names it": r"img-1 looks like|The file of img-1 says",
}


def heard(question: str, kind: dict[str, object], *, reader: bool = False) -> tuple[str, list[str]]:
    """The answer to a first question on one image, and the tools called for it."""
    image = row(1, kind)
    given: dict[str, object] = {"attached": ("img-1",)}
    given["readers"] = {image.domain: "look"} if reader else {}
    now = talk(question, image, **given)
    calls = calls_for(make_tasks(now), now)
    results = tuple(_result(call.tool, str(call.args.get("question", "")), now) for call in calls)
    now = talk(question, image, **given, results=results)
    return compose(make_tasks(now), now), [call.tool for call in calls]


def _result(tool: str, question: str, now: Conversation) -> Result:
    if tool == "inspect_image":
        return inspected(now.images[0])
    if tool == "measure_lesion":
        return measured("img-1", **LESION)
    finding = Finding(image_id="img-1", label="x", text="Reader's words.", model="look")
    return Result("look", "img-1", READ, (finding,), "look", question=question)


@pytest.mark.parametrize("one", ROWS, ids=lambda one: f"{one['image']}: {one['text']}")
def test_a_yes_or_no_question_gets_what_is_known_and_no_more(one: dict[str, str]) -> None:
    said, _ = heard(one["text"], IMAGES[one["image"]])
    if one["expected"] == "not yes":
        assert not re.match(r"Yes|Probably", said)
    else:
        assert re.match(BEGINNINGS[one["expected"]], said), said


@pytest.mark.parametrize(
    "one", [one for one in ROWS if one["expected"] == "cannot tell"], ids=lambda one: one["text"]
)
def test_with_a_reader_it_is_asked_the_whole_question_and_nothing_is_said_before_it(
    one: dict[str, str],
) -> None:
    said, called = heard(one["text"], IMAGES[one["image"]], reader=True)
    assert called == ["look"]
    assert said == READ


def test_the_rows_hold_many_questions_of_both_sorts() -> None:
    medical = [one for one in ROWS if one["expected"] in ("cannot tell", "not yes", "of the person")]
    assert len(medical) > 100
    assert len(ROWS) - len(medical) > 60


@pytest.mark.parametrize(
    ("question", "part", "expected"),
    [
        ("is this an x-ray of the chest?", "chest", "yes"),
        ("is this an x-ray of the chest?", None, "unknown"),
        ("is this an x-ray of the heart?", "chest", "unknown"),
        ("is this an x-ray of the wrist?", "limb", "unknown"),
        ("is this an x-ray of a limb?", "knee", "yes"),
        ("is this an x-ray of the knee?", "limb", "unknown"),
        ("is this an x-ray of the knee?", "chest", "no"),
        ("is this an x-ray of the thoracic spine?", "chest", "unknown"),
        ("is this an x-ray of the spine?", "thoracic spine", "yes"),
        ("is this an x-ray of the chest and abdomen?", "chest", "no"),
        ("is this an x-ray of the chest and abdomen?", "chest and abdomen", "yes"),
        ("is this an x-ray of the hand?", "sacroiliac joint", "unknown"),
    ],
)
def test_a_part_is_affirmed_only_if_it_or_a_piece_of_it_is_known_to_be_shown(
    question: str, part: str | None, expected: str
) -> None:
    found = kind_question(question)
    assert found is not None
    assert found.rest == ()
    gate = Gate(image_id="img-1", domain="radiology", modality="DX", body_part=part, known_from="pixels")
    assert verdict(found, gate) == expected


@pytest.mark.parametrize(
    "clause",
    ["what is this?", "what kind of image is it?", "which CT is it", "and of the MRI?", "measure the CT"],
)
def test_open_questions_and_wishes_are_no_yes_or_no_questions(clause: str) -> None:
    assert kind_question(clause) is None


def test_a_pointed_question_after_others_may_be_about_a_spot() -> None:
    image = row(1, IMAGES["chest"])
    (task,) = make_tasks(talk("is it the lung?", image, past=(asked("where is the opacity?", "img-1"),)))
    assert task.intent == "read"


def test_what_the_user_said_is_told_as_such_whether_it_fits_or_not() -> None:
    said = {"domain": "radiology", "modality": "MR", "known_from": "user"}
    assert heard("is this an MRI?", said)[0].startswith("You said so; I did not check it.")
    assert heard("is this a CT?", said)[0].startswith("You said otherwise; I did not check it.")


def test_a_denial_in_the_question_gets_no_bare_yes() -> None:
    assert heard("is this not a CT?", CT)[0].startswith("The file of img-1 says that it is a CT")


@pytest.mark.parametrize(
    ("question", "intent"),
    [("is this a lateral chest x-ray?", "facts"), ("is this a normal axial CT?", "read")],
)
def test_a_view_is_told_by_the_header_unless_a_finding_is_asked_too(question: str, intent: str) -> None:
    (task,) = make_tasks(talk(question, row(1, CT), attached=("img-1",)))
    assert task.intent == intent


@pytest.mark.parametrize(
    "question",
    [
        "hey so quick one, is this an xray or a ct, my colleague says ct",
        "quick question - is this a ct, my boss says it's an mri",
        "um, could this be a ct? my friend is sure it is",
        "ok sorry dumb question but is this a ct or what",
        "we were arguing in class whether this is a CT or an MRI",
        "is it a CT? the nurse told me it was an x-ray",
    ],
)
def test_chatter_around_a_question_for_the_kind_leaves_it_one(question: str) -> None:
    now = talk(question, row(1, CT), attached=("img-1",))
    assert {task.intent for task in make_tasks(now)} == {"what_is"}


@pytest.mark.parametrize(
    "question",
    ["is this a ct, my doctor says it's cancer?", "is this an mri, because my colleague thinks it's normal"],
)
def test_an_opinion_on_more_than_the_kind_is_no_chatter(question: str) -> None:
    now = talk(question, row(1, CT), attached=("img-1",))
    assert "what_is" not in {task.intent for task in make_tasks(now)}
