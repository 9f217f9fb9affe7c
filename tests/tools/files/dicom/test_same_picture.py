"""The same pixels give the same picture, however they are encoded and however their header is written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.pixels import get_encoder
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from tests.inputs.make_dicom import build, save, transcode
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom

NATIVE = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
BY_GDCM = [f"1.2.840.10008.1.2.4.{n}" for n in ("57", "70", "80", "90")]
BY_PYDICOM = [RLELossless, JPEGLSLossless, JPEG2000Lossless]


def read(path):
    return read_dicom(path, ReadLimits())


def encoded(ds, path, encoder):
    """Write `ds` with one encoder: ``(who, transfer syntax)``."""
    who, syntax = encoder
    if who == "native":
        return save(ds, path, syntax)
    save(ds, path)
    if who == "gdcm":
        return transcode(path, syntax)
    if not get_encoder(syntax).is_available:
        pytest.skip(f"pydicom has no encoder for {syntax.name} here")
    ds.compress(syntax)
    ds.save_as(path, enforce_file_format=True)
    return path


ENCODERS = [
    *(("native", syntax) for syntax in NATIVE),
    *(("gdcm", syntax) for syntax in BY_GDCM),
    *(("pydicom", syntax) for syntax in BY_PYDICOM),
]


def lut(first, count):
    item = Dataset()
    item.add_new("LUTDescriptor", "SS", [count, first, 12])
    item.add_new("LUTData", "US", [int(v) for v in 4095 * (1 - np.linspace(0, 1, count) ** 2)])
    return Sequence([item])


def grey(kind, stored, **elements):
    """A disc and a ramp over the whole range of the type."""
    y, x = np.mgrid[:72, :80]
    low, high = (-(2 ** (stored - 1)), 2 ** (stored - 1) - 1) if kind[0] == "i" else (0, 2**stored - 1)
    drawn = np.where((y - 36) ** 2 + (x - 40) ** 2 < 400, high, np.linspace(low, high, 80).astype(int))
    return build(drawn.astype(kind), BitsStored=stored, **elements)


def colour():
    y, x = np.mgrid[:72, :80]
    drawn = np.dstack([x * 3, y * 3, 255 - x * 3]).astype(np.uint8)
    return build(drawn, modality="XC")


PICTURES = {
    "CT in HU": lambda: grey("u2", 12, RescaleSlope="1", RescaleIntercept="-1024"),
    "signed MR with a window": lambda: grey("i2", 16, modality="MR", WindowCenter="100", WindowWidth="9000"),
    "signed of 12 bits": lambda: grey("i2", 12, modality="MR", WindowCenter="10", WindowWidth="3000"),
    "DX that is inverted": lambda: grey("u2", 14, modality="DX", PresentationLUTShape="INVERSE"),
    "CR with a VOI LUT": lambda: grey("u2", 12, modality="CR", VOILUTSequence=lut(0, 4000)),
    "8 bits": lambda: grey("u1", 8, modality="US"),
    "colour": colour,
}


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda one: f"{one[0]}-{one[1].rpartition('1.2.')[2]}")
@pytest.mark.parametrize("picture", PICTURES)
def test_the_picture_is_the_same_under_every_transfer_syntax(tmp_path, picture, encoder):
    plain = read(save(PICTURES[picture](), tmp_path / "plain.dcm"))
    other = read(encoded(PICTURES[picture](), tmp_path / "a.dcm", encoder))
    assert (other.frames == plain.frames).all()
    assert other.unit == plain.unit
    assert plain.values is None or (other.values == plain.values).all()
    assert other.notes == plain.notes
    assert len(np.unique(plain.frames)) > 4


def without(*keywords):
    def change(ds):
        for keyword in keywords:
            if keyword in ds:
                del ds[keyword]

    return change


def with_blanks(ds):
    for keyword in ("WindowCenter", "WindowWidth", "RescaleSlope", "RescaleIntercept", "Modality"):
        if keyword in ds:
            ds[keyword].value = f"{ds[keyword].value} "


def with_unsigned_descriptors(ds):
    for item in ds.get("VOILUTSequence") or ():
        first = item.LUTDescriptor[1] % 2**16
        item.add_new("LUTDescriptor", "US", [item.LUTDescriptor[0], first, item.LUTDescriptor[2]])


def with_lut_in_words(ds):
    order = ">u2" if ds.file_meta.TransferSyntaxUID == ExplicitVRBigEndian else "<u2"
    for item in ds.get("VOILUTSequence") or ():
        if not isinstance(item.LUTData, bytes):  # an implicit header has words anyway
            item.add_new("LUTData", "OW", np.asarray(item.LUTData, order).tobytes())


def with_more_around(ds):
    ds.add_new("NumberOfFrames", "IS", "1")
    ds.add_new(0xFFFCFFFC, "OB", b"\0" * 64)


CHANGES = [
    without("HighBit"),
    without("SamplesPerPixel"),
    without("PlanarConfiguration"),
    without("HighBit", "SamplesPerPixel"),
    with_blanks,
    with_unsigned_descriptors,
    with_lut_in_words,
    with_more_around,
]
SIGNED_LUT = {
    "CT with a VOI LUT below zero": lambda: grey(
        "u2", 12, RescaleSlope="1", RescaleIntercept="-1024", VOILUTSequence=lut(-1024, 4000)
    ),
    "MR with a VOI LUT below zero": lambda: grey("i2", 12, modality="MR", VOILUTSequence=lut(-2000, 4000)),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    picture=st.sampled_from(sorted(PICTURES | SIGNED_LUT)),
    syntax=st.sampled_from(NATIVE),
    changes=st.lists(st.integers(0, len(CHANGES) - 1), max_size=4, unique=True),
    bare=st.booleans(),
)
def test_the_picture_is_the_same_however_its_header_is_written(tmp_path, picture, syntax, changes, bare):
    made = (PICTURES | SIGNED_LUT)[picture]
    plain = read(save(made(), tmp_path / "plain.dcm"))
    path = save(made(), tmp_path / "a.dcm", syntax)
    ds = dcmread(path)
    for change in changes:
        CHANGES[change](ds)
    ds.save_as(path, enforce_file_format=False)
    if bare and syntax != DeflatedExplicitVRLittleEndian:
        implicit, little = syntax.is_implicit_VR, syntax.is_little_endian
        del ds.file_meta, ds.preamble
        ds.save_as(path, implicit_vr=implicit, little_endian=little)
    other = read(path)
    assert (other.frames == plain.frames).all()
    assert other.unit == plain.unit
    assert len(np.unique(plain.frames)) > 4
