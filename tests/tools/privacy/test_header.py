"""Attributes of a DICOM file, cleaned."""

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.datadict import DicomDictionary, dictionary_VR, keyword_for_tag
from pydicom.sequence import Sequence

from tools.privacy.header import Cleaning, tell_who
from tools.privacy.profile import action_of, rows
from tools.privacy.secret import Secret

# What breaks the standard is planted on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
SECRET = Secret(b"k" * 32)
MARK = "ZQMARKER"
TEXTS = {"AE", "LO", "LT", "PN", "SH", "ST", "UC", "UT"}
VALUES = {
    **dict.fromkeys(TEXTS, MARK),
    "AS": "057Y",
    "CS": MARK,
    "DA": "20240229",
    "DS": "57.5",
    "DT": "20240229101112",
    "IS": "57",
    "TM": "101112",
    "UI": "1.2.3.57",
    "UR": f"http://x.invalid/{MARK}",
    **dict.fromkeys(("OB", "OW", "UN", "OB or OW"), MARK.encode()),
    "US": 57,
    "US or SS": 57,
}


def item() -> Dataset:
    inner = Dataset()
    inner.PatientName = MARK
    inner.TextValue = MARK
    return inner


def with_one(tag: int) -> Dataset:
    ds = Dataset()
    vr = dictionary_VR(tag)
    ds.add_new(tag, vr, Sequence([item()]) if vr == "SQ" else VALUES[vr])
    return ds


def cleaned(ds: Dataset, days: int | None = None) -> Cleaning:
    cleaning = Cleaning(SECRET, days, tell_who(ds))
    cleaning.clean(ds)
    return cleaning


ROWS = [(tag, action) for tag, action in rows() if tag >> 16 != 2 and tag in DicomDictionary]


@pytest.mark.parametrize("nested", [False, True], ids=["top", "nested"])
@pytest.mark.parametrize("action", ["D", "Z", "X", "U", "K"])
def test_every_row_of_the_profile_is_carried_out_at_any_depth(action, nested):
    wrong = []
    for tag in (tag for tag, given in ROWS if given == action):
        ds = with_one(tag)
        whole = ds
        if nested:
            whole = Dataset()
            whole.ReferencedInstanceSequence = Sequence([ds])
        cleaned(whole)
        told = str(whole)
        left = ds.get(tag)
        right = {
            "X": tag not in ds,
            "Z": left is not None and left.is_empty,
            "D": left is not None and not left.is_empty and left.value != VALUES.get(left.VR),
            "U": left is not None and SECRET.made_uid(str(left.value)),
            "K": left is not None,
        }[action]
        if keyword_for_tag(tag) == "PatientID":
            right = SECRET.made_patient(str(left.value))
        if not right or MARK in told or "1.2.3.57" in told:
            wrong.append(keyword_for_tag(tag))
    assert not wrong


def test_the_profile_has_the_rows_of_its_edition():
    assert len(list(rows())) > 640
    assert {action for _, action in rows()} == set("DZXUK")


def test_overlays_curves_and_their_words_are_removed():
    assert action_of(0x50020010) == "X"
    ds = Dataset()
    ds.add_new(0x60020022, "LO", MARK)
    ds.add_new(0x60023000, "OW", b"\1\1")
    cleaned(ds)
    assert len(ds) == 0


def test_no_text_that_a_person_may_have_typed_stays_in_any_attribute_of_the_standard():
    name = "Hr. Zacharias Querfeldt"
    ds = Dataset()
    for tag, (vr, *_, retired, _keyword) in DicomDictionary.items():
        if vr in TEXTS and tag >> 16 not in (0, 2) and not retired:
            ds.add_new(tag, vr, name)
    assert len(ds) > 600
    cleaned(ds)
    assert "Querfeldt" not in str(ds)


