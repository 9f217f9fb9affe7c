"""More answers that the check was made with: set apart at first, then looked at."""

from __future__ import annotations

from assistant.answers.answer import Refused
from tests.grounding.chats import Case, cases, chat, image, inspected, look_alikes, measured, reading


def tuned_later() -> list[Case]:
    """Every one of these answers."""
    return [
        *_mammogram(),
        *_brain(),
        *_hand_eczema(),
        *_kidney(),
        *_chest_library(),
        *_mole_series(),
        *_refusal(),
    ]


def _mammogram() -> list[Case]:
    said = reading(
        1,
        (
            "Cluster of calcifications in the upper outer quadrant of the right breast. No mass. "
            "Axillary adenopathy is absent."
        ),
    )
    facts = chat(
        [image(1, "MG", "breast")],
        [
            said,
            inspected(
                1,
                "The file of img-1 says that it is a mammogram. img-1 is a DICOM of 3328×2560 pixels.",
                ("tube voltage", "29 kV"),
                modality="MG",
            ),
        ],
        ["Please read the mammogram"],
    )
    return cases(
        "mammogram",
        facts,
        (
            "The reading model sees a cluster of calcifications in the right breast, in its upper outer "
            "quadrant."
        ),
        "radiographer finds no mass on img-1. Its other remark is that axillary adenopathy is absent.",
        "img-1 is a mammogram. It was taken at 29 kV and has 3328 × 2560 pixels.",
        "Calcifications are what the reader reports; whether they are benign cannot be told from this.",
        (
            "As far as the reading model goes, the finding is on the right side: calcifications of the "
            "right breast."
        ),
    )


def _brain() -> list[Case]:
    said = reading(
        1,
        (
            "Hyperintense lesion in the right temporal lobe measuring 14 mm with surrounding edema. No "
            "hydrocephalus. The left hemisphere looks unremarkable."
        ),
    )
    facts = chat(
        [image(1, "MR", "brain"), image(2, "CT", "brain")],
        [
            said,
            inspected(
                2,
                "The file of img-2 says that it is a CT. By Hounsfield range, 6 % of the slice is bone.",
                ("slice thickness", "5 mm"),
                modality="CT",
            ),
        ],
        ["What is on the MRI?", "Is it a glioma?"],
    )
    return cases(
        "brain",
        facts,
        (
            "On the MRI, img-1, the reader describes a hyperintense lesion of 14 mm in the right "
            "temporal lobe with edema around it."
        ),
        (
            "The reading model says nothing about a glioma, so I cannot tell whether it is one. It does "
            "say that there is no hydrocephalus."
        ),
        "img-2 is a CT with slices of 5 mm; bone makes up 6 % of the shown slice.",
        "This chat holds two images: an MRI (img-1) and a CT (img-2). Only the MRI was read.",
        "The reader calls the left hemisphere unremarkable and places the lesion in the right temporal lobe.",
        (
            "“Hyperintense lesion in the right temporal lobe measuring 14 mm with surrounding edema” is "
            "how radiographer puts it."
        ),
        (
            "Whether the 14 mm lesion that the reader describes on img-1 can be seen on img-2 has not "
            "been asked yet."
        ),
    )


def _hand_eczema() -> list[Case]:
    said = reading(
        1,
        (
            "Vesicles and scaling on the palms of both hands, suggestive of dyshidrotic eczema. No signs "
            "of infection."
        ),
        model="derm-captioner",
        skin=True,
    )
    facts = chat(
        [image(1, "XC", score=0.88)],
        [
            said,
            measured(
                1,
                (
                    "typology angle",
                    33.4,
                    "°",
                    "The surrounding skin has an individual typology angle of 33° in this picture.",
                ),
            ),
        ],
        ["My hands itch since 2 months"],
    )
    return cases(
        "eczema",
        facts,
        (
            "derm-captioner describes vesicles and scaling on both hands and finds this suggestive of "
            "dyshidrotic eczema."
        ),
        "The reader sees no signs of infection. I cannot check that.",
        "You wrote that your hands itch since 2 months. A photograph cannot show itching.",
        "The skin around has a typology angle of 33° on this clinical photograph.",
        "The pixels of img-1 look like a clinical photograph (score 0.88, which is not a probability).",
        "Eczema is the reading model's word, not mine.",
    )


