"""Answers about skin images for the blind part, with errors to plant (see `tests.grounding.blind`)."""

from __future__ import annotations

from assistant.answers.answer import Evidence, Refused
from store.records import Finding
from tests.grounding.blind import Marked, marked
from tests.grounding.chats import chat, evidence, image, inspected, look_alikes, measured, reading


def dermatology() -> list[Marked]:
    """Every marked answer over skin images."""
    return [
        *_photograph(),
        *_dermoscopy(),
        *_two_moles(),
        *_rash(),
        *_neighbours(),
        *_ranking(),
        *_stand_in(),
    ]


def _photograph() -> list[Marked]:
    seen = inspected(
        1,
        "img-1 looks like a clinical photograph (estimated from its pixels, score 0.99 — a score, not a "
        "probability). img-1 is a JPEG of 960×720 pixels. The technical checks found no problem.",
        ("file type", "JPEG"),
        ("size", "960 × 720 pixels"),
        modality="XC",
    )
    meter = measured(
        1,
        ("asymmetry across the long axis", 8.9, "%", "Folded along its long axis, the halves differ by 9 % "
         "of the lesion's area (0 % is mirror-symmetric)."),
        ("asymmetry across the short axis", 8.5, "%", "Folded along its short axis, the halves differ by 9 "
         "%."),
        ("border irregularity", 1.09, "", "The border index is 1.09 (1 is a circle; a longer or more notched "
         "border has more)."),
        ("colour count", 2.0, "of 6", "Of the six colours of the ABCD rule, 2 are present: dark brown 95 %, "
         "light brown 5 %."),
        ("colour variegation", 6.3, "CIELAB units", "The colours spread 6 CIELAB units around their mean (a "
         "difference of about 2 is just visible)."),
        ("area", 10.2, "% of the picture", "It covers 10.2 % of the picture."),
        ("largest diameter", 36.0, "% of the longer side", "Its largest diameter is 36 % of the picture's "
         "longer side."),
        ("individual typology angle", 52.0, "°", "The surrounding skin has an individual typology angle of "
         "52° in this picture, in the class “light”."),
    )  # fmt: skip
    said = reading(
        1,
        "A brown macule with an irregular border, in keeping with a naevus. Differential: lentigo.",
        model="derm-captioner",
        skin=True,
        question="Describe it",
    )
    questions = ["Measure the lesion", "Describe it", "Is it more than 6 mm?", "Is it a melanoma?"]
    facts = chat([image(1, "XC", "skin", 0.9992)], [seen, meter, said], questions)
    return marked(
        "photograph",
        facts,
        "**A – asymmetry:** halves differ by about [[9 %|number|29 %]] on either axis\n**B – border:** index "
        "[[1.09|number|1.90]], nearly a circle\n**C – colour:** [[two|count|four]] of six colours\n**D – "
        "diameter:** 36 % of the longer side",
        "The spot is mostly dark brown ([[95 %|number|65 %]]) with a little light brown (5 %).",
        "It takes up about a tenth of the picture ([[10.2%|number|20.2%]]). I can't give that in millimetres "
        "because the photo has no scale.",
        "Whether it is larger than 6 mm cannot be told from this [[photo|modality|CT]]; its greatest "
        "diameter is [[36%|number|63%]] of the image's longer side.",
        "I can't tell you whether it's a melanoma. derm-captioner describes a brown macule and thinks of a "
        "[[nevus|label|basal cell carcinoma]], with lentigo as an alternative.",
        "The captioning model's words were “A brown macule with an irregular border, in keeping with a "
        "naevus.” The measured border index, [[1.09|number|3.09]], is close to that of a circle, so the two "
        "don't quite agree.",
        "The picture is taken for a [[clinical photograph|modality|dermoscopic image]] with a score of "
        "[[0.99|number|0.59]], which isn't a probability.",
        "With an ITA of [[52°|number|22°]], the surrounding skin falls in the “light” class in this picture.",
        "No similar cases were searched yet. What I have is one description and [[eight|count|fifteen]] "
        "measurements of img-1.",
        "Colour spread: [[6.3|number|16.3]] CIELAB units around the mean; a difference of roughly 2 is only "
        "just visible.",
        "In plain words: small, fairly round, brown, almost symmetric (about [[one eleventh|number|one "
        "third]] of the area stays uncovered when folded). [[|label|It is an ulcerated keratoacanthoma.]]",
    )


