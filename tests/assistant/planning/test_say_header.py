"""Questions about what a file's header states: found in many words, answered from the record."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.plan import make_tasks
from store.records import Fact
from tests.talking.talk import CT, inspected, row, talk

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
    "window": "40/400 (from the file)",
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
    ),
    "slice order": (
        "In which order are the slices?",
        "Is slice 1 the top or the bottom?",
        "How are the slices sorted?",
        "Is the first slice at the head?",
        "Do the slices go from head to feet?",
        "which way do the slices run?",
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


def answer(words, facts, notes=()):
    image = row(1, CT, frames=40)
    told = [Fact(image_id="img-1", name=name, value=value) for name, value in facts.items()]
    told += [Fact(image_id="img-1", name="how it was read", value=note) for note in notes]
    now = talk(words, image, results=(inspected(image, *told),))
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("name", "words"), [(name, words) for name, asked in ASKED.items() for words in asked]
)
def test_a_fact_of_the_header_is_reached_in_many_words(name, words):
    assert KNOWN[name].rstrip(".") in answer(words, KNOWN)


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
    ],
)
def test_questions_about_what_is_shown_are_not_taken_for_the_header(words):
    image = row(1, CT)
    assert [task.intent for task in make_tasks(talk(words, image))] != ["header"]
