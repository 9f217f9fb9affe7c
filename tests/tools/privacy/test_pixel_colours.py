"""Masked copies of DICOM files: every kind of colour is shown as before, but for what was masked."""

import io
import warnings

import numpy as np
import pytest
from PIL import Image as PillowImage
from pydicom import dcmread
from pydicom.uid import JPEG2000Lossless, RLELossless

from store.pictures.image import Image
from tests.inputs.make_dicom import build, compressed, make_dicom, ramp, save, transcode
from tests.tools.privacy.test_pixels import INSIDE, SECRET, ScriptedFinder
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom
from tools.privacy.dicom import clean_dicom
from tools.privacy.pixels import mask_dicom

SHAPE = (100, 120)
HIDDEN = np.zeros(SHAPE, bool)
HIDDEN[:24, :64] = True
"""The text of `ScriptedFinder` with its rim."""


def drawn():
    """Skin with a brown spot and a blue ruler; nothing in it is black."""
    picture = np.full((*SHAPE, 3), (200, 120, 90), np.uint8)
    picture[40:70, 30:80] = (92, 52, 40)
    picture[80:90, 8:112] = (40, 60, 170)
    return picture


def in_ycbcr():
    return np.asarray(PillowImage.fromarray(drawn()).convert("YCbCr"))


def in_planes(pixels):
    return np.moveaxis(pixels, -1, 0)


def with_shared_colours():
    ycbcr = in_ycbcr()
    return np.stack([ycbcr[:, ::2, 0], ycbcr[:, 1::2, 0], ycbcr[:, ::2, 1], ycbcr[:, ::2, 2]], axis=-1)


def written(tmp_path, pixels, label, **elements):
    """A colour file that holds `pixels` under a label."""
    ds = build(drawn(), modality="US", PhotometricInterpretation=label, **elements)
    ds.PixelData = np.ascontiguousarray(pixels).tobytes()
    return save(ds, tmp_path / "a.dcm")


def copied(path, tmp_path):
    image = Image(frames=np.full((1, *SHAPE), 90, np.uint8), file_type="DICOM")
    copy = clean_dicom(
        path, SECRET, move_dates=False, mask=lambda ds: mask_dicom(ds, image, ScriptedFinder(), path)
    )
    target = tmp_path / "copy.dcm"
    target.write_bytes(copy.data)
    return target


def shown(path):
    return read_dicom(path, ReadLimits()).pixels.astype(int)


