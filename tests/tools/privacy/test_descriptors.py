"""Text that describes an examination, cleaned: the option of the profile, row by row."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.datadict import DicomDictionary, dictionary_VR, keyword_for_tag
from pydicom.sequence import Sequence

from tests.inputs.make_dicom import make_dicom, ramp
from tests.packages import needs
from tools.privacy import descriptors
from tools.privacy.dicom import clean_dicom
from tools.privacy.header import Cleaning, tell_who
from tools.privacy.secret import Secret

pytestmark = [needs("openmed"), pytest.mark.filterwarnings("ignore::UserWarning:pydicom")]
SECRET = Secret(b"k" * 32)
SHORT = ("SH", "CS")


def rows() -> list[int]:
    return sorted(tag for one in descriptors._table() if (tag := int(one, 16)) in DicomDictionary)


def cleaned(ds: Dataset, *, option: bool = True) -> Dataset:
    Cleaning(SECRET, None, tell_who(ds), option).clean(ds)
    return ds


def with_one(tag: int, text: str) -> Dataset:
    ds = Dataset()
    ds.PatientName = "Querfeldt^Anna"
    vr = dictionary_VR(tag)
    if vr == "SQ":
        inner = Dataset()
        inner.CodeMeaning, inner.StudyDescription = text, text
        ds.add_new(tag, vr, Sequence([inner]))
    else:
        ds.add_new(tag, vr, text.upper() if vr == "CS" else text)
    return ds


def test_the_table_has_the_rows_that_everybody_knows():
    named = {keyword_for_tag(tag) for tag in rows()}
    assert {"StudyDescription", "SeriesDescription", "ImageComments", "ProtocolName"} <= named
    assert not named & {"PatientName", "PatientID", "InstitutionName", "ReferringPhysicianName", "StudyDate"}
    assert len(named) > 100


def test_in_every_row_words_of_the_vocabulary_stay_and_a_name_goes():
    kept = 0
    for tag in rows():
        vr = dictionary_VR(tag)
        if vr not in descriptors.TEXT | {"SQ"} or tag >> 16 & 0xFF00 == 0x6000:
            continue
        ds = cleaned(with_one(tag, "CT Querfeldt" if vr in SHORT else "CT chest of Querfeldt, thin"))
        element = ds[tag]
        texts = [element.value]
        if vr == "SQ":
            texts = [element.value[0].CodeMeaning, element.value[0].StudyDescription]
        for text in texts:
            assert "QUERFELDT" not in str(text).upper(), keyword_for_tag(tag)
            assert str(text).upper().startswith("CT"), keyword_for_tag(tag)
            assert "_" in str(text), keyword_for_tag(tag)
        kept += 1
    assert kept > 100


def test_in_every_row_text_of_which_no_word_is_known_is_as_without_the_option():
    for tag in rows():
        if dictionary_VR(tag) in descriptors.TEXT:
            one, other = (cleaned(with_one(tag, "Zzyqx"), option=option) for option in (True, False))
            assert one == other, keyword_for_tag(tag)
            assert "zzyqx" not in str(one).casefold()


def test_rows_that_hold_no_text_are_as_without_the_option():
    others = [tag for tag in rows() if dictionary_VR(tag) not in descriptors.TEXT | {"SQ"}]
    for tag in others:
        values = {"DA": "20240229", "DT": "20240229", "TM": "101112", "PN": "Holm^Ada", "UI": "1.2.3"}
        if (vr := dictionary_VR(tag)) in values:
            made = []
            for option in (True, False):
                ds = Dataset()
                ds.add_new(tag, vr, values[vr])
                made.append(cleaned(ds, option=option))
            assert made[0] == made[1], keyword_for_tag(tag)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("CT Chest w/o contrast 3mm", "CT Chest w/o contrast 3mm"),
        ("T2 TSE sag Knie links", "T2 TSE sag Knie links"),
        ("MRI brain, Herr Holzapfel, geb. 14.02.1961", "MRI brain, _"),
        ("lung 0815123456 thin", "lung _ thin"),
        ("chest 2024-03-01", "chest _"),
        ("Holzapfel", ""),
        ("4711", ""),
        ("12", ""),
        ("Crohn disease", "_ disease"),
    ],
)
def test_words_that_may_name_somebody_go_and_the_others_stay(text, left):
    assert descriptors.cleaned(text, frozenset()) == left
    assert not left or descriptors.cleaned(left, frozenset()) == left


def test_a_word_of_the_vocabulary_goes_where_the_file_names_somebody_so():
    ds = Dataset()
    ds.ReferringPhysicianName = "Lung^Peter"
    ds.SeriesDescription = "lung thin"
    assert cleaned(ds).SeriesDescription == "_ thin"


def test_each_of_several_values_is_cleaned():
    ds = Dataset()
    ds.add_new(0x00321066, "UT", "chest Zzyqx")
    ds.AdmittingDiagnosesDescription = ["chest pain Zzyqx", "lung"]
    done = cleaned(ds)
    assert all("Zzyqx" not in text for text in done.AdmittingDiagnosesDescription)
    assert done.AdmittingDiagnosesDescription[1] == "lung"


def test_the_copy_says_what_was_done_and_a_copy_of_it_is_the_same(tmp_path: Path):
    source = make_dicom(
        tmp_path / "a.dcm",
        ramp(16, 16),
        modality="CT",
        SeriesDescription="Chest thin Querfeldt",
        StudyDescription="Zzyqx",
    )
    first = clean_dicom(source, SECRET, move_dates=False, descriptors=True)
    (tmp_path / "b.dcm").write_bytes(first.data)
    copy = dcmread(tmp_path / "b.dcm")
    assert copy.SeriesDescription == "Chest thin _"
    assert "StudyDescription" not in copy
    assert "113105" in {item.CodeValue for item in copy.DeidentificationMethodCodeSequence}
    assert ("SeriesDescription", "cleaned of words") in {(one.attribute, one.action) for one in first.changes}
    again = clean_dicom(tmp_path / "b.dcm", SECRET, move_dates=False, descriptors=True)
    assert again.data == first.data
    assert not again.changes
    assert np.array_equal(copy.pixel_array, dcmread(source).pixel_array)
