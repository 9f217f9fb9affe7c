"""Teaching cards in answers: which card, said how, and how often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.planning.cards_held import without_cards
from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, ImageRow, PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.teaching import card_for, found
from tests.talking.talk import CHEST, CT, SKIN, inspected, row, talk

HEAD_CT, CHEST_CT = {**CT, "body_part": "head"}, {**CT, "body_part": "chest"}
HEAD_MR = {**CT, "modality": "MR", "body_part": "head"}
HAND, SPINE = {**CHEST, "body_part": "hand"}, {**CHEST, "body_part": "lumbar spine"}
UNKNOWN_CT = {**CT, "body_part": None}
UNKNOWN_FILM = {**CHEST, "body_part": None}
MAMMOGRAM = {**CT, "modality": "MG", "body_part": "breast"}
ULTRASOUND = {**CT, "modality": "US", "body_part": "abdomen"}
DERMOSCOPY = {**SKIN, "modality": "DMS"}


def asked(question: str, *kinds: dict[str, object], past: tuple[PastTurn, ...] = ()) -> Conversation:
    """A chat with images of these kinds, which were looked at."""
    rows = [row(n, kind) for n, kind in enumerate(kinds, start=1)]
    attached = tuple(one.id for one in rows)
    return talk(question, *rows, attached=attached, past=past, results=tuple(map(inspected, rows)))


def say(now: Conversation) -> str:
    """The planner's answer."""
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("question", "kind", "card"),
    [
        ("any pneumothorax?", CHEST, "pneumothorax-film"),
        ("Could there be a PTX on the left?", CHEST, "pneumothorax-film"),
        ("any pneumothorax?", CHEST_CT, "pneumothorax-ct"),
        ("is there a fracture?", CHEST, "rib-fracture-film"),
        ("is there a fracture?", HAND, "fracture-film"),
        ("is there a fracture?", SPINE, "spine-film"),
        ("is there a fracture?", UNKNOWN_FILM, "fracture-film"),
        ("is there a fracture?", HEAD_CT, "skull-fracture-ct"),
        ("is there a fracture?", UNKNOWN_CT, None),
        ("is there a fracture?", CT, None),
        ("is there a skull fracture?", UNKNOWN_CT, "skull-fracture-ct"),
        ("do you see a subdural?", UNKNOWN_CT, "subdural-ct"),
        ("any bleeding?", HEAD_CT, "haemorrhage-ct"),
        ("any bleeding?", HEAD_MR, "haemorrhage-mr"),
        ("do you see a subdural?", HEAD_CT, "subdural-ct"),
        ("any stroke?", HEAD_MR, "stroke-mr"),
        ("is there a mass?", MAMMOGRAM, "breast-mass-mg"),
        ("are there gallstones?", ULTRASOUND, "gallbladder-us"),
        ("is it a melanoma?", DERMOSCOPY, "melanoma"),
        ("could this be psoriasis?", SKIN, "papulosquamous"),
        ("any pneumothorax?", HEAD_MR, None),
        ("is it a melanoma?", CHEST, None),
        ("is there a zebra?", CHEST, None),
    ],
)
def test_a_finding_has_the_card_for_its_kind_of_image(question, kind, card) -> None:
    fits = card_for(question, row(1, kind))
    assert (fits.id if fits else None) == card


def test_computed_radiography_is_taught_as_a_radiograph() -> None:
    fits = card_for("any effusion?", row(1, {**CHEST, "modality": "CR"}))
    assert fits is not None and fits.id == "effusion-film"


def test_an_image_of_unknown_kind_gets_no_card() -> None:
    assert card_for("any pneumothorax?", ImageRow("img-1")) is None


def test_a_question_about_a_finding_is_answered_honestly_first_and_then_taught() -> None:
    said = say(asked("Any pneumothorax?", CHEST))
    assert said.startswith("I cannot tell from img-1")
    assert said.index("How to look for it in this kind of image:") > said.index("I cannot tell")
    assert "Teaching card: Pneumothorax on a chest film; MacDuff A et al." in said
    assert "It says nothing about any image here." in said


def test_a_card_that_was_shown_is_named_only() -> None:
    first = say(asked("Any pneumothorax?", CHEST))
    before = PastTurn("Any pneumothorax?", ("img-1",), text=first)
    again = say(asked("is there really no pneumothorax?", CHEST, past=(before,)))
    assert "on the card “Pneumothorax on a chest film”, shown earlier" in again
    assert "visceral" not in again and "1. Erect film" not in again
    other = say(asked("any effusion?", CHEST, past=(before,)))
    assert "Pleural effusion on a chest film;" in other


