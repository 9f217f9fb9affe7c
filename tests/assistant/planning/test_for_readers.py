"""Which questions go to a reading model that is set up, in whatever words they are asked."""

from __future__ import annotations

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, Result
from assistant.planning.plan import make_tasks
from store.records import Finding
from tests.talking.talk import CHEST, SKIN, asked, inspected, row, talk

READERS = {"radiology": "read_radiograph"}
PIXELS = {**CHEST, "known_from": "pixels"}
HEADER = {**CHEST, "known_from": "file header"}


def about(question: str, kind: dict[str, object] = PIXELS, **more: object) -> Conversation:
    """A first question about one radiograph, with a reader set up."""
    return talk(question, row(1, kind), attached=("img-1",), **{"readers": READERS, **more})


def called(question: str, kind: dict[str, object] = PIXELS, **more: object) -> list[tuple[str, str]]:
    """The tools that a question calls, with the words they are given."""
    conversation = about(question, kind, **more)
    calls = calls_for(make_tasks(conversation), conversation)
    return [(call.tool, str(call.args.get("question", ""))) for call in calls]


def tools(question: str, kind: dict[str, object] = PIXELS) -> list[str]:
    return [tool for tool, _ in called(question, kind)]


@pytest.mark.parametrize(
    "question",
    [
        "Is there evidence of an aortic aneurysm?",
        "Is there evidence of ectopic tissue present in surrounding organs?",
        "Does the right kidney show signs of hydronephrosis?",
        "Is the gallbladder large in size?",
        "Is the wall thickening symmetric or asymmetric?",
        "Are there more than 5 enlarged (>1 cm) lymph nodes?",
        "Has the left lung collapsed?",
        "Is the 4th ventricle visible?",
        "Are other structures involved besides the liver?",
        "Are the enhanced muscles also enlarged?",
        "Why is the pancreas enlarged?",
        "Can CT be used to assess soft tissues?",
        "Is this brain scan normal?",
        "Is the trachea to the left or right in the above image?",
        "What is the cause of this finding: injury or disease?",
        "Would you expect plaques on the pleura vs the ribs?",
    ],
)
def test_a_question_about_the_picture_is_put_to_the_reader_in_the_users_own_words(question: str) -> None:
    assert called(question) == [("read_radiograph", question)]


@pytest.mark.parametrize(
    "question",
    [
        "Is this a CT image?",
        "Is this a T2 weighted image?",
        "Is this an axial image?",
        "In what plane was it taken?",
        "Is the film underexposed?",
        "Was this image taken without motion artifact?",
        "Is this image sufficient for a diagnosis?",
        "Is there contrast in this image?",
        "Is this patient rotated?",
        "Which organ system is imaged?",
    ],
)
def test_where_a_tool_knows_something_too_both_are_asked(question: str) -> None:
    assert called(question) == [("inspect_image", question), ("read_radiograph", question)]


@pytest.mark.parametrize(
    "question",
    [
        "What is this?",
        "what are these?",
        "What is the pixel spacing?",
        "How many slices has it?",
        "What does the file header say?",
        "Is it blurry?",
    ],
)
def test_what_the_gate_the_file_and_the_checks_tell_alone_waits_for_no_reader(question: str) -> None:
    assert tools(question) == ["inspect_image"]


def test_a_body_part_that_the_header_states_waits_for_no_reader() -> None:
    assert tools("Which body part is it?", HEADER) == ["inspect_image"]
    assert tools("Which body part is it?", PIXELS) == ["inspect_image", "read_radiograph"]
    assert tools("Is this scan normal?", HEADER) == ["read_radiograph"]


@pytest.mark.parametrize(
    "question", ["What are common causes of pneumonia?", "My husband collapsed", "Why?", "Thank you!"]
)
def test_what_is_not_about_the_picture_is_not_put_to_the_reader(question: str) -> None:
    assert tools(question) == []


def test_without_a_reader_the_words_decide_as_before() -> None:
    conversation = about("Is this a CT image?", readers={})
    assert [call.tool for call in calls_for(make_tasks(conversation), conversation)] == ["inspect_image"]
    conversation = about("How large is the lesion?", readers={})
    assert "measure_lesion" in [call.tool for call in calls_for(make_tasks(conversation), conversation)]


def test_a_skin_lesion_is_measured_though_a_reader_of_radiographs_is_there() -> None:
    assert tools("How large is it?", SKIN) == ["inspect_image", "measure_lesion"]


def test_why_after_an_answer_asks_for_its_reasons() -> None:
    past = (asked("Is there a fracture of the rib?", "img-1", tool="read_radiograph"),)
    assert called("How do you know there is a fracture?", past=past) == []


OPTIONS = "Which fits? Look closely.\nA) Pneumonia\nB) What is this?\nC) Compare the two"


def test_a_question_with_lettered_options_stays_whole() -> None:
    assert called(OPTIONS) == [("read_radiograph", OPTIONS)]


@pytest.mark.parametrize(
    "stem", ["Should I get a biopsy?", "What is the patient's name?", "I have chest pain"]
)
def test_options_do_not_make_a_question_for_the_reader_of_what_is_declined(stem: str) -> None:
    assert tools(f"{stem}\nA) Yes\nB) No") == []


def test_without_a_reader_options_are_not_questions_of_their_own() -> None:
    (task,) = make_tasks(about(OPTIONS, readers={}))
    assert task.clause == "Which fits? Look closely."


def test_the_reader_is_quoted_below_what_the_tool_knows() -> None:
    question = "Is this a CT image?"
    said = "radiographer says of img-1: “No.”"
    found = Finding(image_id="img-1", label="no", text="No.", model="radiographer")
    image = row(1, PIXELS)
    heard = Result("read_radiograph", "img-1", said, (found,), "radiographer", question=question)
    conversation = about(question, results=(inspected(image), heard))
    text = compose(make_tasks(conversation), conversation)
    assert text.endswith(said)
    assert text.startswith("It does not look so.")


MR = {"domain": "radiology", "modality": "MR", "known_from": "pixels", "score": 0.9}


@pytest.mark.parametrize(
    "question",
    [
        "Is the left ventricle larger than the right?",
        "Were both kidneys affected?",
        "Do the two lesions have the same cause?",
        "Are the hilar vessels identifiable?",
        "Are gallstones identifiable?",
        "Is the aorta within normal size limits?",
        "Is the image enough to diagnose?",
    ],
)
def test_a_yes_no_question_within_one_picture_is_put_to_the_reader(question: str) -> None:
    assert "read_radiograph" in [tool for tool, _ in called(question, MR)]


@pytest.mark.parametrize(
    "question",
    [
        "Is the mass bigger than on the previous film?",
        "Has the mass grown?",
        "Are the lungs the same as in March?",
        "Are the pictures identifiable?",
        "Is my tumour stored on your server?",
        "Is the patient identifiable?",
        "Do not measure it, that is enough.",
    ],
)
def test_what_is_of_another_picture_or_of_a_file_is_not(question: str) -> None:
    assert "read_radiograph" not in [tool for tool, _ in called(question, MR)]
