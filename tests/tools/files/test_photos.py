"""HEIC and AVIF: what phones write, upright once, in its colours, without its metadata, never half."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageCms

from store.errors import CaseError
from tests.inputs.photos import avif, corner, deep_heic, heic, orientation, turned
from tests.tools.files.test_pictures import read, swapped_profile
from tools.files.arrays.limits import ReadLimits
from tools.files.bits import bits_per_sample
from tools.files.decoding import Decoder

KINDS = {"HEIC": heic, "AVIF": avif}


def far(image, pixels):
    return np.abs(image.pixels.astype(int) - pixels).mean()


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_of_a_phone_is_read_as_drawn(tmp_path, kind):
    image = read(tmp_path, KINDS[kind](corner()))
    assert image.file_type == kind
    assert far(image, corner()) < 6
    assert image.facts["bits per sample"] == "8"
    assert image.spacing_mm is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", range(1, 9))
def test_a_photo_is_turned_upright_exactly_once(tmp_path, kind, value):
    image = read(tmp_path, KINDS[kind](corner(), exif=orientation(value)))
    upright = turned(corner(), value)
    assert image.size == upright.shape[1::-1]
    assert far(image, upright) < 6


def test_heic_is_not_turned_for_an_orientation_that_only_exif_names(tmp_path):
    # ISO/IEC 23008-12: a reader applies irot and imir and ignores the orientation of EXIF.
    only_exif = PillowImage.Exif()
    only_exif[0x0112] = 6
    image = read(tmp_path, heic(corner(), exif=only_exif))
    assert far(image, corner()) < 6


@pytest.mark.parametrize("bits", [10, 12])
def test_the_bits_of_a_deep_heic_are_told_and_its_brightness_is_kept(tmp_path, bits):
    deep = np.zeros((64, 128, 3), np.uint16)
    deep[...] = np.linspace(0, 65535, 128).astype(np.uint16)[None, :, None]
    image = read(tmp_path, deep_heic(bits, deep))
    assert image.facts["bits per sample"] == str(bits)
    assert far(image, deep // 257) < 4
    assert any("upper 8" in note for note in image.notes)


@pytest.mark.parametrize(("flags", "bits"), [(0x00, "8"), (0x40, "10"), (0x60, "12")])
def test_the_bits_of_an_avif_file_are_those_of_its_configuration_box(tmp_path, flags, bits):
    data = bytearray(avif(corner()))
    with PillowImage.open(io.BytesIO(bytes(data))) as picture:
        data[data.index(b"av1C") + 6] |= flags  # Pillow writes 8 bits only
        (tmp_path / "a").write_bytes(data)
        assert bits_per_sample(picture, "AVIF", tmp_path / "a") == bits


@pytest.mark.parametrize("kind", KINDS)
def test_the_colour_profile_of_a_photo_is_honoured(tmp_path, kind):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = read(tmp_path, KINDS[kind](corner(), icc_profile=swapped_profile(srgb)))
    assert image.pixels[10, 10].argmax() == 2  # the profile calls the first channel blue
    assert any("profile" in note for note in image.notes)


@pytest.mark.parametrize("kind", KINDS)
def test_transparent_parts_of_a_photo_are_white(tmp_path, kind):
    rgba = np.dstack([corner(), np.full((96, 128), 255, np.uint8)])
    rgba[:, 64:, 3] = 0
    image = read(tmp_path, KINDS[kind](rgba))
    assert image.pixels[:, 80:].min() > 250
    assert any("white" in note for note in image.notes)


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_a_grey_photo_stays_grey(tmp_path, mode):
    image = read(tmp_path, heic(PillowImage.fromarray(corner()).convert(mode)))
    assert np.ptp(image.pixels.astype(int), axis=2).max() == 0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_of_several_pictures_in_a_heic_file_its_own_is_shown_and_the_others_told(tmp_path, place):
    pictures = [np.full((64, 64, 3), 60 * n + 40, np.uint8) for n in range(3)]
    image = read(tmp_path, heic(*pictures, primary_index=place))
    assert image.frame_count == 1
    assert abs(int(image.pixels[32, 32, 0]) - (60 * place + 40)) < 4
    assert any("2 further pictures" in note for note in image.notes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
def test_a_photo_that_is_cut_off_is_refused_and_not_shown_half(tmp_path, kind, share):
    noise = np.random.default_rng(1).integers(0, 255, (128, 128, 3)).astype(np.uint8)
    data = KINDS[kind](noise)
    with pytest.raises(CaseError, match=r"cut off|damaged|broke off"):
        read(tmp_path, data[: int(len(data) * share)])


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_over_the_limit_is_refused_by_its_header(tmp_path, kind):
    with pytest.raises(CaseError, match="million pixels"):
        read(tmp_path, KINDS[kind](corner()), ReadLimits(max_pixels=5000))


@pytest.mark.process
@pytest.mark.parametrize("kind", KINDS)
def test_the_decoding_child_reads_photos_within_its_limits_and_keeps_none_of_their_texts(kind):
    large = np.kron(corner(64, 64), np.ones((32, 32, 1), np.uint8))
    with Decoder() as decoder:
        (image,) = decoder.read(KINDS[kind](large, exif=orientation(3, tag_270="Roe^Jane")))
    assert far(image, large[::-1, ::-1]) < 6
    assert "Jane" not in repr(image.facts) + repr(image.notes)
