"""The same pixels give the same picture, however they are encoded and however their header is written."""

from __future__ import annotations

import zlib
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.encaps import encapsulate, encapsulate_extended, generate_frames
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

from tests.inputs.make_dicom import build, compressed, save, transcode
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom

NATIVE = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
BY_GDCM = [f"1.2.840.10008.1.2.{n}" for n in ("4.57", "4.70", "4.80", "4.90")]
BY_HAND = {
    "1.2.840.10008.1.2.1.98": lambda frame: frame,
    "1.2.840.10008.1.2.8.1": lambda frame: zlib.compress(frame, wbits=-zlib.MAX_WBITS),
}
BY_PYDICOM = [RLELossless, JPEGLSLossless, JPEG2000Lossless]


def read(path):
    return read_dicom(path, ReadLimits())


def encoded(ds, path, encoder):
    """Write `ds` with one encoder: ``(who, transfer syntax)``."""
    who, syntax = encoder
    if who == "native":
        return save(ds, path, syntax)
    save(ds, path)
    if who == "gdcm" and ds.Rows * ds.Columns % 2:
        pytest.skip("GDCM's encoders end the process over an odd number of bytes")
    if who == "gdcm":
        return transcode(path, syntax)
    if who == "hand":
        return by_hand(ds, path, syntax)
    if not get_encoder(syntax).is_available:
        pytest.skip(f"pydicom has no encoder for {syntax.name} here")
    ds.compress(syntax, encoding_plugin="pydicom" if syntax == RLELossless else "")
    ds.save_as(path, enforce_file_format=True)
    return path


def by_hand(ds, path, syntax):
    """Frames as they are, or deflated one by one."""
    size = ds.Rows * ds.Columns * ds.SamplesPerPixel * ds.BitsAllocated // 8
    frames = [ds.PixelData[at : at + size] for at in range(0, size * int(ds.get("NumberOfFrames", 1)), size)]
    frames = [BY_HAND[syntax](frame) for frame in frames]
    # pydicom writes no label that it does not know: another of its length is replaced.
    known = "1.2.840.10008.1.2.4.201"
    compressed(ds, [frame + b"\0" * (len(frame) % 2) for frame in frames], path, known)
    old = known.encode() + b"\0"
    path.write_bytes(path.read_bytes().replace(old, syntax.encode().ljust(len(old), b"\0"), 1))
    return path