def assert_colours_stay(target, expected, at_most=2):
    """As pydicom and as Casebook show the copy."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # pydicom warns where lengths and header differ
        ds = dcmread(target)
        found = ds.pixel_array.astype(int)
    assert ds.PlanarConfiguration == 0
    assert len(ds.PixelData) == found.size * ds.BitsAllocated // 8
    for pixels in (found, shown(target)):
        assert np.abs(pixels - expected)[..., ~HIDDEN, :].max() <= at_most
        assert pixels[(..., *INSIDE, slice(None))].max() <= at_most


KINDS = {
    "RGB": (drawn, "RGB", 0),
    "RGB in planes": (lambda: in_planes(drawn()), "RGB", 1),
    "YBR_FULL": (in_ycbcr, "YBR_FULL", 0),
    "YBR_FULL in planes": (lambda: in_planes(in_ycbcr()), "YBR_FULL", 1),
    "YBR_FULL_422": (with_shared_colours, "YBR_FULL_422", 0),
    "YBR_FULL_422 that shares nothing": (in_ycbcr, "YBR_FULL_422", 0),
}


@pytest.mark.parametrize("kind", KINDS)
def test_colours_that_are_not_masked_stay(tmp_path, kind):
    pixels, label, planar = KINDS[kind]
    path = written(tmp_path, pixels(), label, PlanarConfiguration=planar)
    assert_colours_stay(copied(path, tmp_path), drawn())


@pytest.mark.parametrize("label", ["RGB", "YBR_FULL"])
def test_the_copy_holds_the_colours_as_they_are_shown(tmp_path, label):
    pixels = np.random.default_rng(1).integers(1, 255, (*SHAPE, 3), dtype=np.uint8)
    path = written(tmp_path, pixels, label)
    before = shown(path)
    assert_colours_stay(copied(path, tmp_path), before, at_most=0)


def test_colours_stay_in_every_frame(tmp_path):
    frames = np.stack([in_ycbcr(), in_ycbcr()[::-1]])
    path = written(tmp_path, frames, "YBR_FULL", NumberOfFrames=2)
    target = copied(path, tmp_path)
    found = dcmread(target).pixel_array.astype(int)
    for frame, expected in zip(found, (drawn(), drawn()[::-1]), strict=True):
        assert np.abs(frame - expected)[~HIDDEN].max() <= 2
        assert frame[INSIDE].max() == 0


@pytest.mark.parametrize("label", ["RGB", "YBR_FULL"])
def test_colours_of_a_compressed_file_stay(tmp_path, label):
    pixels = drawn() if label == "RGB" else in_ycbcr()
    path = written(tmp_path, pixels, label)
    ds = dcmread(path)
    ds.compress(RLELossless)
    ds.save_as(path)
    assert_colours_stay(copied(path, tmp_path), drawn())


def test_colours_stay_where_a_codestream_and_the_label_differ(tmp_path):
    frame = io.BytesIO()
    PillowImage.fromarray(drawn()).save(frame, "JPEG2000", mct=1, irreversible=False, no_jp2=True)
    ds = build(drawn(), modality="US", PhotometricInterpretation="YBR_FULL")
    path = compressed(ds, [frame.getvalue()], tmp_path / "a.dcm", JPEG2000Lossless)
    assert_colours_stay(copied(path, tmp_path), drawn(), at_most=0)


def test_colours_of_a_palette_stay(tmp_path):
    indices = np.random.default_rng(1).integers(1, 256, SHAPE, dtype=np.uint8)
    level = np.arange(256)
    elements = {}
    for colour, values in (("Red", level), ("Green", 255 - level), ("Blue", level // 2)):
        elements[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 8]
        elements[f"{colour}PaletteColorLookupTableData"] = values.astype(np.uint8).tobytes()
    path = make_dicom(
        tmp_path / "a.dcm", indices, modality="US", PhotometricInterpretation="PALETTE COLOR", **elements
    )
    target = copied(path, tmp_path)
    ds = dcmread(target)
    assert ds.PhotometricInterpretation == "PALETTE COLOR"
    assert (ds.pixel_array[~HIDDEN] == indices[~HIDDEN]).all()
    assert not ds.pixel_array[INSIDE].any()
    assert (shown(target)[~HIDDEN] == shown(path)[~HIDDEN]).all()


@pytest.mark.parametrize("label", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(("kind", "bits", "last"), [("u2", 12, 11), ("u2", 12, 15), ("i2", 16, 15)])
def test_grey_values_stay_where_they_are_rescaled(tmp_path, label, kind, bits, last):
    values = ramp(*SHAPE).astype(kind) + 7
    values -= 2000 if kind == "i2" else 0
    told = {"BitsStored": bits, "RescaleSlope": "2", "RescaleIntercept": "-1024"}
    ds = build(values, PhotometricInterpretation=label, **told)
    ds.HighBit = last
    ds.PixelData = (values << (last + 1 - bits)).tobytes()
    target = copied(save(ds, tmp_path / "a.dcm"), tmp_path)
    ds = dcmread(target)
    darkest = values.max() if label == "MONOCHROME1" else values.min()
    assert (ds.pixel_array[~HIDDEN] == values[~HIDDEN]).all()
    assert (ds.pixel_array[INSIDE] == darkest).all()
    assert (ds.BitsAllocated, ds.BitsStored, ds.HighBit) == (16, bits, bits - 1)
    assert (ds.RescaleSlope, ds.RescaleIntercept, ds.PhotometricInterpretation) == (2, -1024, label)


def test_a_compressed_frame_of_fewer_bits_than_announced_keeps_its_values(tmp_path):
    values = ramp(*SHAPE, most=200).astype(np.uint8) + 7
    path = transcode(make_dicom(tmp_path / "a.dcm", values), JPEG2000Lossless)
    ds = dcmread(path)
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.save_as(path)
    ds = dcmread(copied(path, tmp_path))
    assert (ds.pixel_array[~HIDDEN] == values[~HIDDEN]).all()
    assert (ds.BitsAllocated, ds.BitsStored) == (16, 12)