def test_who_it_is_by_one_attribute_is_not_left_in_another():
    ds = Dataset()
    ds.PatientName = "Querfeldt^Zacharias"
    ds.PatientID = "4711-0815"
    ds.Manufacturer = "QUERFELDT Imaging"
    ds.ImageType = ["ORIGINAL", "4711-0815"]
    ds.ConvolutionKernel = "B30f"
    cleaned(ds)
    assert "QUERFELDT" not in str(ds)
    assert "0815" not in str(ds)
    assert ds.ConvolutionKernel == "B30f"


def test_how_the_picture_was_made_stays():
    ds = Dataset()
    kept = {
        "Manufacturer": "GE MEDICAL SYSTEMS",
        "ManufacturerModelName": "LightSpeed VCT",
        "ConvolutionKernel": ["Br40d", "3"],
        "RescaleType": "HU",
        "SoftwareVersions": "syngo CT VA48A",
        "BodyPartExamined": "CHEST",
        "KVP": "120",
        "PixelSpacing": [0.7, 0.7],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "ImagePositionPatient": [0, 0, 7.5],
        "WindowCenter": "40",
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    }
    for keyword, value in kept.items():
        setattr(ds, keyword, value)
    before = ds.to_json()
    assert not cleaned(ds).changes
    assert ds.to_json() == before


def test_private_attributes_go_and_are_told_by_number():
    ds = Dataset()
    block = ds.private_block(0x0029, MARK, create=True)
    block.add_new(1, "LO", MARK)
    told = cleaned(ds).changes
    assert len(ds) == 0
    assert [change.attribute for change in told] == ["(0029,0010)", "(0029,1001)"]


def test_uids_that_belong_together_still_do_and_those_of_the_standard_stay():
    ds = Dataset()
    ds.StudyInstanceUID = "1.2.3"
    ds.FrameOfReferenceUID = "1.2.840.10008.1.4.1.1"
    inner = Dataset()
    inner.ReferencedSOPClassUID, inner.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3"
    ds.ReferencedImageSequence = Sequence([inner])
    cleaned(ds)
    assert (
        ds.StudyInstanceUID == ds.ReferencedImageSequence[0].ReferencedSOPInstanceUID == SECRET.uid("1.2.3")
    )
    assert ds.FrameOfReferenceUID == "1.2.840.10008.1.4.1.1"
    assert ds.ReferencedImageSequence[0].ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.2"


def dated() -> Dataset:
    ds = Dataset()
    ds.StudyDate, ds.StudyTime, ds.PatientBirthDate = "20240301", "101112", "19570214"
    ds.AcquisitionDateTime = "20240302101112.5+0100"
    ds.ContentDate = "2024"
    return ds


def test_dates_move_together_where_they_are_kept_but_never_that_of_birth():
    ds = dated()
    cleaned(ds, days=1)
    assert (ds.StudyDate, ds.StudyTime) == ("20240229", "101112")
    assert ds.AcquisitionDateTime == "20240301101112.5+0100"
    assert ds.PatientBirthDate == ""
    assert ds.ContentDate == ""


def test_no_date_is_left_where_they_are_removed():
    ds = dated()
    cleaned(ds)
    assert "2024" not in str(ds)
    assert "1957" not in str(ds)


def test_changes_are_told_by_names_and_never_by_values():
    ds = Dataset()
    ds.PatientName = MARK
    ds.RequestAttributesSequence = Sequence([item()])
    inner = Dataset()
    inner.ConceptNameCodeSequence = Sequence([item()])
    ds.PerformedProtocolCodeSequence = Sequence([inner])
    told = cleaned(ds).changes
    assert MARK not in str(told)
    assert "PerformedProtocolCodeSequence.ConceptNameCodeSequence.PatientName" in [
        one.attribute for one in told
    ]


def test_bytes_that_are_neither_pixels_nor_their_tables_go():
    ds = Dataset()
    ds.add_new("ICCProfile", "OB", b"x" * 36 + MARK.encode())
    ds.add_new("LUTData", "OW", np.arange(4, dtype=np.uint16).tobytes())
    cleaned(ds)
    assert "ICCProfile" not in ds
    assert "LUTData" in ds