def test_an_answer_holds_one_card_and_names_the_next() -> None:
    said = say(asked("Is there a pneumothorax? Is there an effusion?", CHEST))
    assert said.count("Teaching card: ") == 1
    assert "also a teaching card for this: “Pleural effusion on a chest film”" in said


def test_an_answer_without_its_cards_keeps_what_it_says_of_the_image() -> None:
    said = without_cards(say(asked("Any pneumothorax?", CHEST)))
    assert said.startswith("I cannot tell from img-1") and "1. Erect film" not in said


def test_two_images_of_one_kind_get_the_card_once() -> None:
    assert say(asked("any pneumothorax in both?", CHEST, CHEST)).count("1. Erect film") == 1


def test_of_a_ct_of_an_unknown_part_no_card_of_one_part_is_taken_for_a_finding_that_may_be_anywhere() -> None:
    fit = found("How do I look for a fracture?", row(1, UNKNOWN_CT))
    assert fit[0].card.id == "skull-fracture-ct"
    assert fit[1].score == fit[0].score
    said = say(asked("How do I look for a fracture?", UNKNOWN_CT))
    assert said.startswith("Several teaching cards fit.")


@pytest.mark.parametrize(
    ("question", "kind", "title"),
    [
        ("what window should I use?", CT, "CT windows"),
        ("what window should I use", None, "CT windows"),
        ("which window is best for blood?", HEAD_CT, "CT windows"),
        ("how do I read a chest x-ray?", None, "How to read a chest film"),
        ("how do you read a mammogram?", None, "How to read a mammogram"),
        ("approach to a CT of the abdomen", None, "How to read a CT of the abdomen"),
        ("how do I go through a brain MRI?", None, "How to read an MR of the brain"),
        ("how should I read this?", HEAD_CT, "How to read a CT of the head"),
        ("what is the HU of fat?", None, "Hounsfield values of tissues"),
        ("what's the HU of blood?", None, "Hounsfield values of blood and fluid"),
        ("give me a differential for a ring-shaped rash", None, "Ring-shaped (annular) rash"),
        ("ddx of an annular eruption?", SKIN, "Ring-shaped (annular) rash"),
        ("what causes a papulosquamous rash?", None, "Papulosquamous (red and scaly) rash"),
        ("differential diagnosis of blisters", None, "Vesicular and bullous (blistering) rash"),
        ("explain the ABCD rule", None, "The ABCD and ABCDE rules of melanoma"),
        ("what is the seven-point checklist?", None, "The 7-point checklists"),
        ("how does the three-point checklist work?", None, "The 3-point checklist"),
        ("which side is left on a CT?", None, "Which side is left on an image"),
        ("what would you look for next?", CHEST, "How to read a chest film"),
        ("what would you look for next?", DERMOSCOPY, "Dermoscopy in two steps"),
        ("how do I spot a pneumothorax on a chest x-ray?", None, "Pneumothorax on a chest film"),
        ("show me pleural effusion on a chest film", None, "Pleural effusion on a chest film"),
    ],
)
def test_a_question_of_how_to_look_or_what_to_know_gets_its_card(question, kind, title) -> None:
    said = say(asked(question, *([kind] if kind else [])))
    assert said.startswith(f"{title}:\n")
    assert said.count("Teaching card: ") == 1


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what is this?", CHEST),
        ("what is the mean HU?", CT),
        ("what is the HU of this lesion?", CT),
        ("what window was used for this image?", CT),
        ("how should I treat this?", SKIN),
        ("what should I do about this mole?", SKIN),
        ("how can I tell whether my mole is melanoma?", SKIN),
        ("what should I look for in a doctor?", SKIN),
        ("can you read this?", CHEST),
        ("what is asymmetry?", None),
        ("what is the hypodensity in the liver?", CT),
        ("which side is the effusion on?", CHEST),
        ("describe the primary lesion", SKIN),
        ("what are the symptoms of pneumonia?", None),
        ("how do I cook rice?", None),
    ],
)
def test_a_question_about_the_image_or_about_care_gets_no_general_card(question, kind) -> None:
    assert "teach" not in [task.intent for task in make_tasks(asked(question, *([kind] if kind else [])))]