def _kidney() -> list[Case]:
    said = reading(
        1,
        (
            "Mild hydronephrosis of the left kidney. A 7 mm stone in the left ureter. The right kidney "
            "contains two simple cysts."
        ),
    )
    facts = chat([image(1, "US", "abdomen")], [said], ["What does the ultrasound show?"])
    return cases(
        "kidney",
        facts,
        "According to the reading model, the ultrasound shows mild hydronephrosis of the left kidney.",
        (
            "It is radiographer who says so: a stone of 7 mm in the left ureter, and two simple cysts in "
            "the right kidney."
        ),
        "The reader counts two cysts in the right kidney and one stone on the left.",
        (
            "img-1 is an ultrasound image of the abdomen. What is said of it comes from one reading "
            "model alone: hydronephrosis on the left."
        ),
        "The stone measures 7 mm by the reader's account; I have no measurement of my own.",
    )


def _chest_library() -> list[Case]:
    content = (
        "3 of 6 neighbours of img-2 in the case library carry the label “pneumonia”, "
        "2 “normal”, 1 “effusion”. The closest reaches a similarity of 0.84; the same picture would reach 1."
    )
    facts = chat(
        [image(1, "CR", "chest"), image(2, "CR", "chest")],
        [look_alikes(2, {"pneumonia": 3, "normal": 2, "effusion": 1}, 0.841, content)],
        ["Similar cases for img-2?"],
    )
    return cases(
        "chest-library",
        facts,
        "Three of the six nearest cases to img-2 are labelled pneumonia, two normal and one effusion.",
        (
            "The most similar case reaches 0.84. Look-alikes are no diagnosis, so this does not mean "
            "that img-2 shows pneumonia."
        ),
        (
            "Half of the look-alikes (3 of 6) carry the label pneumonia; 17 % would be expected by "
            "chance for any label."
        ),
        "img-1 and img-2 are both chest X-rays. The library was searched for img-2 only.",
    )


def _mole_series() -> list[Case]:
    said = [
        measured(
            n,
            ("diameter", d, "mm", f"Its largest diameter is {d:.1f} mm."),
            ("asymmetry", a, "%", f"The halves differ by {a:.0f} % of the lesion's area."),
        )
        for n, d, a in ((1, 5.12, 7.7), (2, 5.58, 11.3), (3, 7.04, 18.9))
    ]
    facts = chat(
        [image(n, "DMS") for n in (1, 2, 3)],
        said,
        ["How did it change?", "My doctor called it a dysplastic nevus"],
    )
    return cases(
        "moles",
        facts,
        (
            "Across the three images the diameter goes from 5.1 mm (img-1) over 5.6 mm (img-2) to 7.0 mm "
            "(img-3)."
        ),
        "The asymmetry grows as well: 8 % on img-1, 11 % on img-2 and 19 % on img-3.",
        "On img-3 the halves differ by 18.9 % of the area. That is the largest value here.",
        "You say your doctor called it a dysplastic nevus. None of my tools can confirm that.",
        (
            "All three pictures are dermoscopy, so the diameters can be compared if the scale is right: "
            "img-3 has 7.04 mm."
        ),
        "img-1 is the smallest with 5.12 mm.",
    )


def _refusal() -> list[Case]:
    refused = [
        Refused("measure_lesion", "img-1", "img-1 is an X-ray, and lesions are measured on skin images only.")
    ]
    facts = chat([image(1, "DX", "hand")], [], ["Measure the 12 mm cyst in my left hand"], refused)
    return cases(
        "refusal",
        facts,
        "I could not measure it: img-1 is an X-ray, and lesions are measured on skin images only.",
        "The 12 mm you mention come from you; no tool has measured a cyst on img-1.",
        "img-1 is a radiograph of the hand. Whether it shows a cyst, nobody here has read.",
    )
