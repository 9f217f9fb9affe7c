"""The rules of the grounding check, one by one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.answers.answer import Evidence
from assistant.grounding import carried, check, facts_of, sources
from assistant.grounding.check import of_nobody
from assistant.grounding.facts import Facts
from assistant.grounding.units import Unit, units
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


def test_a_number_after_than_may_be_of_the_other_image() -> None:
    facts = chat([image(1, "DX"), image(2, "DX")], [inspected(1, "110 kV."), inspected(2, "125 kV.")], [])
    assert marks("img-2 has 125 kV rather than 110 kV.", facts) == []
    assert marks("img-2 has 110 kV.", facts) == [("img-2 has 110 kV", "image")]


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


def test_the_other_side_is_marked_even_if_the_chat_names_it_of_something_else() -> None:
    assert marks("The reader sees an effusion on the left.") == []
    assert marks("The reader sees a right pleural effusion.") == [("right", "laterality")]
    assert marks("The reader sees nodules in the left lung.") == [("left", "laterality")]


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("nodule in the RUL", "nodule in the LUL"),
        ("R side", "L side"),
        ("more marked on the right", "more marked on the left"),
        ("right CC view", "left CC view"),
    ],
)
def test_sides_are_known_as_people_write_them(said: str, other: str) -> None:
    facts = chat(
        [image(1, "DX")],
        [reading(1, "A nodule in the right upper lobe. More on the right.")],
        [],
    )
    assert marks(f"The reader says {said}.", facts) == []
    assert "laterality" in [kind for _, kind in marks(f"The reader says {other}.", facts)]


def test_the_side_in_a_header_is_that_of_what_the_image_shows() -> None:
    header = inspected(1, "A mammogram.", ("laterality", "left"), modality="MG")
    facts = chat([image(1, "MG", "breast")], [header], [])
    assert marks("img-1 is of the left breast.", facts) == []
    assert marks("img-1 is of the right breast.", facts) == [("right", "laterality")]


def test_upper_and_lower_and_front_and_back_are_held_against_the_evidence() -> None:
    facts = chat([image(1, "DX")], [reading(1, "A nodule in the upper lobe and the posterior segment.")], [])
    assert marks("The reader sees it in the upper lobe, posterior segment.", facts) == []
    assert marks("The reader sees it in the lower lobe.", facts) == [("lower", "laterality")]
    assert marks("The reader sees it in the anterior segment.", facts) == [("anterior", "laterality")]
    assert marks("A lower score on it; the upper end of the interval.", facts) == []
    assert marks("This is the lateral view.", facts) == [("lateral view", "label")]


def test_what_is_on_both_sides_is_on_each_of_them() -> None:
    facts = chat([image(1, "DX")], [reading(1, "Bilateral pleural effusions.")], [])
    assert marks("The reader sees effusions on both sides, so also a right effusion.", facts) == []
    assert marks("The reader sees bilateral pleural effusions.") == [("bilateral", "laterality")]


def test_a_finding_is_marked_when_the_evidence_denies_it_and_the_reverse() -> None:
    assert marks("The reader sees no pneumothorax.") == []
    assert marks("The reader sees a pneumothorax.") == [("pneumothorax", "label")]
    assert marks("The reader sees no effusion.") == [("effusion", "label")]


def test_what_only_a_reader_said_is_no_error_but_kept_back_where_nobody_is_named() -> None:
    unnamed = "img-2 shows a pleural effusion."
    assert marks(unnamed) == []
    assert carried(unnamed, FACTS) == ""
    for named in (
        "radiographer says that img-2 shows a pleural effusion.",
        "The reading model was asked about img-2. It describes a pleural effusion.",
    ):
        assert of_nobody(named, FACTS) == []


def test_a_reader_named_in_a_heading_or_a_paragraph_is_named_for_all_of_it() -> None:
    assert of_nobody("**Findings by the reader**\n\n- A pleural effusion\n- No pneumothorax", FACTS) == []
    assert of_nobody("There is a pleural effusion. That is what the reader says.", FACTS) == []
    kept_back = of_nobody("It is a film.\n\nThere is a pleural effusion.", FACTS)
    assert [one.text for one in kept_back] == ["pleural effusion"]


def test_what_a_word_means_is_said_of_no_image() -> None:
    assert marks("Atelectasis means that part of the lung has collapsed.") == []
    assert marks("Atelectasis is seen.") == [("Atelectasis", "label")]


def test_what_the_user_said_counts_only_where_that_is_said_or_left_open() -> None:
    assert marks("You say it is 9 mm.") == []
    assert marks("It is 9 mm.") == [("9 mm", "number")]
    assert marks("I cannot tell whether there is a fracture.") == []
    assert marks("There is a fracture.") == [("fracture", "label")]
    assert marks("You asked about a fracture.") == []


def test_labels_of_look_alikes_are_not_said_of_the_image() -> None:
    facts = chat([image(1, "DMS")], [look_alikes(1, {"melanoma": 6}, 0.9, "6 of 6 carry “melanoma”.")], [])
    assert marks("The nearest cases are labelled melanoma.", facts) == []
    assert marks("img-1 is a melanoma.", facts) == [("melanoma", "label")]


def test_labels_of_the_users_own_collection_are_known_by_its_records() -> None:
    facts = chat([image(1, "DMS")], [look_alikes(1, {"Spot type B": 6}, 0.9, "6 of 6 carry it.")], [])
    assert marks("The nearest cases are labelled spot type B.", facts) == []
    assert marks("img-1 is a spot type B.", facts) != []


def test_an_image_that_is_not_there_is_marked() -> None:
    assert marks("Look at img-3 and at image 1.") == [("img-3", "image")]


def test_evidence_of_another_image_is_marked_as_such() -> None:
    assert marks("The diameter on img-2 is 12 mm.") == [("img-2 is 12 mm", "image")]
    assert marks("img-1 has 12 mm, img-2 an effusion by the reader.") == []
    assert marks("12 mm on img-2, and the reader sees an effusion on img-1.") != []


def test_another_kind_of_image_is_marked() -> None:
    assert marks("img-1 is dermoscopy and img-2 an X-ray.") == []
    assert marks("img-2 is a CT.") == [("CT", "modality")]
    assert marks("img-1 is an X-ray.") == [("img-1 is an X-ray", "image")]
    assert marks("A CT would show more, and I could look at an MRI.") == []


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


def test_another_kind_is_marked_in_a_denial_too_when_it_is_said_of_this_picture() -> None:
    assert marks("There is no description of this ultrasound.") == [("ultrasound", "modality")]
    assert marks("There is no ultrasound here.") == []


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


def test_no_evidence_marks_every_claim_and_plain_words_are_left_alone() -> None:
    nothing = facts_of((), ())
    assert marks("Hello. I can look at images when you add one.", nothing) == []
    assert marks("There is a 3 mm nodule on the left side.", nothing) == [
        ("3 mm", "number"),
        ("nodule", "label"),
        ("left", "laterality"),
    ]


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
def test_twice_the_text_is_about_twice_the_work_up_to_12_kilobytes_of_anything(piece: str) -> None:
    text = piece * (12_000 // len(piece) + 1)
    assert growth(lambda size: check(text[:size], FACTS), 12_000) < 2.5


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


def test_what_the_evidence_may_mean_is_worked_out_once_for_all_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    def counted(text: str) -> tuple[Unit, ...]:
        seen.append(text)
        return units(text)

    monkeypatch.setattr(sources, "units", counted)
    facts = chat([image(1, "CT")], [inspected(1, "A file of wide spacing, told once.", modality="CT")], [])
    marks("The file says it is a CT. The file shows a spacing. The header says that it is wide.", facts)
    assert seen.count("A file of wide spacing, told once.") == 1
