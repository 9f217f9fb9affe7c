"""Answers as a language model writes them, each true to its chat. The check was made with these in view."""

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


def tuned() -> list[Case]:
    """Every answer that the check was made with."""
    return [
        *_photo(),
        *_two_lesions(),
        *_chest(),
        *_ct(),
        *_library(),
        *_skin_reader(),
        *_refused(),
        *_mixed(),
        *_closed_question(),
        *_volume(),
        *_two_readers(),
        *_fracture(),
    ]


def _photo() -> list[Case]:
    said = measured(
        1,
        (
            "asymmetry along the long axis",
            8.74,
            "%",
            (
                "Folded along its long axis, the halves differ by 9 % of the lesion's area (0 % is "
                "mirror-symmetric)."
            ),
        ),
        ("border index", 1.382, "", "The border index is 1.38 (1 is a circle)."),
        (
            "colours",
            2.0,
            "",
            "Of the six colours of the ABCD rule, 2 are present: dark brown 95 %, light brown 5 %.",
        ),
        ("diameter", 36.2, "%", "Its largest diameter is 36 % of the picture's longer side."),
        (
            "typology angle",
            52.1,
            "°",
            "The surrounding skin has an individual typology angle of 52° in this picture.",
        ),
    )
    facts = chat([image(1, "XC", score=0.97)], [said], ["Measure the lesion", "Is it a melanoma?"])
    return cases(
        "photo",
        facts,
        (
            "The lesion on img-1 is fairly symmetric: folded along its long axis, its halves differ by 9 "
            "% of its area."
        ),
        "I measured img-1, a clinical photograph. The border index is 1.38, where 1 would be a circle.",
        "Two colours are present in the lesion, mostly dark brown (95 %) with a little light brown (5 %).",
        (
            "The largest diameter is about 36 % of the longer side of the picture. The file has no "
            "scale, so I cannot give millimetres."
        ),
        "The surrounding skin has a typology angle of 52°, which depends on the light and the camera.",
        (
            "I cannot tell whether this is a melanoma: no reading model is set up. What I can say is "
            "that the asymmetry is 8.7 %."
        ),
        (
            "You asked whether it is a melanoma. The measurements do not answer that; they only say that "
            "the border index is 1.38 and that 2 colours were found."
        ),
        (
            "- Asymmetry (long axis): 9 %\n- Border index: 1.4\n- Colours: 2\n- Largest diameter: 36 % "
            "of the longer side"
        ),
    )


def _two_lesions() -> list[Case]:
    first = measured(
        1,
        ("asymmetry", 12.4, "%", "The halves differ by 12 % of the lesion's area."),
        ("diameter", 6.31, "mm", "Its largest diameter is 6.3 mm."),
        ("colours", 3.0, "", "Of the six colours of the ABCD rule, 3 are present."),
    )
    second = measured(
        2,
        ("asymmetry", 31.6, "%", "The halves differ by 32 % of the lesion's area."),
        ("diameter", 9.84, "mm", "Its largest diameter is 9.8 mm."),
        ("colours", 5.0, "", "Of the six colours of the ABCD rule, 5 are present."),
    )
    facts = chat([image(1, "DMS"), image(2, "DMS")], [first, second], ["Compare img-1 and img-2"])
    return cases(
        "lesions",
        facts,
        "The lesion on img-2 is larger: 9.8 mm against 6.3 mm on img-1.",
        "img-1 has an asymmetry of 12 % and img-2 one of 32 %, so the second is less symmetric.",
        "Both pictures are dermoscopy. img-1 measures 6.3 mm across; img-2 measures 9.8 mm.",
        "On img-1 three colours were found, on img-2 five colours.",
        "This chat has two images, img-1 and img-2, and both are dermoscopic pictures.",
        "The diameter on img-1 is 6.31 mm. On img-2 it is 9.84 mm. Neither number says what the lesions are.",
        "img-2 is the more irregular one. Its halves differ by 31.6 % of the area.",
        "- img-1: 12.4 % asymmetry, 6.3 mm\n- img-2: 31.6 % asymmetry, 9.8 mm",
    )


