"""Answers set apart: the check was not made with these in view."""

from __future__ import annotations

from assistant.answers.answer import Refused
from tests.grounding.chats import (
    Case,
    cases,
    chat,
    image,
    inspected,
    look_alikes,
    measured,
    reading,
    slice_shown,
)


def held_out() -> list[Case]:
    """Every answer that was set apart."""
    return [
        *_knee(),
        *_follow_up(),
        *_abdomen(),
        *_scalp(),
        *_naevi_library(),
        *_liver_volume(),
        *_unknown_picture(),
        *_spine(),
    ]


def _knee() -> list[Case]:
    said = reading(
        1,
        "Narrowing of the medial joint space of the left knee with osteophytes, in keeping with "
        "osteoarthritis. No fracture or dislocation. Small joint effusion.",
    )
    header = inspected(
        1,
        "The file of img-1 says that it is an X-ray of the knee. img-1 is a DICOM of 2048×1536 pixels.",
        ("tube voltage", "60 kV"),
        ("pixel spacing", "0.15 × 0.15 mm"),
    )
    facts = chat([image(1, "CR", "knee")], [said, header], ["What about the knee?", "Does it need surgery?"])
    return cases(
        "knee",
        facts,
        (
            "The reading model finds osteophytes and a narrowed joint space in the left knee, and calls "
            "it osteoarthritis."
        ),
        "There is no fracture and no dislocation according to radiographer; it does report a small effusion.",
        (
            "Whether surgery is needed is not something I can answer. What radiographer says is “Small "
            "joint effusion.”"
        ),
        "img-1 is an X-ray with 2048 × 1536 pixels at a spacing of 0.15 mm.",
        "From the header: 60 kV. From the reading model: osteoarthritis of the left knee.",
        "In short, the reader sees signs of osteoarthritis but no fracture.",
    )


def _follow_up() -> list[Case]:
    old = reading(1, "Right-sided pleural effusion reaching the hilum. Heart size normal.")
    new = reading(2, "The right pleural effusion has almost resolved. New opacity in the left lower zone.")
    facts = chat(
        [image(1, "DX", "chest"), image(2, "DX", "chest")], [old, new], ["Compare the two chest films"]
    )
    return cases(
        "follow-up",
        facts,
        (
            "On img-1 the reader saw a right-sided effusion up to the hilum; on img-2 it says the "
            "effusion has almost resolved."
        ),
        "What is new on img-2, by the reading model, is an opacity in the left lower zone.",
        "Both images are chest radiographs. The reader describes a right effusion on each of them.",
        "The opacity on the left is mentioned for img-2 only. The reading of img-1 does not contain it.",
        (
            "radiographer's reading of img-1 gives a normal heart size; for img-2 it says nothing about "
            "the heart."
        ),
        "Two radiographs were compared through their readings. I did not measure anything myself.",
    )


def _abdomen() -> list[Case]:
    said = inspected(
        1,
        (
            "The file of img-1 says that it is a CT of the abdomen. By Hounsfield range, 38 % of the "
            "slice is air and "
            "lung, 21 % of the slice is fat, 37 % of the slice is soft tissue and fluid, 4 % of the "
            "slice is bone."
        ),
        ("slice thickness", "3.75 mm"),
        ("tube voltage", "100 kV"),
        ("convolution kernel", "B30f"),
        modality="CT",
    )
    facts = chat([image(1, "CT", "abdomen")], [said], ["Is the patient obese?", "Any stones?"])
    return cases(
        "abdomen",
        facts,
        "Fat takes up 21 % of the slice shown. That alone does not say whether somebody is obese.",
        "No tool looked for stones, and no reading model is set up for this CT, so I can't say.",
        "It is a CT of the abdomen with slices 3.75 mm thick at 100 kV.",
        "The rest of the slice: 37 % soft tissue and fluid, 38 % air and lung, 4 % bone.",
        "Roughly a fifth of the slice, 21 %, lies in the Hounsfield range of fat.",
    )


