"""Each kind of error that the check knows: the lie is marked where it is, the truth beside it is not."""

from __future__ import annotations

import pytest

from assistant.grounding import Facts, check
from tests.grounding.chats import chat, image, inspected, look_alikes, measured, reading

CHEST = chat(
    [image(1, "DX", "chest")],
    [
        reading(1, "A small right apical pneumothorax. Possible nodule in the left lower lobe. Ribs intact."),
        reading(1, "Mild cardiomegaly.", model="babydoctor"),
    ],
    ["What do you see?"],
)
SKIN = chat(
    [image(1, "DMS"), image(2, "DMS")],
    [
        reading(1, "A scaly annular plaque with a regular border.", model="derm-captioner", skin=True),
        measured(1, ("asymmetry index", 0.31, "", "The asymmetry index of img-1 is 0.31 (0 = symmetric).")),
        measured(2, ("asymmetry index", 0.12, "", "The asymmetry index of img-2 is 0.12 (0 = symmetric).")),
        look_alikes(1, {"psoriasis": 2, "eczema": 1}, 0.9, "Like img-1: psoriasis, psoriasis, eczema."),
    ],
    ["Is it a fungus?"],
)
BARE = chat(
    [image(1, "DX", "knee", 0.8)],
    [inspected(1, "img-1 looks like a radiograph of the knee, by its pixels. Its file has no header.")],
    ["What is wrong?"],
)
SLICE = chat(
    [image(1, "CT", "head")],
    [inspected(1, "40 slices of 5 mm; slice 12 is shown. 30 % is air and 6 % is bone.", modality="CT")],
    [],
)


def marked(text: str, facts: Facts) -> str:
    return " | ".join(mark.text for mark in check(text, facts))


@pytest.mark.parametrize(
    ("facts", "lie", "where"),
    [
        (CHEST, "The radiographer describes a large right apical pneumothorax.", "large"),
        (CHEST, "The radiographer describes a small left apical pneumothorax.", "left"),
        (CHEST, "The radiographer reports a nodule in the left lower lobe.", "nodule"),
        (CHEST, "The radiographer definitely sees a possible nodule.", "definitely"),
        (CHEST, "By the radiographer, the pneumothorax has grown since last week.", "since last week"),
        (CHEST, "The pneumothorax is small, by the reader. A doctor confirmed it.", "doctor"),
        (CHEST, "The derm-captioner says there is a pneumothorax.", "derm-captioner"),
        (CHEST, "Both readers see mild cardiomegaly.", "Both readers"),
        (CHEST, "Both readers see a small right apical pneumothorax.", "Both readers"),
        (CHEST, "You told me about pain in your left knee.", "You told me"),
        (SKIN, "img-1 is more symmetric than img-2.", "more"),
        (SKIN, "The nearest look-alike is eczema.", "eczema"),
        (SKIN, "All the look-alikes are psoriasis.", "psoriasis"),
        (SKIN, "img-2 has an asymmetry index of 0.31.", "img-2"),
        (BARE, "The kneecap has shifted.", "shifted"),
        (BARE, "Its header says that it is a radiograph.", "header"),
        (SLICE, "30 % of the slice is bone.", "30 %"),
        (SLICE, "There are 12 slices.", "12 slices"),
        (SLICE, "Two thirds of the slice are air.", "Two thirds of"),
        (SLICE, "The trachea is deviated from midline.", "trachea"),
    ],
)  # fmt: skip
def test_what_is_not_in_the_evidence_is_marked_where_it_stands(facts: Facts, lie: str, where: str) -> None:
    assert where in marked(lie, facts)


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (CHEST, "The radiographer describes a small right apical pneumothorax."),
        (CHEST, "The radiographer thinks that there may be a nodule in the left lower lobe."),
        (CHEST, "The radiographer says that the ribs are intact."),
        (CHEST, "A pneumothorax is air between the lung and the chest wall."),
        (CHEST, "Pneumothoraces are often small and sometimes need a drain."),
        (CHEST, "Whether it is dangerous I cannot tell; a clinician has to look at it."),
        (CHEST, "No reader mentions pneumonia. The word oedema doesn't appear."),
        (CHEST, "A lateral view would help. A normal film doesn't exclude a fracture."),
        (CHEST, "The radiographer sees a pneumothorax, which means collapsed lung."),
        (SKIN, "The derm-captioner calls it a scaly, ring-shaped plaque with a regular border."),
        (SKIN, "img-1 is less symmetric than img-2."),
        (SKIN, "The nearest look-alike is psoriasis, and two of the three are psoriasis."),
        (SKIN, "You ask whether it is “a fungus”. That is not for me to say."),
        (BARE, "The pixels suggest a radiograph of the knee; its file has no header."),
        (BARE, "I can't call it normal or abnormal. You can upload the original."),
        (SLICE, "Slice 12 of 40 is shown; about a third of it is air."),
    ],
)  # fmt: skip
def test_what_is_in_the_evidence_or_of_no_image_is_left_alone(facts: Facts, truth: str) -> None:
    assert marked(truth, facts) == ""


def test_nothing_at_all_in_the_chat_backs_nothing() -> None:
    nothing = chat([image(1, "DX", "hand")], [], [])
    assert "fractured" in marked("The femur is fractured.", nothing)
    assert "trachea" in marked("The trachea is deviated from midline.", nothing)


KNEE = chat(
    [image(1, "DX", "knee"), image(2, "DX", "knee")],
    [
        inspected(1, "It was taken on 5 June at 08:00."),
        inspected(2, "It was taken on 5 June at 16:20."),
        reading(
            1, "Four periventricular lesions. Adjacent basilar atelectasis. No pneumothorax. No abscess."
        ),
        reading(1, "Mucosal thickening. The right kidney is dilated, the left kidney is normal."),
        reading(1, "Two round, well-circumscribed masses. The medial meniscus is torn."),
    ],
    [],
)


@pytest.mark.parametrize(
    "truth",
    [
        "08:00: two of the lesions.",
        "At 16:20 there is another picture, at 8:00 the first.",
        "Some collapsed lung (atelectasis) lies next to it.",
        "Of things that are absent, the reader names an abscess.",
        "The lateral meniscus isn't mentioned.",
        "The reason for the dilatation on the left isn't given.",
        "The mucosa is thickened.",
        "The reader sees two round masses.",
    ],
)
def test_what_was_said_in_other_forms_is_left_alone(truth: str) -> None:
    assert marked(truth, KNEE) == ""


@pytest.mark.parametrize(
    ("lie", "where"),
    [
        ("It was taken at 09:00.", "09"),
        ("The reader sees three round masses.", "three round masses"),
        ("There is an abscess.", "abscess"),
    ],
)
def test_what_was_not_said_in_such_forms_is_marked(lie: str, where: str) -> None:
    assert where in marked(lie, KNEE)


@pytest.mark.parametrize(
    "truth",
    [
        "The reader sees two of them standing at right angles to the ventricles.",
        "A radiologist has to settle it.",
    ],
)
def test_angles_are_no_sides_and_what_has_to_be_done_is_no_verdict(truth: str) -> None:
    said = reading(1, "Four hyperintensities, two of them standing perpendicular to the ventricles.")
    assert marked(truth, chat([image(1, "MR", "brain")], [said], [])) == ""