def _chest() -> list[Case]:
    said = reading(
        1,
        "There is a small left pleural effusion. The heart is mildly enlarged. No pneumothorax. "
        "Old fracture of the right sixth rib.",
    )
    header = inspected(
        1,
        "The file of img-1 says that it is an X-ray of the chest. img-1 is a DICOM of 1024×1024 pixels.",
        ("tube voltage", "120 kV"),
        ("size", "1024 × 1024 pixels"),
    )
    facts = chat([image(1, "DX", "chest")], [said, header], ["What does the X-ray show?"])
    return cases(
        "chest",
        facts,
        "According to radiographer, img-1 shows a small left pleural effusion and a mildly enlarged heart.",
        "The reading model describes a small pleural effusion on the left. It says there is no pneumothorax.",
        "radiographer reports an old fracture of the right sixth rib. Nobody has checked this reading.",
        "img-1 is a chest X-ray of 1024 × 1024 pixels, taken at 120 kV.",
        (
            "The reader mentions three things: a left effusion, an enlarged heart and an old rib "
            "fracture on the right."
        ),
        (
            "radiographer says of img-1: “There is a small left pleural effusion. The heart is mildly "
            "enlarged.” I cannot confirm this from the picture myself."
        ),
        "The reading model does not mention consolidation, so I cannot say whether there is any.",
        "No pneumothorax is described by the reading model, and it calls the heart mildly enlarged.",
        "The header of img-1 gives a tube voltage of 120 kV. It is a radiograph of the chest.",
        (
            "The reading model's words were:\n- small left pleural effusion\n- old fracture of the right "
            "sixth rib\n- no pneumothorax"
        ),
    )


def _ct() -> list[Case]:
    said = inspected(
        1,
        (
            "The file of img-1 says that it is a CT. By Hounsfield range, 52 % of the slice is air and "
            "lung, 2 % of the slice is fat, 43 % of the slice is soft tissue and fluid."
        ),
        ("slice thickness", "2 mm"),
        ("pixel spacing", "0.5 × 0.5 mm"),
        ("tube voltage", "120 kV"),
        ("window", "40/400 (from the file)"),
        modality="CT",
    )
    facts = chat([image(1, "CT", "abdomen")], [said], ["How much is fat?"])
    return cases(
        "ct",
        facts,
        "About 2 % of the shown slice of img-1 is fat, by Hounsfield range; 43 % is soft tissue and fluid.",
        "img-1 is a CT. Its slices are 2 mm thick and the pixels are 0.5 × 0.5 mm.",
        "By the header, the tube voltage was 120 kV and the slice thickness 2 mm.",
        "Air and lung make up 52 % of the slice. This counts pixels of a range and names no organ.",
        "The window in the file has a level of 40 and a width of 400.",
        (
            "I cannot say from this whether there is a tumour: the tools only measured shares of the "
            "slice, such as 52 % air and lung."
        ),
        "This CT has a slice thickness of 2 mm, as its file header says.",
    )


def _library() -> list[Case]:
    content = (
        "4 of 6 neighbours of img-1 in the case library carry the label “nevus”, 2 “melanoma”. "
        "The closest reaches a similarity of 0.91; the same picture would reach 1. These are "
        "look-alikes, not diagnoses."
    )
    facts = chat(
        [image(1, "DMS")],
        [look_alikes(1, {"nevus": 4, "melanoma": 2}, 0.912, content)],
        ["Find similar cases"],
    )
    return cases(
        "library",
        facts,
        "Of the six nearest cases in your library, four are labelled nevus and two melanoma.",
        (
            "The closest look-alike of img-1 reaches a similarity of 0.91. That is not a diagnosis of "
            "this picture."
        ),
        (
            "4 of 6 look-alikes carry the label nevus. In this collection 43 % of the nearest cases "
            "share the label; 17 % would by chance."
        ),
        "Two of the similar cases are labelled melanoma. This does not mean that img-1 is one.",
        "Among the look-alikes of img-1, a dermoscopy picture, nevus is the most frequent label.",
        "Your collection holds 140 cases. The nearest one is labelled nevus, with a similarity of 0.91.",
    )


def _skin_reader() -> list[Case]:
    said = reading(
        1,
        "An erythematous plaque with silvery scale on the left elbow, consistent with psoriasis.",
        model="derm-captioner",
        skin=True,
    )
    size = measured(1, ("area", 10.24, "%", "It covers 10.2 % of the picture."))
    facts = chat([image(1, "XC")], [said, size], ["What is on the elbow?", "I have had it for 3 weeks"])
    return cases(
        "skin-reader",
        facts,
        (
            "derm-captioner describes an erythematous plaque with silvery scale on the left elbow and "
            "calls it consistent with psoriasis."
        ),
        "The reading model says psoriasis. I only measured that the area covers 10.2 % of the picture.",
        "The lesion covers 10 % of the picture. What it is, the reader put as “consistent with psoriasis”.",
        "You said that you have had it for 3 weeks; the picture cannot show that.",
        "The reader names psoriasis for img-1. It did not mention eczema.",
        "A reading model described a plaque on the left elbow. See a clinician about it.",
        (
            "img-1 is a clinical photograph. The reader's words are “An erythematous plaque with silvery "
            "scale on the left elbow”."
        ),
    )