ENCODERS = [
    *(("native", syntax) for syntax in NATIVE),
    *(("gdcm", syntax) for syntax in BY_GDCM),
    *(("hand", syntax) for syntax in BY_HAND),
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


def odd():
    """As `grey` of 8 bits, with a byte to fill up to an even length."""
    ds = build(np.add.outer(np.arange(33), np.arange(47) * 3).astype("u1"), modality="US")
    if len(ds.PixelData) % 2:
        ds.PixelData += b"\0"
    return ds


def colour():
    y, x = np.mgrid[:72, :80]
    drawn = np.dstack([x * 3, y * 3, 255 - x * 3]).astype(np.uint8)
    return build(drawn, modality="XC")


def frames(count):
    """A CT of several slices in one file, each of its own brightness."""
    y, x = np.mgrid[:72, :80]
    drawn = np.stack([x * 20 + y * n * 5 for n in range(count)]).astype("u2")
    return build(drawn, BitsStored=12, RescaleSlope="1", RescaleIntercept="-1024")


PICTURES = {
    "CT in HU": lambda: grey("u2", 12, RescaleSlope="1", RescaleIntercept="-1024"),
    "signed MR with a window": lambda: grey("i2", 16, modality="MR", WindowCenter="100", WindowWidth="9000"),
    "signed of 12 bits": lambda: grey("i2", 12, modality="MR", WindowCenter="10", WindowWidth="3000"),
    "DX that is inverted": lambda: grey("u2", 14, modality="DX", PresentationLUTShape="INVERSE"),
    "CR with a VOI LUT": lambda: grey("u2", 12, modality="CR", VOILUTSequence=lut(0, 4000)),
    "8 bits": lambda: grey("u1", 8, modality="US"),
    "8 bits, an odd number of bytes": odd,
    "12 bits, low values white": lambda: grey(
        "u2", 12, modality="CR", PhotometricInterpretation="MONOCHROME1"
    ),
    "CT in HU with padding": lambda: grey(
        "i2",
        16,
        RescaleSlope="1",
        RescaleIntercept="0",
        PixelPaddingValue=-32768,
        WindowCenter="0",
        WindowWidth="60000",
    ),
    "CT of several frames": lambda: frames(5),
    "colour": colour,
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """What is read of each picture in plain values, read once."""
    folder = tmp_path_factory.mktemp("plain")
    return cache(lambda picture: read(save((PICTURES | SIGNED_LUT)[picture](), folder / "plain.dcm")))


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda one: f"{one[0]}-{one[1].rpartition('1.2.')[2]}")
@pytest.mark.parametrize("picture", PICTURES)
def test_the_picture_is_the_same_under_every_transfer_syntax(tmp_path, plain, picture, encoder):
    plain = plain(picture)
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
    if "NumberOfFrames" not in ds:
        ds.add_new("NumberOfFrames", "IS", "1")
    ds.add_new(0xFFFCFFFC, "OB", b"\0" * 64)


def with_other_digits(ds):
    for keyword in ("WindowCenter", "WindowWidth", "RescaleSlope", "RescaleIntercept"):
        if keyword in ds:
            ds[keyword].value = f"{float(ds[keyword].value):+.6E}"


def with_the_defaults_written_out(ds):
    ds.add_new("PixelAspectRatio", "IS", [1, 1])
    if "WindowWidth" in ds:
        ds.add_new("VOILUTFunction", "CS", "LINEAR")
    if "PresentationLUTShape" not in ds and ds.PhotometricInterpretation == "MONOCHROME2":
        ds.add_new("PresentationLUTShape", "CS", "IDENTITY")


def with_sequences_of_unknown_length(ds):
    for element in ds:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for item in element.value:
                item.is_undefined_length_sequence_item = True


def with_what_means_nothing_here(ds):
    ds.add_new(0x00080000, "UL", 4)
    ds.add_new(0x00090010, "LO", "SOMEBODY")
    ds.add_new(0x00091001, "UN", b"\1\2\3\4")
    for keyword in ("PatientComments", "WindowCenterWidthExplanation", "BodyPartExamined"):
        setattr(ds, keyword, "")


CHANGES = [
    with_other_digits,
    with_the_defaults_written_out,
    with_sequences_of_unknown_length,
    with_what_means_nothing_here,
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


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    picture=st.sampled_from(sorted(PICTURES | SIGNED_LUT)),
    syntax=st.sampled_from(NATIVE),
    changes=st.lists(st.integers(0, len(CHANGES) - 1), max_size=4, unique=True),
    bare=st.booleans(),
)
def test_the_picture_is_the_same_however_its_header_is_written(
    tmp_path, plain, picture, syntax, changes, bare
):
    plain = plain(picture)
    path = save((PICTURES | SIGNED_LUT)[picture](), tmp_path / "a.dcm", syntax)
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


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    syntax=st.sampled_from(["1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"]),
    count=st.integers(1, 4),
    pieces=st.integers(1, 3),
    table=st.sampled_from(["basic", "none", "extended"]),
)
def test_the_picture_is_the_same_however_its_frames_are_cut_into_pieces(
    tmp_path, syntax, count, pieces, table
):
    plain = read(save(frames(count), tmp_path / "plain.dcm"))
    save(frames(count), tmp_path / "a.dcm")
    path = transcode(tmp_path / "a.dcm", syntax)
    ds = dcmread(path)
    whole = list(generate_frames(ds.PixelData, number_of_frames=count))
    if table == "extended":  # the standard allows it for one piece a frame
        ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(whole)
    else:
        ds.PixelData = encapsulate(whole, fragments_per_frame=pieces, has_bot=table == "basic")
    ds["PixelData"].is_undefined_length = True
    ds.save_as(path, enforce_file_format=True)
    other = read(path)
    assert (other.frames == plain.frames).all()
    assert (other.values == plain.values).all()