def _dermoscopy() -> list[Marked]:
    seen = inspected(
        1,
        "You said that img-1 is dermoscopy; before that it was taken as a clinical photograph. img-1 is a "
        "PNG of 1024×768 pixels. It is slightly blurred.",
        modality="DMS",
    )
    meter = measured(
        1,
        ("largest diameter", 7.4, "mm", "Its largest diameter is 7.4 mm."),
        ("area", 31.6, "mm²", "Its area is 31.6 mm²."),
        ("asymmetry across the long axis", 24.0, "%", "Folded along its long axis, the halves differ by 24 "
         "% of the lesion's area (0 % is mirror-symmetric)."),
        ("asymmetry across the short axis", 31.0, "%", "Folded along its short axis, the halves differ by "
         "31 %."),
        ("border irregularity", 1.62, "", "The border index is 1.62 (1 is a circle; a longer or more notched "
         "border has more)."),
        ("colour count", 4.0, "of 6", "Of the six colours of the ABCD rule, 4 are present: light brown 48 %, "
         "dark brown 31 %, blue-grey 12 %, black 9 %."),
    )  # fmt: skip
    said = reading(
        1,
        "Atypical pigment network with irregular streaks at the left margin and a blue-white veil. "
        "Suspicious for melanoma.",
        model="skin-reader-7b",
        skin=True,
        question="Read it",
    )
    questions = ["Treat img-1 as dermoscopy", "Read it", "Measure it", "My last mole check was in May 2025"]
    facts = chat([image(1, "DMS", "skin")], [seen, meter, said], questions)
    return marked(
        "dermoscopy",
        facts,
        "The largest diameter is [[7.4 mm|number|4.7 mm]] — more than the 6 mm of the ABCD rule of thumb.",
        "Area: approx. [[32 mm²|number|52 mm²]]. Border index: 1.62. Colours: [[four of six|count|two of "
        "six]].",
        "skin-reader-7b mentions irregular streaks at the [[left|side|right]] margin, an atypical "
        "network and a blue-white veil, and calls the lesion suspicious for melanoma.",
        "Four colours were found: light brown (48 %), dark brown ([[31 %|number|51 %]]), blue-grey "
        "([[12 %|number|32 %]]) and black (just under one tenth).",
        "The lesion is lopsided: folding it leaves [[24%|number|4%]] uncovered on the long axis and "
        "[[31%|number|61%]] on the short one.",
        "| Measure | Value |\n|:--|--:|\n| Ø max | [[7.4 mm|number|9.8 mm]] |\n| Area | 31.6 mm² |\n| Border "
        "index | [[1.62|number|1.26]] |\n| Colours | 4/6 |",
        "You told me this is [[dermoscopy|modality|an MRI scan]]; before, I had taken it for an ordinary "
        "photo. It's slightly blurred.",
        "The reader is worried about [[melanoma|label|Merkel cell carcinoma]]. That's the model's view and "
        "neither a diagnosis nor a probability; please see a dermatologist soon.",
        "Since your last check was in May 2025, I'd show this to a doctor: the reader finds "
        "[[streaks|label|arborising vessels]] and a veil on [[img-1|image|img-6]].",
        "In centimetres, the longest diameter is [[0.74 cm|number|1.74 cm]], about three quarters of a "
        "centimetre. [[|label|The surrounding skin shows actinic keratosis.]]",
    )


