"""Colours: what the header says against what a compressed frame or the pixels say, and profiles."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageCms
from pydicom.uid import RLELossless

from store.errors import CaseError
from tests.inputs.icc_profiles import renamed, swapped
from tests.inputs.make_dicom import build, compressed, make_dicom, ramp, save
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.codestream import read_codestream
from tools.files.dicom.colour import fits_ybr
from tools.files.dicom.reader import read_dicom

BASELINE, LOSSLESS_2000, HTJ2K = (f"1.2.840.10008.1.2.4.{n}" for n in ("50", "90", "201"))
LABELS = ["RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"]


def drawn():
    """A skin tone with a dark brown spot, a blue ruler and black corners, ``(40, 64, 3)``."""
    picture = np.full((40, 64, 3), (222, 178, 155), np.uint8)
    picture[12:28, 20:44] = (92, 52, 40)
    picture[32:36, 8:56] = (40, 60, 170)
    picture[:8, :10] = 0
    return picture


def in_ycbcr():
    return np.asarray(PillowImage.fromarray(drawn()).convert("YCbCr"))


def read(path):
    return read_dicom(path, ReadLimits())


def off_by(path):
    """The largest difference in the middle of the areas, where lossy compression keeps colours."""
    found = read(path).pixels.astype(int)
    places = ([20, 20, 34, 3, 10], [32, 10, 32, 4, 40])
    return int(np.abs(found[places] - drawn()[places]).max())


def jpeg(pixels, **options):
    data = io.BytesIO()
    PillowImage.fromarray(pixels).save(data, "JPEG", quality=97, **options)
    return data.getvalue()


def jpeg_2000(pixels, *, transform, lossy=False):
    data = io.BytesIO()
    PillowImage.fromarray(pixels).save(data, "JPEG2000", mct=transform, irreversible=lossy, no_jp2=True)
    return data.getvalue()


def without_markers(data):
    """A JPEG that says nothing on its colours: every APP segment cut out."""
    kept, at = data[:2], 2
    while data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if not 0xE0 <= data[at + 1] <= 0xEF:
            kept += data[at : at + 2 + length]
        at += 2 + length
    return kept + data[at:]


def wrapped(tmp_path, frame, label, syntax, **elements):
    ds = build(drawn(), modality="XC", PhotometricInterpretation=label, **elements)
    return compressed(ds, [frame], tmp_path / "a.dcm", syntax)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("lossy", [True, False])
def test_a_component_transform_gives_rgb_whatever_the_label(tmp_path, label, lossy):
    assert off_by(wrapped(tmp_path, jpeg_2000(drawn(), transform=1, lossy=lossy), label, LOSSLESS_2000)) <= 9


@pytest.mark.parametrize("label", LABELS[1:])
def test_ycbcr_without_a_transform_is_converted_under_every_ybr_label(tmp_path, label):
    assert off_by(wrapped(tmp_path, jpeg_2000(in_ycbcr(), transform=0), label, LOSSLESS_2000)) <= 3


@pytest.mark.parametrize("label", ["RGB", "YBR_ICT", "YBR_RCT"])
def test_rgb_without_a_transform_stays_where_the_label_promises_one(tmp_path, label):
    assert off_by(wrapped(tmp_path, jpeg_2000(drawn(), transform=0), label, LOSSLESS_2000)) == 0


@pytest.mark.parametrize("label", LABELS[:3])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("strip", [without_markers, bytes])
def test_a_jpeg_in_ycbcr_is_converted_whatever_the_label(tmp_path, label, subsampling, strip):
    frame = strip(jpeg(drawn(), subsampling=subsampling))
    assert off_by(wrapped(tmp_path, frame, label, BASELINE)) <= 12


@pytest.mark.parametrize("label", LABELS[:3])
@pytest.mark.parametrize("strip", [without_markers, bytes])
def test_a_jpeg_in_rgb_is_not_converted_whatever_the_label(tmp_path, label, strip):
    frame = strip(jpeg(drawn(), keep_rgb=True, subsampling=0))
    assert off_by(wrapped(tmp_path, frame, label, BASELINE)) <= 12


def test_an_rgb_jpeg_with_numbered_components_and_no_marker_is_told_by_its_pixels(tmp_path):
    frame = without_markers(jpeg(drawn(), keep_rgb=True, subsampling=0))
    numbered = frame.replace(b"\x03R\x11\x00G\x11\x00B\x11\x00", b"\x03\x00\x11\x00\x01\x11\x00\x02\x11\x00")
    numbered = numbered.replace(b"\x03R\x00G\x00B\x00", b"\x03\x00\x00\x01\x00\x02\x00")
    assert read_codestream(numbered).colours is None
    assert off_by(wrapped(tmp_path, numbered, "RGB", BASELINE)) <= 12


@pytest.mark.parametrize("planar", [0, 1, None])
@pytest.mark.parametrize("kind", ["JPEG", "JPEG 2000", "RLE"])
def test_the_planar_configuration_means_nothing_in_a_compressed_frame(tmp_path, planar, kind):
    ds = build(drawn(), modality="XC")
    if kind == "RLE":
        path = save(ds, tmp_path / "a.dcm")
        ds.compress(RLELossless)
    else:
        frame = jpeg(drawn()) if kind == "JPEG" else jpeg_2000(drawn(), transform=1)
        path = compressed(ds, [frame], tmp_path / "a.dcm", BASELINE if kind == "JPEG" else LOSSLESS_2000)
    del ds.PlanarConfiguration
    if planar is not None:
        ds.PlanarConfiguration = planar
    ds.save_as(path, enforce_file_format=True)
    assert off_by(path) <= 12


@pytest.mark.parametrize("pixels", [drawn, in_ycbcr])
@pytest.mark.parametrize("planar", [0, 1])
def test_a_label_of_shared_colours_on_three_bytes_a_pixel_is_told_by_the_pixels(tmp_path, pixels, planar):
    ds = build(drawn(), modality="US", PhotometricInterpretation="YBR_FULL_422", PlanarConfiguration=planar)
    ds.PixelData = (np.moveaxis(pixels(), -1, 0) if planar else pixels()).tobytes()
    assert off_by(save(ds, tmp_path / "a.dcm")) <= 3


def test_shared_colours_are_spread_over_their_two_pixels(tmp_path):
    ycbcr = in_ycbcr()
    pairs = [ycbcr[:, ::2, 0], ycbcr[:, 1::2, 0], ycbcr[:, ::2, 1], ycbcr[:, ::2, 2]]
    ds = build(drawn(), modality="US", PhotometricInterpretation="YBR_FULL_422")
    ds.PixelData = np.stack(pairs, axis=-1).tobytes()
    assert off_by(save(ds, tmp_path / "a.dcm")) <= 3


def test_planes_of_a_native_file_are_put_side_by_side(tmp_path):
    ds = build(drawn(), modality="US", PlanarConfiguration=1)
    ds.PixelData = np.moveaxis(drawn(), -1, 0).tobytes()
    assert off_by(save(ds, tmp_path / "a.dcm")) == 0


@pytest.mark.parametrize(("bits", "most"), [(16, 65535), (12, 4095), (10, 1023)])
def test_colours_of_more_than_8_bits_keep_their_brightness(tmp_path, bits, most):
    deep = np.rint(drawn() / 255 * most).astype(np.uint16)
    ds = build(drawn(), modality="XC", BitsAllocated=16, BitsStored=bits)
    ds.PixelData = deep.tobytes()
    ds["PixelData"].VR = "OW"
    assert off_by(save(ds, tmp_path / "a.dcm")) <= 1


def test_black_and_white_rgb_cannot_be_ycbcr():
    assert not fits_ybr(drawn())
    assert fits_ybr(in_ycbcr())


def test_grey_data_under_a_colour_header_is_shown_grey(tmp_path):
    path = wrapped(tmp_path, jpeg(drawn()[..., 0]), "YBR_FULL_422", BASELINE)
    assert np.ptp(read(path).pixels.astype(int), axis=2).max() == 0


def test_colour_data_under_a_grey_header_is_refused_with_both_numbers(tmp_path):
    ds = build(drawn()[..., 0].copy(), modality="XC")
    with pytest.raises(CaseError, match=r"1 samples per pixel.*holds 3"):
        read(compressed(ds, [jpeg(drawn())], tmp_path / "a.dcm", BASELINE))


# Drawn: red rises by 30 a column, green by 30 a row, blue is 90; compressed once with OpenJPH.
_HTJ2K = (
    "/0//UQAvQAAAAAAIAAAACAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAADBwEBBwEBBwEB/1AACAACAAAAA/9SAAwAAgABAQUEBEAB/1wAEy"
    "BQWFhYWFhYWFhYWFhYUFBQ/2QAFwABT3BlbkpQSCBWZXIgMC4yNi4zLv+QAAoAAAAAALMAAf+TwBKA6QCHdADAEoDqAAd0AMASAP4AYwAA"
    "AAAAAADACWAEoMIAh3QAiAEHdACgBKARAYd0AMAJYASgEAGHdAARAYd0AMAJYATA7gDCdABC4QAjVACgBMCFhQBDVADACaAEwAbDAQJ0AI"
    "WFAENUAMAVUATgANgA2AE7SLW2AJyZwcnstQCgCpD73vvAAAHstgDAFRAFSFpr/apwAnUA+977wAAB7LYA/9k="
)


@pytest.mark.parametrize("last", ["201", "202", "203"])
def test_high_throughput_jpeg_2000_is_read(tmp_path, last):
    y, x = np.mgrid[:8, :8]
    pixels = np.dstack([x * 30, y * 30, x * 0 + 90]).astype(np.uint8)
    ds = build(pixels, modality="XC", PhotometricInterpretation="YBR_RCT")
    path = compressed(ds, [base64.b64decode(_HTJ2K)], tmp_path / "a.dcm", HTJ2K.removesuffix("201") + last)
    image = read(path)
    assert (image.pixels == pixels).all()
    assert "HTJ2K" in image.facts["transfer syntax"]


@pytest.mark.parametrize("label", ["RGB", "YBR_FULL"])
@pytest.mark.parametrize("packed", ["native", "JPEG 2000"])
def test_a_colour_profile_is_applied_by_what_it_does(tmp_path, label, packed):
    profile = renamed(swapped())
    pixels = drawn() if label == "RGB" else in_ycbcr()
    ds = build(pixels, modality="XC", PhotometricInterpretation=label, ICCProfile=profile)
    path = save(ds, tmp_path / "a.dcm")
    if packed == "JPEG 2000":
        compressed(ds, [jpeg_2000(pixels, transform=0)], path, LOSSLESS_2000)
    image = read(path)
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    expected = ImageCms.profileToProfile(
        PillowImage.fromarray(drawn()), source, ImageCms.createProfile("sRGB")
    )
    assert np.abs(image.pixels.astype(int) - np.asarray(expected)).max() <= 6
    assert image.pixels[34, 30].argmax() == 0  # the profile calls the first channel blue
    assert any("profile" in note for note in image.notes)


@pytest.mark.parametrize("profile", [b"no profile at all", b""])
def test_a_broken_profile_changes_nothing(tmp_path, profile):
    image = read(make_dicom(tmp_path / "a.dcm", drawn(), modality="XC", ICCProfile=profile))
    assert (image.pixels == drawn()).all()
    assert not image.notes


PALETTE = {"PhotometricInterpretation": "PALETTE COLOR"}


def tables(entries, bits, kind):
    found = dict(PALETTE)
    for colour, values in zip(("Red", "Green", "Blue"), entries, strict=True):
        found[f"{colour}PaletteColorLookupTableDescriptor"] = [len(values) % 2**16, 0, bits]
        found[f"{colour}PaletteColorLookupTableData"] = np.asarray(values).astype(kind).tobytes()
    return found


def rainbow(count):
    level = np.arange(count) * 255 // (count - 1)
    return [level, 255 - level, np.full(count, 90)]


@pytest.mark.parametrize(
    ("bits", "times", "kind"),
    [(8, 1, "u1"), (8, 1, "<u2"), (8, 257, "<u2"), (16, 1, "<u2"), (16, 257, "<u2"), (16, 256, "<u2")],
)
@pytest.mark.parametrize("count", [256, 200])
def test_palette_entries_of_8_bits_are_as_bright_in_every_writing(tmp_path, bits, times, kind, count):
    entries = [level * times for level in rainbow(count)]
    indices = ramp(most=count - 1).astype(np.uint8)
    path = make_dicom(tmp_path / "a.dcm", indices, modality="US", **tables(entries, bits, kind))
    expected = np.stack([level[indices] for level in rainbow(count)], axis=-1)
    assert np.abs(read(path).pixels.astype(int) - expected).max() <= 1


def test_a_palette_may_have_more_than_256_entries_of_8_bits(tmp_path):
    indices = ramp(most=1023)
    path = make_dicom(tmp_path / "a.dcm", indices, modality="US", **tables(rainbow(1024), 8, "u1"))
    expected = np.stack([level[indices] for level in rainbow(1024)], axis=-1)
    assert np.abs(read(path).pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("descriptor", [None, [256, 0], [256, 0, 16]])
def test_a_palette_that_is_missing_or_broken_is_named(tmp_path, descriptor):
    elements = dict(PALETTE)
    if descriptor:
        elements |= tables(rainbow(256), 16, "u1")
        elements["GreenPaletteColorLookupTableDescriptor"] = descriptor
        elements["GreenPaletteColorLookupTableData"] = b"\0" * 8
    with pytest.raises(CaseError, match="palette"):
        read(make_dicom(tmp_path / "a.dcm", ramp(most=200).astype(np.uint8), modality="US", **elements))


def test_a_profile_goes_with_palette_colours_too(tmp_path):
    indices = ramp(most=255).astype(np.uint8)
    elements = {**tables(rainbow(256), 8, "u1"), "ICCProfile": swapped()}
    image = read(make_dicom(tmp_path / "a.dcm", indices, modality="XC", **elements))
    assert image.pixels[0, -1].argmax() == 2
