"""Questions about what a file's header states: found in many words, answered from the record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from store.records import Fact, View
from tests.talking.talk import CT, SKIN, inspected, row, talk

KNOWN = {
    "laterality": "left",
    "sides": "left edge R (right), right edge L (left)",
    "slice order": "by position, from feet to head: slice 1 is nearest the feet, the last nearest the head",
    "slice spacing": "2.5 mm",
    "scanned range": "12 cm from the first to the last slice",
    "volumes": "2, by echo",
    "view": "medio-lateral oblique",
    "anatomic region": "knee",
    "patient position": "on the belly, head first",
    "overlays": "1, not shown",
    "voxel size": "1 × 1 × 2 mm (wide × high × deep)",
    "scale from": "Pixel Spacing",
    "scale caution": "The scale is that of the detector.",
    "window": "level 40, width 400 (from the file)",
    "echo time": "12.5 ms",
    "repetition time": "4000 ms",
    "flip angle": "30 degrees",
    "pulse sequence": "gradient recalled",
    "contrast agent": "one is named in the file",
    "tube current": "170 mA",
    "slice thickness": "0.8 mm",
    "unit of values": "Hounsfield units (HU)",
    "padding": "the stored value -2000",
    "brightness shown": "the middle level is 12 of 255",
    "photometric interpretation": "MONOCHROME2",
    "transfer syntax": "JPEG-LS lossless",
    "bits stored": "12",
    "frame rate": "15 frames per second",
    "depth of the scan field": "90 mm",
    "ultrasound modes": "tissue, colour flow",
    "reconstruction kernel": "a kernel is named",
    "plane": "axial, tilted by 8 degrees",
    "pixel spacing": "0.4 × 0.4 mm (wide × high)",
    "display": "grey (from the pixels)",
    "averages": "4",
    "b-value": "800 s/mm²",
    "table height": "133.7 mm",
    "exposure": "85 mAs",
    "exposure time": "1600 ms",
    "echo train length": "7",
    "pixel bandwidth": "130 Hz per pixel",
    "scan options": "fat saturation",
    "magnetic field strength": "1.5 T",
    "spiral pitch": "0.98",
    "gantry tilt": "12 degrees",
    "CTDIvol": "8.1 mGy",
    "reconstruction diameter": "360 mm",
    "size": "512 × 512 pixels",
    "slice location": "-37.5 mm",
    "image type": "localizer",
    "rescale slope": "1",
    "rescale intercept": "-1024",
    "rescale type": "Hounsfield units (HU)",
    "anode material": "tungsten",
    "filter material": "rhodium",
    "compression force": "110 N",
    "body part thickness": "55 mm",
    "grid": "moving to and fro, focused",
    "exposure index": "312.5",
    "target exposure index": "250",
    "deviation index": "0.97",
    "detector sensitivity": "200 (in units of the maker)",
    "source-to-detector distance": "1800 mm",
    "source-to-patient distance": "1650 mm",
    "focal spot": "0.6 and 1.2 mm",
    "imaging frequency": "63.87 MHz",
    "transducer frequency": "5 MHz",
    "acquisition matrix": "256 × 192 (frequency × phase)",
}

ASKED = {
    "laterality": (
        "What is the laterality?",
        "Left or right?",
        "Is it the left or the right knee?",
        "Which side of the body is this?",
        "Is this the left hand?",
        "Which side is this according to the file?",
        "which knee is this?",
    ),
    "sides": (
        "Is the patient's left on the right of the picture?",
        "Is this picture mirrored?",
        "Which way round is it shown?",
        "Where is the patient's right side?",
        "What is the patient orientation?",
        "Which edge is anterior?",
        "is it upside down?",
        "Is the image flipped?",
        "left is where?",
        "which way is anterior?",
        "can I trust left and right here?",
        "Where is the front?",
    ),
    "slice order": (
        "In which order are the slices?",
        "Is slice 1 the top or the bottom?",
        "How are the slices sorted?",
        "Is the first slice at the head?",
        "Do the slices go from head to feet?",
        "which way do the slices run?",
        "Is slice 1 caudal or cranial?",
        "is the last slice the most superior?",
    ),
    "slice spacing": (
        "How far apart are the slices?",
        "What is the slice spacing?",
        "What is the distance between the slices?",
        "How big is the gap between slices?",
        "spacing between slices?",
        "what is the slice increment?",
    ),
    "scanned range": (
        "How long is the scanned range in cm?",
        "What is the scan length?",
        "how much of the body is covered?",
        "What is the coverage?",
        "How long is the stack?",
        "what's the scan range?",
    ),
    "volumes": (
        "How many volumes are there?",
        "Is it 4D?",
        "How many echoes does it have?",
        "Is this a time series?",
        "number of phases?",
        "Is there more than one volume?",
    ),
    "view": (
        "What is the view code?",
        "Which view is it according to the header?",
        "In the file, which projection is it?",
        "Is it CC or MLO?",
        "what mammographic view is it?",
        "what is the projection code?",
    ),
    "anatomic region": (
        "What is the anatomic region?",
        "Which anatomical region does the file state?",
        "Which region was imaged?",
        "what body part does it name in the header?",
        "Which area was examined?",
        "what is the region code?",
    ),
    "patient position": (
        "Was the patient prone or supine?",
        "What is the patient position?",
        "How was the patient lying?",
        "Did they lie on their back?",
        "head first or feet first?",
        "how was the patient positioned?",
    ),
    "overlays": (
        "Does the file have an overlay?",
        "Are there any annotations?",
        "Is there burned-in text?",
        "any overlays?",
        "is there text on the picture?",
        "are annotations burnt in?",
    ),
    "voxel size": (
        "How big is a voxel?",
        "What is the voxel size?",
        "voxel dimensions?",
        "how large are the voxels?",
    ),
    "scale caution": (
        "Where does the scale come from?",
        "Is the scale calibrated?",
        "Which spacing was used?",
        "Can I trust the millimetres?",
        "what is the magnification?",
        "What is the scale based on?",
    ),
}


ASKED |= {
    "echo time": (
        "which echo is this",
        "echo time?",
        "what's the TE?",
        "TE?",
        "TR and TE?",
        "what echo is it",
    ),
    "repetition time": ("What is the repetition time?", "TR?", "whats the TR", "TR/TE", "is it T1 or T2?"),
    "flip angle": ("flip angle", "What flip angle was used?", "which scan parameters?", "is it T2?"),
    "b-value": ("b value?", "What b-value is it?"),
    "table height": ("which table height?", "table position?"),
    "exposure": ("kV and mAs?", "which exposure settings?"),
    "exposure time": ("exposure time?", "How long was the exposure time?"),
    "echo train length": ("ETL?", "how long is the echo train?"),
    "pulse sequence": (
        "which sequence?",
        "What pulse sequence is it?",
        "was it gradient echo?",
        "spin echo?",
    ),
    "contrast agent": (
        "was it contrast?",
        "Was contrast given?",
        "is this contrast enhanced?",
        "did they give IV contrast?",
        "is it a non-contrast scan?",
        "Any gadolinium?",
        "with contrast?",
    ),
    "tube current": ("kV and mAs?", "What was the tube current?", "which exposure settings?", "mA?"),
    "slice thickness": ("which slice thickness?", "how thick are the slices", "are these thin slices?"),
    "unit of values": (
        "is that HU?",
        "Are these real Hounsfield units?",
        "What unit are the values in?",
        "which units?",
        "SUV?",
        "is it quantitative?",
    ),
    "padding": ("Is there padding?", "What is the padding value?", "is it padded?", "any pixel padding?"),
    "brightness shown": (
        "Why is it so dark?",
        "why does the image look so bright?",
        "Why is the slice all black?",
        "why is this scan so grey",
        "Why does it look washed out?",
    ),
    "photometric interpretation": (
        "is it inverted?",
        "why does it look inverted?",
        "Is bone shown as black?",
        "Is this MONOCHROME1?",
        "is it shown as a negative?",
    ),
    "transfer syntax": ("is it compressed?", "Is the compression lossy?", "was it losslessly compressed?"),
    "bits stored": ("how many bits?", "Is it 12 bit?", "bits per pixel?"),
    "frame rate": ("how many frames per second?", "What is the frame rate?", "fps?"),
    "depth of the scan field": ("what depth was it scanned at?", "What's the scan depth?"),
    "ultrasound modes": ("is it doppler?", "Which ultrasound mode?", "was it colour Doppler?"),
    "reconstruction kernel": ("what kernel was it reconstructed with?", "which reconstruction filter?"),
    "plane": ("how much is it tilted?", "is it oblique?"),
    "pixel spacing": ("how big is a pixel really?", "how many mm is one pixel?"),
    "display": ("is it colour or grey", "colour space?", "grey or color?"),
    "averages": ("how many averages?", "NEX?", "number of NSA?"),
    "pixel bandwidth": ("bandwidth?", "What is the receiver bandwidth?"),
    "scan options": ("is fat suppressed?", "fat sat?", "was fat saturation used?", "was it helical?"),
    "magnetic field strength": ("1.5 or 3T?", "Is it a 3 tesla scan?", "what's the field strength?"),
    "spiral pitch": ("pitch?", "What was the pitch?"),
    "gantry tilt": ("gantry tilt?", "What is the gantry angle?"),
    "CTDIvol": ("dose?", "what was the CTDI?", "How much radiation dose?"),
    "reconstruction diameter": ("how big is the FOV?", "DFOV?", "reconstruction diameter?"),
    "size": ("what's the matrix?", "matrix size?"),
    "slice location": ("what's the slice position?", "slice location?"),
    "image type": ("is this the localizer?", "is it a scout?", "Is this a topogram?"),
    "rescale slope": ("slope and intercept?", "what was the rescale slope?", "rescale?"),
    "rescale intercept": (
        "slope and intercept?",
        "which intercept does it have?",
        "rescale slope / intercept?",
    ),
    "rescale type": ("rescale type?", "which rescale type?"),
    "anode material": ("what anode was used?", "target/filter?", "what's the target filter combination?"),
    "filter material": ("anode and filter?", "what filter material was used?"),
    "compression force": ("what's the compression force?", "how hard was the breast compressed?"),
    "body part thickness": ("how thick was the breast when compressed?", "compressed thickness?"),
    "grid": ("was a grid used?", "was it taken with a grid?", "grid?"),
    "exposure index": ("Read the exposure index from the header.", "which exposure index?", "EI?"),
    "target exposure index": ("target exposure index?",),
    "deviation index": ("deviation index?", "what was the deviation index?"),
    "detector sensitivity": ("S number?", "what's the S value?"),
    "source-to-detector distance": (
        "SID",
        "how far was the tube from the detector?",
        "what was the source to image distance?",
        "abstand röhre detektor",
    ),
    "source-to-patient distance": ("SOD?", "what was the source-to-patient distance?"),
    "focal spot": ("What is the stated focal spot?", "focal spot?", "foco"),
    "imaging frequency": ("imaging frequency?", "how many MHz?"),
    "transducer frequency": ("which frequency was the probe?", "transducer frequency?"),
    "acquisition matrix": ("acquisition matrix?", "what was the acquisition matrix?", "matrix?"),
}


ASKED_ALONE = ("deviation index", "compression force")


def answer(words, facts, notes=()):
    image = row(1, CT, frames=40)
    told = [Fact(image_id="img-1", name=name, value=value) for name, value in facts.items()]
    told += [Fact(image_id="img-1", name="how it was read", value=note) for note in notes]
    now = in_english(talk(words, image, results=(inspected(image, *told),)))
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("name", "words"), [(name, words) for name, asked in ASKED.items() for words in asked]
)
def test_a_fact_of_the_header_is_reached_in_many_words(name, words):
    assert KNOWN[name].rstrip(".") in answer(words, KNOWN)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("was it contrast?", "no proof that none was given"),
        ("bandwidth?", "does not state its bandwidth"),
        ("pitch?", "does not state its pitch"),
        ("flip angle?", "does not state its flip angle"),
        ("Is there padding?", "names no padding value"),
        ("was it subtracted?", "does not say that it is a subtraction series"),
        ("were any slices dropped?", "Nothing of img-1 was left out"),
        ("which scanner made it?", "is dropped on purpose when it is read"),
        ("is this raw data?", "does not say that it holds raw data"),
        ("is it T1 or T2?", "does not state its MR timing"),
        ("is this the localizer?", "does not say that it is a localizer"),
        ("are all slices the same?", "Nothing that its file states differs"),
        ("scan date?", "are dropped on purpose when it is read"),
        ("SUV max?", "I compute no SUV"),
        ("slope and intercept?", "does not state its rescale slope and intercept"),
        ("was a grid used?", "no proof that none was used"),
        ("focal spot?", "does not state its focal spot"),
        ("S number?", "does not state its detector sensitivity"),
        ("study description?", "only certain facts are kept"),
    ],
)
def test_what_is_not_stated_is_answered_with_what_that_means(words, said):
    assert said in answer(words, {"modality": "CT, computed tomography"})


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("was it subtracted?", "The file is a subtraction series (DSA) with a mask."),
        ("are there duplicate slices?", "5 slices were there twice and counted once."),
        ("is it for processing?", "The file is marked FOR PROCESSING: raw data of the detector."),
        ("why is it so dark?", "Brightness follows the window in the file: level 40, width 400."),
        ("can I trust left and right?", "Two descriptions in the file, sform and qform, disagree."),
    ],
)
def test_a_sentence_on_how_the_file_was_read_answers(words, note):
    assert note in answer(words, {}, (note, "Something else was noted."))
    assert "Something else" not in answer(words, {}, (note, "Something else was noted."))


@pytest.mark.parametrize(
    "words", ["was contrast given?", "is it padded?", "what was the TR?", "Left or right?"]
)
def test_a_picture_is_not_said_to_leave_out_what_its_kind_of_file_cannot_hold(words):
    image = row(1, SKIN)
    result = inspected(image)
    kept = [one for one in result.records if not isinstance(one, Fact)]
    jpeg = Fact(image_id="img-1", name="file type", value="JPEG")
    now = talk(words, image, results=(replace(result, records=(*kept, jpeg)),))
    assert "img-1 is a JPEG file. Such files do not state" in compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("words", "lacking", "near"),
    [
        ("field strength?", "magnetic field strength", "Imaging frequency of img-1: 63.87 MHz"),
        ("was steht über das feld im header", "Magnetfeldstärke", "63,87 MHz"),
        ("deviation index?", "deviation index", "Exposure index of img-1: 312.5"),
        ("compression force?", "compression force", "Thickness of the body part"),
    ],
)
def test_what_is_near_to_a_fact_is_told_and_nothing_worked_out_from_it(words, lacking, near):
    said = answer(
        words, {k: v for k, v in KNOWN.items() if k not in ("magnetic field strength", *ASKED_ALONE)}
    )
    first, _, rest = said.partition(".")
    assert lacking in first
    assert near in rest and "1.5" not in said


def test_timing_is_told_without_calling_it_a_weighting():
    assert "not stated" in answer("is it T1 or T2?", KNOWN)


@pytest.mark.parametrize("words", ["was contrast given?", "is it doppler?", "Was the patient standing?"])
def test_what_may_be_seen_in_the_picture_is_asked_of_a_reader(words):
    readers = {"radiology": "read_radiology_image"}
    assert [task.intent for task in make_tasks(talk(words, row(1, CT), readers=readers))] == ["read"]
    assert [task.intent for task in make_tasks(talk(words, row(1, CT)))] == ["header"]


@pytest.mark.parametrize(
    "name", ["laterality", "sides", "slice order", "slice spacing", "view", "anatomic region"]
)
def test_what_the_header_does_not_state_is_not_guessed(name):
    for words in ASKED[name]:
        assert "does not state" in answer(words, {"modality": "CT, computed tomography"})


def test_one_volume_is_said_to_be_one():
    assert "is one volume" in answer("How many volumes are there?", {})


@pytest.mark.parametrize("words", ["Are the pixels square?", "Is it squashed?", "is the picture stretched?"])
def test_the_shape_of_pixels_is_told_from_how_the_file_was_read(words):
    note = "Its pixels are not square (1 × 2 mm, wide × high), so the picture was resampled."
    assert "not square" in answer(words, {}, (note,))
    assert "are square" in answer(words, {})


def test_a_turned_slice_is_told_with_its_sides():
    note = "Compared with the usual axial view, the picture is mirrored: edges are the other way round."
    assert "mirrored: edges" in answer("Is this picture mirrored?", KNOWN, (note,))


@pytest.mark.parametrize(
    "words", ["Which window is used?", "What window is used now?", "what is the window level?"]
)
def test_where_a_fact_comes_from_is_said_once(words):
    assert answer(words, KNOWN).count("(from the file)") == 1


def test_what_was_worked_out_is_not_said_to_be_stated():
    said = answer("How far apart are the slices?", KNOWN)
    assert "(worked out from the file)" in said and "(from the file)" not in said


@pytest.mark.parametrize(
    "words",
    [
        "Is the left kidney enlarged?",
        "Which side is the effusion on?",
        "Where is the patient's left kidney?",
        "Is there a mass on the right?",
        "Compare the slice spacing with that of img-2",
        "What does laterality mean?",
        "Is the heart on the left enlarged?",
        "how big is the lesion?",
        "What is gadolinium?",
        "What is a convolution kernel?",
        "What is lossy compression?",
        "Is there a compression fracture?",
        "Why is the lesion so dark?",
        "Is there contrast in the bowel?",
        "Is the contrast good?",
        "Is the left kidney tilted?",
        "Are the dilated loops on the left or right side of the patient?",
        "is the mole inverted?",
        "Is the T wave inverted?",
        "What is the dose of amoxicillin?",
        "What radiation dose does a head CT give?",
        "Is the ureter compressed by the mass?",
        "Is there oral contrast seen in the stomach?",
        "How would you know that IV contrast was given?",
        "Is there a second image?",
        "grid or no grid",
        "what is a focal spot",
        "which frequency for a thyroid",
        "what do slope and intercept mean",
        "how do I apply rescale slope and intercept to raw values",
        "what SID should I use for a chest",
        "hay un foco en el pulmón derecho",
    ],
)
def test_questions_about_what_is_shown_are_not_taken_for_the_header(words):
    image = row(1, CT)
    assert [task.intent for task in make_tasks(talk(words, image))] != ["header"]


def test_the_window_that_was_ordered_comes_before_that_of_the_file():
    seen = Result(
        "show_slice", "img-1", "Now showing img-1, slice 1 of 1, with level 480 and width 2500.",
        (View(image_id="img-1", index=0, frame_count=1, level=480, width=2500),),
    )  # fmt: skip
    image, past = row(1, CT), (PastTurn("use a bone window", (), (seen,), seen.content),)
    told = Fact(image_id="img-1", name="window", value=KNOWN["window"])
    for question in ("which window is shown?", "what window was used for this image?"):
        now = talk(question, image, past=past, results=(inspected(image, told),))
        said = compose(make_tasks(now), now)
        assert said.startswith(f"{seen.content} Window of img-1")
