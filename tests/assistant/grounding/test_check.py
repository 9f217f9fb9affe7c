"""The rules of the grounding check, one by one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.answers.answer import Evidence
from assistant.grounding import check
from assistant.grounding.facts import Facts
from store.records import Holdings
from tests.grounding.chats import chat, image, inspected, look_alikes, measured, reading
from tests.growth import growth

SIZE = measured(1, ("diameter", 12.36, "mm", "Its largest diameter is 12.4 mm."))
READ = reading(2, "A left pleural effusion. No pneumothorax. Two nodules in the right lung.")
FACTS = chat(
    [image(1, "DMS"), image(2, "DX", "chest")], [SIZE, READ], ["Is it 9 mm, and is there a fracture?"]
)


def marks(text: str, facts: Facts = FACTS) -> list[tuple[str, str]]:
    return [(mark.text, mark.kind) for mark in check(text, facts)]


@pytest.mark.parametrize("said", ["12 mm", "12.4 mm", "12,4 mm", "12.36 mm", "twelve millimetres", "1.2 cm"])
def test_a_number_may_be_rounded_to_the_digits_it_shows(said: str) -> None:
    assert marks(f"The diameter of img-1 is {said}.") == []


@pytest.mark.parametrize(
    "said", ["13 mm", "12.3 mm", "12,9 mm", "1.3 cm", "12 cm", "12 %", "−12 mm", "12.359 mm"]
)
def test_another_number_or_unit_is_marked(said: str) -> None:
    assert marks(f"The diameter of img-1 is {said}.") == [(said, "number")]


def test_a_share_may_be_written_in_per_cent_but_not_a_score() -> None:
    facts = chat([image(1, "DX")], [reading(1, "The ratio is 0.56."), reading(1, "The score is 0.71.")], [])
    assert marks("By the reader that is 56 % of the width.", facts) == []
    assert marks("By the reader that is 71 % of the width.", facts) == [("71 %", "number")]


def test_a_number_may_be_worked_out_of_two_that_stand_beside_it() -> None:
    facts = chat(
        [image(1, "CT")], [inspected(1, "24 slices, 5 mm thick. Air 52 %, fat 43 %.", modality="CT")], []
    )
    assert marks("24 slices of 5 mm cover 120 mm.", facts) == []
    assert marks("The slices cover 120 mm.", facts) == [("120 mm", "number")]
    assert marks("24 slices of 5 mm cover 130 mm.", facts) == [("130 mm", "number")]
    assert marks("52 % and 43 % make 95 %.", facts) == []
    assert marks("52 % and 43 % make 96 %.", facts) == [("96 %", "number")]


def test_the_version_in_a_name_and_the_size_of_a_download_are_no_claims() -> None:
    assert marks("It is under the Llama 3.2 Community License, about 22 GB.") == []
    assert marks("It is 22 mm.") == [("22 mm", "number")]


def test_a_step_of_a_scale_is_held_against_the_same_scale() -> None:
    facts = chat([image(1, "US")], [reading(1, "Two cysts. BI-RADS 5.")], [])
    assert marks("The reader says BI-RADS category 5.", facts) == []
    assert marks("The reader says BI-RADS 2.", facts) == [("2", "number")]


def test_a_mark_says_where_it_is_and_why() -> None:
    text = "As measured, the diameter of img-1 is 15 mm."
    (mark,) = check(text, FACTS)
    assert text[mark.start : mark.end] == mark.text == "15 mm"
    assert "No tool" in mark.reason


def test_the_side_in_a_header_is_that_of_what_the_image_shows() -> None:
    header = inspected(1, "A mammogram.", ("laterality", "left"), modality="MG")
    facts = chat([image(1, "MG", "breast")], [header], [])
    assert marks("img-1 is of the left breast.", facts) == []
    assert marks("img-1 is of the right breast.", facts) == [("right", "laterality")]


def test_what_only_a_reader_said_is_marked_where_nobody_is_named() -> None:
    assert marks("img-2 shows a pleural effusion.") == [("pleural effusion", "label")]
    assert marks("radiographer says that img-2 shows a pleural effusion.") == []
    assert marks("The reading model was asked about img-2. It describes a pleural effusion.") == []


def test_what_a_word_means_is_said_of_no_image() -> None:
    assert marks("Atelectasis means that part of the lung has collapsed.") == []
    assert marks("Atelectasis is seen.") == [("Atelectasis", "label")]


def test_labels_of_look_alikes_are_not_said_of_the_image() -> None:
    facts = chat([image(1, "DMS")], [look_alikes(1, {"melanoma": 6}, 0.9, "6 of 6 carry “melanoma”.")], [])
    assert marks("The nearest cases are labelled melanoma.", facts) == []
    assert marks("img-1 is a melanoma.", facts) == [("melanoma", "label")]


def test_labels_of_the_users_own_collection_are_known_by_its_records() -> None:
    facts = chat([image(1, "DMS")], [look_alikes(1, {"Spot type B": 6}, 0.9, "6 of 6 carry it.")], [])
    assert marks("The nearest cases are labelled spot type B.", facts) == []
    assert marks("img-1 is a spot type B.", facts) == [("spot type B", "label")]


def test_an_image_that_is_not_there_is_marked() -> None:
    assert marks("Look at img-3 and at image 1.") == [("img-3", "image")]


def test_counts_are_held_against_the_evidence_and_the_chat() -> None:
    assert marks("The reader counts two nodules.") == []
    assert marks("The reader counts three nodules.") == [("three nodules", "count")]
    assert marks("There are two images here.") == []
    assert marks("There are four images here.") == [("four images", "count")]


def test_counts_are_known_however_they_are_put() -> None:
    colours = measured(
        1, ("colour count", 4.0, "of 6", "Of the six colours of the ABCD rule, 4 are present.")
    )
    facts = chat([image(1, "DMS")], [colours], [])
    for right in ("Four of six colours.", "Colours: four.", "Of the six colours, four are present."):
        assert marks(right, facts) == []
        wrong = right.replace("our", "ive", 1) if right[0] == "F" else right.replace("four", "five")
        assert [kind for _, kind in marks(wrong, facts)] == ["count"]
    series = chat([image(1, "MR")], [inspected(1, "24 slices. Slice 7 of 24 is shown.", modality="MR")], [])
    assert marks("The 7th of twenty-four slices; the 7th slice.", series) == []
    assert marks("Thirty slices, the 9th slice.", series) == [
        ("Thirty slices", "count"),
        ("9th slice", "count"),
    ]


def test_the_answer_to_a_closed_question_backs_what_was_asked() -> None:
    yes = reading(1, "Yes.", question="Is there a left rib fracture?")
    no = reading(1, "No", question="Is there an effusion?")
    facts = chat([image(1, "DX")], [yes, no], [])
    assert marks("The reader says there is a left rib fracture and no effusion.", facts) == []
    assert marks("The reader says there is an effusion.", facts) == [("effusion", "label")]


def test_definitions_of_casebook_may_be_repeated_as_they_are() -> None:
    text = (
        "Individual typology angle is skin tone from colour, written ITA: atan((L* − 50) / b*) in degrees, "
    )
    assert marks(text + "higher being lighter.") == []
    assert marks("Similarity is the cosine between two embeddings, from −1 to 1.") == []


def test_thousands_may_be_set_apart() -> None:
    facts = chat([image(1, "CT")], [inspected(1, "A region of 12345 pixels.", modality="CT")], [])
    assert marks("img-1 has a region of 12,345 pixels.", facts) == []
    assert marks("img-1 has a region of 12\u202f345 pixels.", facts) == []
    assert marks("img-1 has a region of 12,346 pixels.", facts) == [("12,346 pixels", "number")]


def test_slices_sizes_and_list_numbers_are_no_false_alarm() -> None:
    said = inspected(1, "img-1 is a DICOM of 512×512 pixels. Slice 5 of 40 is shown.", modality="CT")
    facts = chat([image(1, "CT")], [said], [])
    assert marks("1. img-1 has 512 × 512 pixels.\n2. Slice 5 of 40 is shown.", facts) == []
    assert marks("Slice 6 of 40 is shown.", facts) != []


def test_a_long_answer_is_checked_quickly_and_marks_do_not_overlap() -> None:
    text = "The reader sees a right pleural effusion of 3 mm and two melanomas on img-9. " * 60
    found = check(text, FACTS)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert len(found) >= 60 * 4


@pytest.mark.parametrize(
    "piece",
    [
        "The reader sees a right pleural effusion of 3 mm and two melanomas on img-9. ",
        "3 mm and 4 of 6 colours, ",
        "upper left ( “ ",
        "\n\n- ",
        "of the of the six six 1.1.1 ",
        "a" * 999 + "'s ",
        "**x:**\n\n",
        "The first image looks normal, red and blurred, no ",
        "4 % of the leg along the long axis, 3 by 4 pixels, ",
    ],
)
def test_twice_the_text_is_about_twice_the_work_up_to_fifty_kilobytes_of_anything(piece: str) -> None:
    assert growth(lambda size: check(piece * (size // len(piece)), FACTS), 50_000) < 2.5


@pytest.mark.parametrize(
    ("question", "answer", "backed"),
    [
        ("Is there a melanoma?", "No, I see none.", "No there a melanoma"),
        ("Is the left hand free of a fracture?", "No fracture is seen.", "the left hand free of a fracture"),
        ("Is there a fracture?", "No doubt: it is broken.", None),
    ],
)
def test_what_a_reader_answers_is_known_by_what_the_question_asks_for(
    question: str, answer: str, backed: str | None
) -> None:
    facts = chat([image(1, "DX", "hand")], [reading(1, answer, question=question)], [])
    added = [one.text for one in facts.said if one.who == "reader" and answer not in one.text]
    assert added == ([backed] if backed else [])


def test_counts_of_the_library_back_numbers_and_its_labels_say_nothing_of_an_image() -> None:
    held = Holdings(size=12, among=29, labels={"melanoma": 12}, collections={"c": 12}, chosen="“melanoma”")
    said = "12 cases of the 29 in the case library: “melanoma”."
    found = Evidence("browse_library", "", "case library", "1", 0.1, said, (held.model_dump(mode="json"),))
    facts = chat([image(1, "DMS")], [found], ["how many?"])
    assert marks("The library holds twelve melanomas of 29 cases.", facts) == []
    assert marks("The library holds 13 melanomas.", facts) == [("13 melanomas", "count")]
    assert marks("img-1 is a melanoma.", facts) == [("melanoma", "label")]
