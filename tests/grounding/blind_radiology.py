"""Answers about other radiology images for the blind part, with errors to plant."""

from __future__ import annotations

from assistant.answers.answer import Refused
from tests.grounding.blind import Marked, marked
from tests.grounding.chats import chat, image, inspected, reading, slice_shown


def radiology() -> list[Marked]:
    """Every marked answer over radiology images other than of the chest."""
    return [
        *_ct(),
        *_volume(),
        *_breast(),
        *_wrist(),
        *_mammogram(),
        *_head(),
        *_refused(),
    ]


def _ct() -> list[Marked]:
    header = inspected(
        1,
        "The file of img-1 says that it is a CT. img-1 is a DICOM of 512×512 pixels. The technical checks "
        "found no problem. By Hounsfield range, 52 % of the slice is air and lung, 2 % of the slice is fat, "
        "43 % of the slice is soft tissue and fluid, 2 % of the slice is bone, contrast medium or metal.",
        ("file type", "DICOM"),
        ("modality", "CT, computed tomography"),
        ("slice thickness", "2 mm"),
        ("tube voltage", "120 kV"),
        ("size", "512 × 512 pixels"),
        ("pixel spacing", "0.5 × 0.5 mm"),
        ("bits stored", "12"),
        ("window", "40/400 (from the file)"),
        modality="CT",
    )
    facts = chat([image(1, "CT")], [header], ["How much is air, fat, soft tissue and bone?", "Header?"])
    return marked(
        "ct-phantom",
        facts,
        "Roughly half of the slice ([[52%|number|38%]]) is air or lung by Hounsfield range, "
        "[[43%|number|34%]] is soft tissue or fluid, and fat and bone each make up about 2%.",
        "By density, the slice breaks down as follows:\n\n1. Air and lung: **52 %**\n2. Soft tissue and "
        "fluid: **[[43 %|number|57 %]]**\n3. Fat: **2 %**\n4. Bone, contrast or metal: **[[2 %|number|12 "
        "%]]**",
        "It's a [[CT|modality|MRI]] slice acquired at [[120 kVp|number|80 kVp]] with a slice thickness of "
        "[[2.0 mm|number|5.0 mm]].",
        "Each pixel is half a millimetre ([[0.5 mm|number|0.9 mm]]) wide, so 512 pixels span "
        "[[256 mm|number|320 mm]].",
        "Air and soft tissue together account for [[95 %|number|75 %]] of the slice, which leaves only a few "
        "per cent for fat and bone.",
        "The window stored in the file is level 40 and width [[400|number|1500]], which is a usual "
        "soft-tissue setting.",
        "No reading model was asked, so I can't tell you about any lesion.[[|label| There is, however, a "
        "liver abscess.]]",
        "The header of [[img-1|image|img-4]] lists a [[computed tomography|modality|magnetic resonance]] "
        "slice, 512 by 512 pixels, stored in 12 bits. No technical problems were detected.",
    )


def _volume() -> list[Marked]:
    header = inspected(
        1,
        "The file of img-1 says that it is an MRI. img-1 is a DICOM of 224×224 pixels. Slice or frame 15 of "
        "24 is shown. The technical checks found no problem.",
        ("modality", "MR, magnetic resonance"),
        ("plane", "axial"),
        ("slice thickness", "5 mm"),
        ("size", "224 × 224 pixels"),
        ("frames", "24"),
        ("pixel spacing", "1 × 1 mm"),
        modality="MR",
    )
    said = [header, slice_shown(1, 5, 24), slice_shown(1, 6, 24)]
    facts = chat([image(1, "MR")], said, ["What is this?", "Show slice 6", "Next slice"])
    return marked(
        "volume",
        facts,
        "You're now looking at slice [[7|number|11]] of 24.",
        "We moved from the 6th to the [[7th|number|9th]] slice of the [[MRI|modality|CT]] series.",
        "The series has [[24|count|36]] axial slices, each [[5 mm|number|3 mm]] thick.",
        "This is an axial [[MR|modality|ultrasound]] volume of [[twenty-four|count|thirty]] slices with an "
        "in-plane resolution of 1 mm.",
        "At first slice 15 was shown; you then asked for slice 6, and after that the next one. There are "
        "[[24|count|18]] slices in total.",
        "The stack is 24 slices × 5 mm, so it covers roughly [[120 mm|number|200 mm]] from end to end if "
        "there are no gaps.",
        "No reader looked at this MR image, so nothing can be said on pathology.[[|label| A meningioma is "
        "likely, though.]]",
        "Slice seven is on screen. Type “next slice” to see slice eight, or name another of the "
        "[[24|count|40]] slices.",
    )