def _two_moles() -> list[Marked]:
    def meter(n: int, colours: int, diameter: float, border: float) -> Evidence:
        return measured(
            n,
            ("largest diameter", diameter, "% of the longer side", f"Its largest diameter is {diameter:.0f} "
             "% of the picture's longer side."),
            ("border irregularity", border, "", f"The border index is {border:.2f} (1 is a circle; a longer "
             "or more notched border has more)."),
            ("colour count", colours, "of 6", f"Of the six colours of the ABCD rule, {colours} are present."),
        )  # fmt: skip

    said = [meter(1, 1, 22.0, 1.12), meter(2, 3, 41.0, 1.48)]
    images = [image(1, "XC", "skin", 0.97), image(2, "XC", "skin", 0.95)]
    facts = chat(images, said, ["Compare the two", "The left one is on my back"])
    return marked(
        "two-moles",
        facts,
        "The second lesion has more colours ([[3|count|5]] against 1) and a more irregular border "
        "([[1.48|number|1.84]] vs. 1.12).",
        "- **img-1** – 1 colour, border index 1.12, [[22 %|number|32 %]] of the longer side\n- **img-2** – "
        "[[3|count|6]] colours, border index 1.48, 41 %",
        "Seen against the frame, the lesion of [[img-2|image|img-1]] is larger: 41 % of the longer side. The "
        "other one reaches 22 %. Distances to the camera may differ, so real sizes can't be compared.",
        "Both [[photographs|modality|ultrasound scans]] show a single outlined lesion. You said that the "
        "left one is on your back.",
        "[[img-1|image|img-2]] has a border index of 1.12 and only one of the six colours.",
        "The difference in border index is [[0.36|number|0.63]] (1.48 minus 1.12).[[|label| The second one "
        "has turned into a squamous cell carcinoma.]]",
    )


def _rash() -> list[Marked]:
    said = reading(
        1,
        "Erythematous scaly plaques in both antecubital fossae with lichenification, more marked on the "
        "right. Consistent with atopic eczema. No vesicles.",
        model="derm-reader",
        skin=True,
        question="What rash is this?",
    )
    again = reading(
        1,
        "Psoriasis is less likely, as the plaques are on the flexor side.",
        model="derm-reader",
        skin=True,
        question="Could it be psoriasis?",
    )
    seen = inspected(
        1,
        "img-1 looks like a clinical photograph (estimated from its pixels, score 0.93 — a score, not a "
        "probability). img-1 is a JPEG of 3024×4032 pixels.",
        modality="XC",
    )
    questions = [
        "What rash is this? Fitzpatrick type V",
        "Could it be psoriasis?",
        "I use clobetasol 0.05 % twice a day and took methotrexate 15 mg in 2019",
    ]
    facts = chat([image(1, "XC", "skin", 0.93)], [seen, said, again], questions)
    return marked(
        "rash",
        facts,
        "derm-reader calls it [[atopic eczema|label|scabies]]: red, scaly plaques in both elbow creases, "
        "worse on the [[right|side|left]].",
        "I can't judge your treatment (clobetasol 0.05 % twice a day, methotrexate 15 mg in 2019). Please "
        "raise it with your doctor.",
        "Psoriasis is thought less likely by the reader, because the plaques are flexural. It reports "
        "[[lichenification|label|bullae]] as well, and no vesicles.",
        "As derm-reader describes it, the rash is bilateral — both antecubital fossae — and more pronounced "
        "on the [[R|side|L]] side. [[|label|There is also erysipelas.]]",
        "**Most likely according to the reader:** atopic dermatitis (it says “atopic "
        "[[eczema|label|impetigo]]”)\n**Less likely:** psoriasis",
        "You wrote that the skin is Fitzpatrick type V. Such models are less tested on darker skin, so take "
        "the reader's “[[atopic eczema|label|tinea corporis]]” with extra care.",
        "The [[photo|modality|X-ray]] has 3024×4032 pixels, around [[12 megapixels|number|48 megapixels]], "
        "and was recognised with a score of [[0.93|number|0.39]].",
    )