def _scalp() -> list[Case]:
    said = reading(
        1,
        (
            "Well-demarcated erythematous plaques with thick scale on the scalp. Psoriasis is likely; "
            "tinea is less likely."
        ),
        model="derm-captioner",
        skin=True,
    )
    tone = measured(
        1, ("typology angle", -12.6, "°", "The surrounding skin has an individual typology angle of −13°.")
    )
    facts = chat([image(1, "XC", score=0.93)], [said, tone], ["Itchy scalp for 6 weeks, is it dandruff?"])
    return cases(
        "scalp",
        facts,
        (
            "derm-captioner describes erythematous plaques with thick scale on the scalp and thinks "
            "psoriasis is likely."
        ),
        "You mention 6 weeks of itching. The photograph cannot confirm that.",
        "The reader weighs two possibilities: psoriasis, and less likely tinea.",
        "The typology angle of the skin around is −13°, which depends on the light.",
        "Of tinea the reading model says only that it is less likely.",
        "I would not call it dandruff from this: the reader's words are about plaques and psoriasis.",
    )


def _naevi_library() -> list[Case]:
    content = (
        "3 of 6 neighbours of img-2 in the case library carry the label “seborrheic keratosis”, 3 “nevus”. "
        "The closest reaches a similarity of 0.78; the same picture would reach 1."
    )
    size = measured(2, ("diameter", 11.2, "mm", "Its largest diameter is 11.2 mm."))
    facts = chat(
        [image(1, "XC", score=0.9), image(2, "DMS")],
        [look_alikes(2, {"seborrheic keratosis": 3, "nevus": 3}, 0.781, content), size],
        ["What does img-2 look like?"],
    )
    return cases(
        "keratosis",
        facts,
        "The library is split for img-2: three neighbours are labelled seborrheic keratosis and three nevus.",
        "img-2 measures 11.2 mm at its largest. img-1 has not been measured.",
        "The nearest case has a similarity of 0.78, so it is not very close.",
        "img-1 is a clinical photograph, img-2 a dermoscopy picture.",
        "Look-alikes of img-2 carry two labels in equal shares, 3 of 6 each. Neither is a diagnosis.",
    )


def _liver_volume() -> list[Case]:
    said = reading(
        1,
        (
            "Two hypodense lesions in the right lobe of the liver, the larger 22 mm. Left lobe "
            "unremarkable. No ascites."
        ),
    )
    facts = chat(
        [image(1, "CT", "abdomen")],
        [slice_shown(1, 30, 88), said],
        ["Show slice 31", "What is in the liver?"],
    )
    return cases(
        "liver",
        facts,
        "You are looking at slice 31 of 88.",
        (
            "On this slice the reading model counts two hypodense lesions in the right lobe of the "
            "liver; the larger one has 22 mm."
        ),
        "Ascites is not present according to the reader, and it calls the left lobe unremarkable.",
        "The larger of the two lesions measures 22 mm in the reader's words. What they are it does not say.",
        "radiographer read one slice of 88 only, so lesions elsewhere may be missed.",
    )


def _unknown_picture() -> list[Case]:
    refused = [
        Refused("measure_lesion", "img-1", "No lesion was found in img-1, so nothing was measured."),
        Refused("find_similar_cases", "img-1", "The case library holds no skin cases yet."),
    ]
    facts = chat(
        [image(1, "XC", score=0.61)], [], ["Is my mole cancer? It grew to 8 mm on my right arm."], refused
    )
    return cases(
        "nothing-found",
        facts,
        "No lesion was found in img-1, so I have no measurement to offer.",
        (
            "I cannot tell whether it is cancer. Please let a clinician look at it, also because you say "
            "it grew to 8 mm."
        ),
        (
            "You wrote that it is on your right arm. The picture was taken for a clinical photograph "
            "with a score of 0.61."
        ),
        "There were no cases to compare with: the library holds no skin cases yet.",
    )


def _spine() -> list[Case]:
    first = reading(1, "Compression fracture of one lumbar vertebra. Scoliosis to the left.")
    second = reading(1, "Mild scoliosis. No fracture identified.", model="babydoctor")
    facts = chat(
        [image(1, "DX", "spine")], [first, second], ["Is there a fracture?", "Ask the other one too"]
    )
    return cases(
        "spine",
        facts,
        (
            "The readers disagree on the fracture: radiographer sees a compression fracture of a lumbar "
            "vertebra, babydoctor does not."
        ),
        "Both readers mention scoliosis; radiographer adds that it goes to the left.",
        "babydoctor identifies no fracture. Which of the two is right, nothing here decides.",
        "There are two readings of img-1. They agree on scoliosis and differ on the fracture.",
        "One reading model calls the scoliosis mild.",
    )
