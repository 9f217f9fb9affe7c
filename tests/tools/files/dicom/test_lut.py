"""Look-up tables as systems write them: signs lost, entries packed, depths that are not used."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.inputs.make_dicom import build, ramp, save
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.lut import first_mapped, used_bits
from tools.files.dicom.reader import read_dicom

SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]


def table(entries, first, bits, *, syntax, packed=False, sign="SS"):
    """A LUT item with its data in words, in the order of bytes that the transfer syntax has."""
    item = Dataset()
    item.add_new(
        "LUTDescriptor", sign, [len(entries) % 2**16, first if sign == "SS" else first % 2**16, bits]
    )
    if packed:
        data = np.asarray(entries, np.uint8).tobytes() + b"\0" * (len(entries) % 2)
        words = np.frombuffer(data, "<u2")
    else:
        words = np.asarray(entries, np.uint16)
    order = ">u2" if syntax == ExplicitVRBigEndian else "<u2"
    item.add_new("LUTData", "OW", words.astype(order).tobytes())
    return Sequence([item])


def shown(ds, tmp_path, syntax):
    return read_dicom(save(ds, tmp_path / "a.dcm", syntax), ReadLimits())


def falling(count, most):
    """Dark values bright, and not in a straight line."""
    return np.rint(most * (1 - np.arange(count) / (count - 1)) ** 2)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("sign", ["SS", "US"])
@pytest.mark.parametrize(
    ("drawn", "header", "first"),
    [
        ((ramp().astype(np.int32) - 2000).astype(np.int16), {"BitsStored": 16}, -2000),
        ((ramp().astype(np.int32) - 2000).astype(np.int16), {"BitsStored": 12}, -2000),
        (ramp(), {"BitsStored": 12, "RescaleSlope": "1", "RescaleIntercept": "-1000"}, -1000),
        (ramp(), {"BitsStored": 16, "RescaleSlope": "2", "RescaleIntercept": "-8192"}, -8000),
        (ramp(), {"BitsStored": 12}, 0),
    ],
)
def test_a_voi_lut_starts_at_a_negative_value_where_values_may_be_negative(
    tmp_path, syntax, sign, drawn, header, first
):
    entries = falling(4001, 65535)
    ds = build(drawn, modality="MR", **header)
    ds.VOILUTSequence = table(entries, first, 16, syntax=syntax, sign=sign)
    image = shown(ds, tmp_path, syntax)
    slope = float(header.get("RescaleSlope", 1))
    values = drawn * slope + float(header.get("RescaleIntercept", 0))
    expected = entries[np.clip(values - first, 0, 4000).astype(int)] / 65535 * 255
    assert np.abs(image.frames[0] - expected).max() <= 1
    assert image.frames[0].std() > 40


def test_a_voi_lut_starts_above_32767_where_values_get_there(tmp_path):
    drawn = ramp(most=25000) + 40000
    entries = falling(25001, 65535)
    ds = build(drawn.astype(np.uint16), modality="DX")
    ds.VOILUTSequence = table(entries, 40000, 16, syntax=ExplicitVRLittleEndian, sign="US")
    image = shown(ds, tmp_path, ExplicitVRLittleEndian)
    assert np.abs(image.frames[0] - entries[drawn - 40000] / 65535 * 255).max() <= 1


@pytest.mark.parametrize(
    ("written", "count", "possible", "meant"),
    [
        (-1024, 2048, (-1024, 3071), -1024),
        (64512, 2048, (-1024, 3071), -1024),
        (64512, 1024, (0, 65535), 64512),
        (-512, 1024, (0, 4095), -512),
        (65024, 65536, (-32768, 32767), -512),
        (100, 256, (-1024, 3071), 100),
    ],
)
def test_the_first_value_has_the_sign_that_covers_what_can_occur(written, count, possible, meant):
    assert first_mapped(written, count, possible) == meant


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("count", [256, 251])
def test_entries_of_8_bits_lie_one_or_two_in_a_word(tmp_path, syntax, packed, count):
    entries = falling(count, 255)
    ds = build(ramp(most=count - 1), modality="DX", BitsStored=8)
    ds.VOILUTSequence = table(entries, 0, 8, syntax=syntax, packed=packed)
    image = shown(ds, tmp_path, syntax)
    assert np.abs(image.frames[0] - entries[ramp(most=count - 1)]).max() <= 1
    assert not any("damaged" in note for note in image.notes)


@pytest.mark.parametrize("values", [[9, 7, 3, 0], [3, 2, 1, 0]])
def test_entries_may_be_numbers_instead_of_words(tmp_path, values):
    entries = [65535 * v // max(values) for v in values]
    ds = build(np.tile(np.arange(4, dtype=np.uint16), (4, 1)), modality="DX", BitsStored=12)
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4, 0, 16])
    item.add_new("LUTData", "US", entries)
    ds.VOILUTSequence = Sequence([item])
    image = shown(ds, tmp_path, ExplicitVRLittleEndian)
    assert np.abs(image.frames[0, 0] - np.array(entries) / 65535 * 255).max() <= 1


@pytest.mark.parametrize(
    ("highest", "declared", "used"),
    [
        (65535, 16, 16),
        (40000, 16, 16),
        (32767, 16, 16),
        (13000, 16, 16),
        (16383, 16, 14),
        (4095, 16, 12),
        (4000, 16, 12),
        (1023, 12, 10),
        (4095, 12, 12),
        (65535, 8, 16),
        (100, 8, 8),
    ],
)
def test_a_depth_that_the_entries_do_not_use_is_not_believed(highest, declared, used):
    assert used_bits(highest, declared) == used


def test_a_lut_that_uses_part_of_its_range_is_not_stretched(tmp_path):
    entries = np.rint(65535 * (0.25 + 0.5 * np.arange(4096) / 4095))
    ds = build(ramp(most=4095), modality="CR", BitsStored=12)
    ds.VOILUTSequence = table(entries, 0, 16, syntax=ExplicitVRLittleEndian)
    image = shown(ds, tmp_path, ExplicitVRLittleEndian)
    assert (image.frames.min(), image.frames.max()) == (64, 191)


def test_entries_of_fewer_bits_than_stated_reach_white_and_it_is_told(tmp_path):
    ds = build(ramp(most=4095), modality="CR", BitsStored=12)
    ds.VOILUTSequence = table(np.arange(4096), 0, 16, syntax=ExplicitVRLittleEndian)
    image = shown(ds, tmp_path, ExplicitVRLittleEndian)
    assert image.frames.max() == 255
    assert any("12 of the 16 bits" in note for note in image.notes)


@pytest.mark.parametrize("first", [-1000, -30])
def test_a_modality_lut_starts_at_a_negative_stored_value(tmp_path, first):
    drawn = (np.arange(-1000, 1000, 50, dtype=np.int16))[None].repeat(4, 0)
    entries = np.arange(2000)[::-1]
    ds = build(drawn, modality="CR", WindowCenter="1000", WindowWidth="2000")
    ds.ModalityLUTSequence = table(entries, first, 16, syntax=ImplicitVRLittleEndian)
    image = shown(ds, tmp_path, ImplicitVRLittleEndian)
    expected = entries[np.clip(drawn.astype(int) - first, 0, 1999)] / 1999 * 255
    assert np.abs(image.frames[0] - expected).max() <= 1


def test_a_table_shorter_than_it_says_is_left_out_with_a_note(tmp_path):
    ds = build(ramp(), modality="DX")
    ds.VOILUTSequence = table(np.arange(100), 0, 16, syntax=ExplicitVRLittleEndian)
    ds.VOILUTSequence[0].LUTDescriptor = [4096, 0, 16]
    assert any("VOI LUT is damaged" in note for note in shown(ds, tmp_path, ExplicitVRLittleEndian).notes)