def test_where_several_cards_fit_equally_three_titles_are_named_and_none_is_shown() -> None:
    said = say(asked("what are the mimics of pneumothorax?"))
    assert said.startswith("Several teaching cards fit.")
    assert said.count("“") == 3 and "Teaching card: " not in said


def test_an_image_as_a_chat_keeps_it_can_be_taught_on() -> None:
    kept = row(1, CT)
    assert found("what window should I use?", kept)[0].card.id == "ct-windows"


def test_the_image_in_view_decides_between_cards() -> None:
    in_view = replace(row(1, CHEST_CT))
    assert found("what are the mimics of pneumothorax?", in_view)[0].card.id == "pneumothorax-ct"


def test_why_after_a_card_tells_of_the_card_and_not_of_the_answer_before_it() -> None:
    measured_before = PastTurn("what is this?", ("img-1",), (inspected(row(1, CHEST)),), "An X-ray.")
    card = say(asked("How do I read a chest film?", CHEST))
    now = talk("Why?", row(1, CHEST), past=(measured_before, PastTurn("How do I read it?", (), (), card)))
    assert "the teaching card “How to read a chest film”" in say(now)
    before = talk("Why?", row(1, CHEST), past=(measured_before,))
    assert "teaching card" not in say(before)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("teach me the signs of a pneumothorax on a chest film", "Pneumothorax on a chest film"),
        ("what should I never miss on a head CT?", "How to read a CT of the head"),
    ],
)
def test_who_wants_to_be_taught_gets_the_card(question, title) -> None:
    assert f"Teaching card: {title};" in say(talk(question))


@pytest.mark.parametrize(
    "words", ["How do I recognise a splenic rupture?", "what does a torn tendon look like?"]
)
def test_what_is_torn_elsewhere_gets_no_card_on_the_knee(words):
    assert "meniscus-mr" not in [one.card.id for one in found(words)]
    assert "meniscus-mr" in [one.card.id for one in found("How do I recognise a meniscus tear?")]


@pytest.mark.parametrize(
    ("question", "kind", "card"),
    [
        ("could I have a checklist for a head CT?", {}, "read-head-ct"),
        ("show me a checklist", CHEST, "read-chest-film"),
        ("how would you teach my residents to tell an AP from a PA film?", {}, "chest-projections"),
        ("acute clot versus old blood?", {}, "hounsfield-blood"),
        ("what are the Hounsfield values of a clot?", {}, "hounsfield-blood"),
        ("how can I tell T2 from FLAIR?", HEAD_MR, "mr-sequences"),
        ("how dark is fat on STIR?", {}, "mr-sequences"),
        ("how do metastases to the liver look on ultrasound?", {}, "liver-lesion"),
        ("where can the trainees look first?", HAND, "read-bone-film"),
        ("Ich brauche eine Checkliste für ein Thoraxbild", {}, "read-chest-film"),
        ("Woran unterscheidet man T1 und FLAIR?", {}, "mr-sequences"),
        ("Wie dunkel ist Liquor in T1?", {}, "mr-sequences"),
        ("Wie dicht ist altes Blut?", {}, "hounsfield-blood"),
        ("Hazme una lista de verificación para una placa de tórax", {}, "read-chest-film"),
        ("¿Cómo diferencio una AP de una PA?", {}, "chest-projections"),
        ("¿Qué densidad tiene la sangre reciente?", {}, "hounsfield-blood"),
        ("¿Cómo se reconoce un tumor renal en ecografía?", {}, "renal-mass-ct"),
    ],
)
def test_a_card_is_found_in_the_words_of_a_teacher(question: str, kind: dict[str, object], card: str) -> None:
    now = in_english(talk(question, *((row(1, kind),) if kind else ())))
    (task,) = make_tasks(now)
    shown = found(task.clause, *(now.image(one) for one in task.images))
    assert (task.intent, [one.card.id for one in shown[:1]]) == ("teach", [card])


def test_a_checklist_for_a_part_names_the_cards_that_fit_where_no_image_tells_which() -> None:
    said = say(talk("give me a checklist for the chest"))
    assert "How to read a chest film" in said and "How to read a CT of the chest" in said


@pytest.mark.parametrize(
    "question", ["how does it look?", "give me your impression of the film", "is it T1 or T2?"]
)
def test_a_question_on_the_image_in_view_shows_no_card(question: str) -> None:
    assert "teach" not in {task.intent for task in make_tasks(talk(question, row(1, CHEST)))}