def _breast() -> list[Marked]:
    header = inspected(
        1,
        "The file of img-1 says that it is an ultrasound image of the breast. img-1 is a DICOM of 600×800 "
        "pixels.",
        ("modality", "US, ultrasound"),
        ("body part", "breast"),
        modality="US",
    )
    said = reading(
        1,
        "Irregular hypoechoic mass with spiculated margins in the left breast at 2 o'clock, 5 cm from the "
        "nipple, measuring 14 x 11 x 9 mm, with posterior shadowing. Two simple cysts, the larger 6 mm. "
        "BI-RADS 5.",
        model="med-vlm-27b",
        question="Read this",
    )
    facts = chat([image(1, "US", "breast")], [header, said], ["Read this", "How big is the mass?"])
    return marked(
        "breast",
        facts,
        "med-vlm-27b describes an irregular hypoechoic mass of [[14 × 11 × 9 mm|number|24 × 11 × 9 mm]] in "
        "the [[left|side|right]] breast.",
        "The mass, says med-vlm-27b, lies at 2 o'clock, [[5 cm|number|3 cm]] from the nipple, with "
        "spiculated margins.",
        "Its largest dimension is [[1.4 cm|number|2.1 cm]] according to the reader, and there are "
        "[[two|count|four]] simple cysts as well, the bigger one measuring [[6 mm|number|16 mm]].",
        "The reader assigns BI-RADS [[5|number|2]]. That category is the model's statement; a radiologist "
        "has to confirm it.",
        "On this [[sonogram|modality|mammogram]] of the L breast the model reports a mass with posterior "
        "shadowing. [[|label|A fibroadenoma is seen next to it.]]",
        "### What med-vlm-27b reports\n\n**Mass**: hypoechoic, irregular, spiculated\n**Position**: "
        "[[left|side|right]] breast, 2 o'clock\n**Size**: 14 mm × [[11 mm|number|17 mm]] × 9 mm\n**Other**: "
        "2 cysts",
        "I can only pass on what med-vlm-27b reports: a suspicious-looking mass, BI-RADS 5, and "
        "[[a couple of|count|three]] cysts.",
    )


def _wrist() -> list[Marked]:
    said = reading(
        1,
        "Transverse fracture of the distal right radius with dorsal angulation of 20 degrees and 3 mm of "
        "shortening. Ulnar styloid intact. No dislocation.",
        question="Is it broken?",
    )
    header = inspected(
        1,
        "The file of img-1 says that it is an X-ray of the wrist. img-1 is a DICOM of 1500×1200 pixels. It "
        "is overexposed: 14 % of its pixels are at the brightest level.",
        ("body part", "wrist"),
        ("tube voltage", "52 kV"),
    )
    questions = ["Is it broken?", "The patient is 62 and fell in 2024", "Is it a Colles fracture?"]
    facts = chat([image(1, "CR", "wrist")], [said, header], questions)
    return marked(
        "wrist",
        facts,
        "Yes — the reader reports a transverse fracture of the distal [[right|side|left]] radius.",
        "The distal fragment is angulated dorsally by [[20°|number|35°]] and there are [[3 mm|number|9 mm]] "
        "of shortening, the reading model says.",
        "You asked about a Colles fracture. The reader doesn't use that name; it says “Transverse fracture "
        "of the distal right radius with dorsal angulation of [[20|number|40]] degrees”.",
        "For a 62-year-old who fell in 2024, as you describe, a wrist fracture isn't unusual. The reader "
        "sees an intact ulnar styloid and no dislocation.[[|label| There is an osteosarcoma, too.]]",
        "Technically the [[X-ray|modality|MRI]] is overexposed: [[14 %|number|41 %]] of its pixels sit at "
        "the brightest level.",
        "From the reading model:\n\n- Bone: distal radius, [[R|side|L]] side\n- Type: transverse\n- "
        "Angulation: dorsal, ~20 deg\n- Dislocation: none reported",
        "By radiographer's account the radius fracture is on the right side; the [[ulnar "
        "styloid|label|scaphoid fracture]] is described as intact. The film was taken at 52 kV.",
    )