def _refused() -> list[Case]:
    refused = [
        Refused(
            "read_radiograph",
            "img-1",
            "img-1 is not known to be a radiograph, so no reader of such images was asked.",
        )
    ]
    facts = chat([image(1, None)], [], ["Is there a right pneumothorax? I think it measures 4 cm."], refused)
    return cases(
        "refused",
        facts,
        (
            "I cannot tell whether there is a pneumothorax: img-1 is not known to be a radiograph, so no "
            "reader was asked."
        ),
        "You think that it measures 4 cm; no tool has measured anything on img-1.",
        "No reader of radiographs was asked about img-1. If it is an X-ray, say so and I will try again.",
        "You asked about a right pneumothorax. Nothing in this chat answers that.",
        "I don't know what kind of picture img-1 is. Tell me if it is a CT, an X-ray or something else.",
    )


def _mixed() -> list[Case]:
    ct = inspected(
        1,
        "The file of img-1 says that it is a CT. Slice or frame 5 of 40 is shown.",
        ("slice thickness", "1.25 mm"),
        modality="CT",
    )
    xray = reading(2, "Right lower lobe consolidation, likely pneumonia.", model="babydoctor")
    skin = measured(3, ("diameter", 4.47, "mm", "Its largest diameter is 4.5 mm."))
    facts = chat(
        [image(1, "CT", "chest"), image(2, "DX", "chest"), image(3, "DMS")],
        [ct, xray, skin],
        ["Sum up what we know"],
    )
    return cases(
        "mixed",
        facts,
        "There are three images. img-1 is a CT, img-2 an X-ray of the chest and img-3 a dermoscopy picture.",
        "On img-2, babydoctor reads a right lower lobe consolidation and thinks of pneumonia.",
        "The lesion on img-3 has a diameter of 4.5 mm. img-1 has a slice thickness of 1.25 mm.",
        "Slice 5 of 40 of img-1 is shown. Nothing has been read from it yet.",
        (
            "img-2: the reading model says “Right lower lobe consolidation, likely pneumonia.”\nimg-3: "
            "the diameter is 4.47 mm."
        ),
        "Only img-2 was read by a model. It mentions consolidation of the right lower lobe.",
        "The CT is img-1; its slices are 1.25 mm thick.",
    )


def _closed_question() -> list[Case]:
    yes = reading(1, "Yes", question="Is there a left pleural effusion?")
    no = reading(1, "No", question="Is there a pneumothorax?")
    facts = chat(
        [image(1, "DX", "chest")],
        [yes, no],
        ["Is there a left pleural effusion?", "Is there a pneumothorax?"],
    )
    return cases(
        "closed",
        facts,
        "Yes: the reading model says that there is a left pleural effusion.",
        "radiographer answers “Yes” to your question about a pleural effusion on the left.",
        "According to the reader there is no pneumothorax.",
        "The reading model answered two questions: there is a left effusion, and there is no pneumothorax.",
    )


def _volume() -> list[Case]:
    facts = chat(
        [image(1, "MR", "brain")],
        [
            slice_shown(1, 6, 24),
            inspected(
                1,
                "The file of img-1 says that it is an MRI. Slice or frame 7 of 24 is shown.",
                ("repetition time", "2000 ms"),
                ("field strength", "1.5 T"),
                modality="MR",
            ),
        ],
        ["Next slice"],
    )
    return cases(
        "volume",
        facts,
        "Now showing slice 7 of 24 of img-1.",
        "img-1 is an MRI with 24 slices; you are looking at slice 7.",
        "The header of this MRI gives a repetition time of 2000 ms.",
        "The file says that img-1 is an MRI of the brain. It has 24 slices.",
    )


def _two_readers() -> list[Case]:
    first = reading(1, "Large mass in the left upper lobe.")
    second = reading(1, "No mass is seen. Emphysema of both lungs.", model="babydoctor")
    facts = chat([image(1, "DX", "chest")], [first, second], ["Get a second opinion"])
    return cases(
        "readers",
        facts,
        (
            "The two readers differ: radiographer sees a large mass in the left upper lobe, babydoctor "
            "says that no mass is seen."
        ),
        "babydoctor describes emphysema of both lungs. radiographer does not mention it.",
        (
            "Nothing here decides between the two readers. One of the reading models names a mass in the "
            "left upper lobe."
        ),
        "radiographer says: “Large mass in the left upper lobe.” babydoctor says: “No mass is seen.”",
    )


def _fracture() -> list[Case]:
    said = reading(
        1,
        "Transverse fracture of the distal left radius with 3 mm displacement. The right hand is not shown.",
    )
    facts = chat([image(1, "DX", "wrist")], [said], ["Is it broken?"])
    return cases(
        "fracture",
        facts,
        "The reading model describes a transverse fracture of the distal left radius, displaced by 3 mm.",
        "radiographer says that the left radius is fractured. The displacement it names is 3 mm.",
        "By the reading of img-1, the fracture lies in the distal radius on the left.",
    )