def _neighbours() -> list[Marked]:
    said = look_alikes(
        1,
        {"seborrheic keratosis": 3, "nevus": 2, "melanoma": 1},
        0.91,
        "3 of 6 neighbours of img-1 in the case library (only dermoscopy) carry the label “seborrheic "
        "keratosis”, 2 “nevus”, 1 “melanoma”. The closest reaches a similarity of 0.91; the same picture "
        "would reach 1. In this collection 43 % of the nearest six share the label; chance would give 17 %. "
        "These are look-alikes, not diagnoses.",
    )
    facts = chat([image(1, "DMS", "skin")], [said], ["Similar dermoscopy cases?", "Is that 50 %?"])
    return marked(
        "skin-neighbours",
        facts,
        "Half of the six look-alikes ([[three|count|five]]) are labelled "
        "[[seborrhoeic keratosis|label|dermatofibroma]]; two are naevi and one is a melanoma.",
        "Labels among the neighbours:\n\n* seborrheic keratosis × [[3|count|4]]\n* nevus × 2\n* melanoma × 1",
        "It isn't a 50 % chance: [[43 %|number|73 %]] of the nearest six share a label in this collection "
        "(chance: 17 %).",
        "The closest of the [[6|count|9]] matches has a similarity of [[0.91|number|0.61]].",
        "One neighbour out of six carries “melanoma” — [[2|count|5]] carry “nevus”. Counting labels isn't "
        "diagnosing.[[|label| Your lesion is a melanoma in situ with Spitz nevus features.]]",
        "Only [[dermoscopic images|modality|mammograms]] were compared, as you asked. The nearest one is the "
        "first shown, at a similarity of 0.91.",
    )


def _ranking() -> list[Marked]:
    shares = (("psoriasis", 0.62), ("eczema", 0.31), ("ringworm", 0.07))
    found = [
        Finding(image_id="img-1", label=label, text=f"“{label}”: share {share:.2f} among the 3 labels "
                "named, not a probability", score=share, model="pubmedclip")
        for label, share in shares
    ]  # fmt: skip
    words = (
        "PubMedCLIP ranks the 3 labels that you named for img-1: “psoriasis” 0.62, “eczema” 0.31, “ringworm” "
        "0.07. The shares add up to 1 and are not probabilities: another set of labels gives other shares."
    )
    said = evidence("rank_labels", 1, words, *found, model="pubmedclip")
    facts = chat([image(1, "XC", "skin", 0.9)], [said], ["Rank psoriasis, eczema and ringworm"])
    return marked(
        "ranking",
        facts,
        "PubMedCLIP ranks [[psoriasis|label|rosacea]] first ([[0.62|number|0.82]]), eczema second (0.31) and "
        "ringworm last.",
        "1st: psoriasis, 0.62\n2nd: eczema, [[0.31|number|0.13]]\n3rd: ringworm, 0.07",
        "Of your [[three|count|five]] labels, psoriasis gets the largest share, twice that of eczema "
        "(0.62 : [[0.31|number|0.21]]). Shares depend on the labels you name.",
        "Expressed as percentages, that is 62 % psoriasis, [[31 %|number|19 %]] eczema and 7 % ringworm — "
        "shares among your labels, not probabilities.[[|label| In fact it is lupus erythematosus.]]",
    )


def _stand_in() -> list[Marked]:
    seen = inspected(
        1,
        "img-1 looks like dermoscopy (estimated from its pixels, score 0.88 — a score, not a probability). "
        "img-1 is a JPEG of 1022×767 pixels.",
        modality="DMS",
    )
    refused = [
        Refused("measure_lesion", "img-1", "No lesion was measured in img-1. Its outline touches the edge "
                "of the picture.", {}),
        Refused("read_skin_image", "img-1", "No reader of skin images is set up.", {}),
    ]  # fmt: skip
    images = [image(1, "DMS", "skin", 0.88)]
    facts = chat(images, [seen], ["How many mm is it?", "Is it benign?"], refused)
    return marked(
        "not-measured",
        facts,
        "I couldn't measure it: the outline touches the edge of the picture. A photo showing the whole "
        "lesion would help.[[|number| It is about 12 mm wide.]]",
        "Neither “benign” nor “malignant” can be said here, because no reader of skin images is set "
        "up.[[|label| Still, this is a benign dermatofibroma.]]",
        "What I do know: [[img-1|image|img-2]] is probably [[dermoscopy|modality|a mammogram]], estimated "
        "from its pixels (score [[0.88|number|0.48]]), and it has 1022 by 767 pixels.",
        "Two tools did not run, so there are no measurements and no description of this "
        "[[dermoscopic|modality|ultrasound]] image.",
    )
