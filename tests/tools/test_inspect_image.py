"""`inspect_image`: records and sentences about drawn images."""

import numpy as np

from store.pictures.image import Image
from store.records import Fact, Gate, Measurement, Quality
from tools.inspect_image import inspect, summary

CT = Gate(image_id="img-1", domain="radiology", modality="CT", body_part="chest", known_from="file header")


def image(**more):
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 255, (3, 256, 256), dtype=np.uint8)
    return Image(frames, "DICOM", index=1, **more)


def test_the_records_are_gate_facts_quality_and_for_ct_shares():
    values = np.zeros((3, 256, 256), np.int16)
    records = inspect(
        image(values=values, unit="HU", facts={"slice thickness": "5 mm"}, notes=("The window is 40/400.",)),
        "img-1",
        CT,
    )
    assert records[0] == CT
    facts = {r.name: r.value for r in records if isinstance(r, Fact)}
    assert facts["slice thickness"] == "5 mm" and facts["how it was read"] == "The window is 40/400."
    assert [r.value for r in records if isinstance(r, Measurement)] == [0, 0, 100, 0]
    assert any(isinstance(r, Quality) for r in records)


def test_the_summary_says_what_it_is_which_slice_and_whether_it_is_fit():
    picture = image()
    said = summary(picture, "img-1", inspect(picture, "img-1", CT))
    assert "CT" in said and "DICOM of 256×256 pixels" in said
    assert "Slice or frame 2 of 3" in said and "found no problem" in said


def test_a_problem_replaces_the_all_clear():
    small = Image(np.zeros((1, 20, 20), np.uint8), "PNG")
    said = summary(small, "img-1", inspect(small, "img-1", CT))
    assert "small" in said and "found no problem" not in said