def _mammogram() -> list[Marked]:
    said = [
        inspected(n, f"The file of img-{n} says that it is a mammogram. img-{n} is a DICOM of 3328×2560 "
         f"pixels.",
                  ("laterality", side), ("view position", view), ("tube voltage", "28 kV"), modality="MG")
        for n, side, view in ((1, "left", "craniocaudal"), (2, "left", "mediolateral oblique"),
                              (3, "right", "craniocaudal"))
    ]  # fmt: skip
    images = [image(n, "MG", "breast") for n in (1, 2, 3)]
    facts = chat(images, said, ["What did I upload?"])
    return marked(
        "mammogram",
        facts,
        "You uploaded [[three|count|four]] [[mammograms|modality|ultrasound images]]: two of the left breast "
        "and one of the right.",
        "img-1: left CC view\nimg-2: left MLO view\nimg-3: [[right|side|left]] CC view",
        "All three were taken at [[28 kV|number|35 kV]] and have 3328 × 2560 pixels. A right MLO view is "
        "missing.",
        "The only image of the right breast is [[img-3|image|img-5]], a craniocaudal view; the other two "
        "are of the [[left|side|right]] side.",
        "No reader has looked at these mammograms, so I can say nothing on findings such as "
        "calcifications.[[|label| The third one shows invasive ductal carcinoma.]]",
    )


def _head() -> list[Marked]:
    said = reading(
        1,
        "Acute subdural haematoma along the left convexity, up to 11 mm thick, with 7 mm midline shift to "
        "the right. No skull fracture.",
        question="What does the scan show?",
    )
    header = inspected(
        1,
        "The file of img-1 says that it is a CT of the head. img-1 is a DICOM of 512×512 pixels. Slice or "
        "frame 14 of 32 is shown.",
        ("body part", "head"),
        ("slice thickness", "5 mm"),
        ("window", "35/80 (from the file)"),
        modality="CT",
    )
    questions = ["What does the scan show?", "He takes apixaban 5 mg twice daily"]
    facts = chat([image(1, "CT", "head")], [said, header], questions)
    return marked(
        "head",
        facts,
        "The reading model reports an acute [[subdural|label|epidural]] haematoma over the "
        "[[left|side|right]] convexity, [[up to 11 mm|number|up to 21 mm]] thick.",
        "There's a midline shift of [[7 mm|number|2 mm]] towards the [[right|side|left]], per the reader.",
        "The reader sees an SDH with midline shift and no skull fracture. That you mention apixaban 5 mg "
        "twice daily matters for treatment, which I can't advise on.",
        "This non-diagnostic summary rests on one slice — number [[14|number|24]] of [[32|count|64]] — of a "
        "head [[CT|modality|MRI]].",
        "> Acute subdural haematoma along the left convexity, up to [[11|number|17]] mm thick\n\nThat is the "
        "reader's own wording for [[img-1|image|img-2]].",
        "If this is a real patient, a subdural bleed with shift, as the reader describes, is an emergency: "
        "get help at once. The window stored is 35/[[80|number|400]].[[|label| The ventricles show "
        "hydrocephalus.]]",
    )


def _refused() -> list[Marked]:
    header = inspected(
        1,
        "I cannot tell what kind of picture img-1 is, because it is only 48×40 pixels; 64 a side are needed.",
    )
    refused = [
        Refused("read_radiograph", "img-1", "img-1 is not known to be a radiograph, so no reader of such "
                "images was asked. If that is wrong, say: treat img-1 as an X-ray.", {})
    ]  # fmt: skip
    facts = chat([image(1, None)], [header], ["What does this show?"], refused)
    return marked(
        "too-small",
        facts,
        "The picture is too small to be recognised: [[48 × 40|number|148 × 140]] pixels, while at least "
        "[[64|number|32]] per side are needed.",
        "I don't know what kind of picture img-1 is. If it's an X-ray, tell me: “treat img-1 as an X-ray”.",
        "No reader was asked about [[img-1|image|img-3]], since it isn't known to be a radiograph.[[|label| "
        "It seems to show a hip fracture.]]",
    )
