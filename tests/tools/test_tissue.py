"""CT shares by Hounsfield range."""

import numpy as np

from store.pictures.image import Image
from tools.tissue import tissue_shares

WHOLE = "of the whole slice, air around the patient included"


def ct(values, unit="HU"):
    values = np.asarray(values, dtype=np.int16)[None]
    return Image(np.zeros(values.shape, np.uint8), "DICOM", values=values, unit=unit)


def test_shares_follow_the_published_ranges_and_add_up():
    shares = tissue_shares(ct([[-1000, -1000], [-100, 40], [300, 1000], [0, -191]]), "img-1")
    assert {s.name: s.value for s in shares} == {
        "air and lung": 37.5,
        "fat": 12.5,
        "soft tissue and fluid": 25.0,
        "bone, contrast medium or metal": 25.0,
    }
    assert sum(s.value for s in shares) == 100


def test_the_ends_of_the_fat_and_muscle_ranges_are_inside_them():
    names = {
        hu: next(s.name for s in tissue_shares(ct([[hu]]), "img-1") if s.value)
        for hu in (-190, -30, -29, 149, 150)
    }
    assert names == {
        -190: "fat",
        -30: "fat",
        -29: "soft tissue and fluid",
        149: "soft tissue and fluid",
        150: "bone, contrast medium or metal",
    }


def test_without_hounsfield_units_nothing_is_said():
    assert tissue_shares(ct([[0]], unit=None), "img-1") == []
    assert tissue_shares(Image(np.zeros((1, 2, 2), np.uint8), "PNG"), "img-1") == []


def test_each_share_says_its_range_and_source():
    for share in tissue_shares(ct([[0]]), "img-1"):
        assert "HU" in share.definition
        assert share.source


def test_each_share_is_worded_with_its_range_open_at_both_ends_of_the_scale():
    shares = tissue_shares(ct([[-1000, -100, 40], [300, 40, 40]]), "img-3")
    assert [(s.value, s.text, s.definition) for s in shares] == [
        (16.7, "17 % of the slice is air and lung", f"pixels below -190 HU {WHOLE}"),
        (16.7, "17 % of the slice is fat", f"pixels from -190 to -30 HU {WHOLE}"),
        (50.0, "50 % of the slice is soft tissue and fluid", f"pixels from -30 to 150 HU {WHOLE}"),
        (16.7, "17 % of the slice is bone, contrast medium or metal", f"pixels from 150 HU {WHOLE}"),
    ]
    assert {(s.image_id, s.unit) for s in shares} == {("img-3", "%")}


def test_fat_and_muscle_are_as_published_and_air_by_the_scale_itself():
    sources = [share.source for share in tissue_shares(ct([[0]]), "img-1")]
    assert "C.11.1.1.2" in sources[0]
    assert all("10.1111/apha.12224" in source for source in sources[1:])


def test_fractions_of_a_unit_fall_into_one_range_each():
    values = np.array([[[-190.5, -29.6, -29.5, 149.9]]], dtype=np.float32)
    image = Image(np.zeros(values.shape, np.uint8), "DICOM", values=values, unit="HU")
    assert [share.value for share in tissue_shares(image, "img-1")] == [25, 25, 50, 0]
