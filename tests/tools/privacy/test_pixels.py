"""Text in the pixels of DICOM files and pictures, masked in copies."""

import io

import nibabel
import numpy as np
import pytest
from PIL import Image as PillowImage
from pydicom import Dataset, dcmread
from pydicom.sequence import Sequence
from pydicom.uid import JPEGLSLossless

from store.pictures.image import Image
from tests.inputs.burned_in_text import ground, write
from tests.inputs.make_dicom import CT, make_dicom, transcode
from tools.burned_in.boxes import Box
from tools.files.decoding import Decoder
from tools.privacy.cleaning import Cleaner
from tools.privacy.copies import look_at, write_copies
from tools.privacy.dicom import clean_dicom
from tools.privacy.pixels import mask_dicom
from tools.privacy.secret import Secret

SECRET = Secret(b"k" * 32)
CORNERS = np.array([[10, 10], [60, 10], [60, 20], [10, 20]], float)
INSIDE = (slice(10, 21), slice(10, 61))


class ScriptedFinder:
    """Stands in for the model: finds one place."""

    def find(self, picture, *, read=False):
        return [Box(CORNERS)]

    def find_again(self, picture):
        return []


class BlindFinder(ScriptedFinder):
    """Stands in for the model: finds nothing."""

    def find(self, picture, *, read=False):
        return []


def copied(path, tmp_path, shape, finder=None):
    """The copy, its image being of a size that pixels which are not square may have."""
    image = Image(frames=np.full((1, *shape), 90, np.uint8), file_type="DICOM")
    copy = clean_dicom(
        path,
        SECRET,
        move_dates=False,
        mask=lambda ds: mask_dicom(ds, image, finder or ScriptedFinder(), path),
    )
    target = tmp_path / "copy.dcm"
    target.write_bytes(copy.data)
    return copy, dcmread(target)


@pytest.mark.parametrize("compress", [False, True])
def test_values_under_text_are_gone_and_all_others_are_the_same(tmp_path, compress):
    pixels = np.random.default_rng(1).integers(1, 4000, (100, 120), dtype=np.uint16)
    path = make_dicom(tmp_path / "a.dcm", pixels, **CT)
    path = transcode(path, JPEGLSLossless) if compress else path
    copy, ds = copied(path, tmp_path, (100, 120))
    hidden = np.zeros(pixels.shape, bool)
    hidden[:24, :64] = True
    assert (ds.pixel_array[INSIDE] == pixels.min()).all()
    assert (ds.pixel_array[~hidden] == pixels[~hidden]).all()
    assert (ds.PatientIdentityRemoved, ds.BurnedInAnnotation) == ("YES", "NO")
    assert "113101" in [one.CodeValue for one in ds.DeidentificationMethodCodeSequence]
    assert copy.pixels_seen
    assert "text in pixels" in {change.attribute for change in copy.changes}


def test_what_is_white_where_low_values_are_white_is_masked_black(tmp_path):
    pixels = np.random.default_rng(1).integers(1, 200, (100, 120), dtype=np.uint8)
    path = make_dicom(tmp_path / "a.dcm", pixels, PhotometricInterpretation="MONOCHROME1")
    _, ds = copied(path, tmp_path, (100, 120))
    assert (ds.pixel_array[INSIDE] == pixels.max()).all()


def test_frames_and_colours_are_masked(tmp_path):
    pixels = np.random.default_rng(1).integers(1, 255, (100, 120, 3), dtype=np.uint8)
    _, ds = copied(make_dicom(tmp_path / "a.dcm", pixels, modality="US"), tmp_path, (100, 120))
    assert not ds.pixel_array[INSIDE].any()
    frames = np.random.default_rng(1).integers(1, 255, (3, 100, 120), dtype=np.uint8)
    _, ds = copied(make_dicom(tmp_path / "b.dcm", frames, modality="US"), tmp_path, (100, 120))
    assert (ds.pixel_array[(slice(None), *INSIDE)] == frames.min()).all()


def test_the_place_is_found_again_where_pixels_are_not_square(tmp_path):
    pixels = np.random.default_rng(1).integers(1, 255, (50, 120), dtype=np.uint8)
    _, ds = copied(make_dicom(tmp_path / "a.dcm", pixels), tmp_path, (100, 120))
    assert (ds.pixel_array[5:11, 10:61] == pixels.min()).all()
    assert (ds.pixel_array[13:] == pixels[13:]).all()


def test_what_stands_outside_the_regions_of_an_ultrasound_is_masked(tmp_path):
    region = Dataset()
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 20, 30
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = 99, 89
    pixels = np.random.default_rng(1).integers(1, 255, (100, 120), dtype=np.uint8)
    path = make_dicom(
        tmp_path / "a.dcm", pixels, modality="US", SequenceOfUltrasoundRegions=Sequence([region])
    )
    copy, ds = copied(path, tmp_path, (100, 120), BlindFinder())
    assert (ds.pixel_array[30:90, 20:100] == pixels[30:90, 20:100]).all()
    assert (ds.pixel_array[:30] == pixels.min()).all()
    assert "pixels outside the ultrasound regions" in {change.attribute for change in copy.changes}


def test_pixels_without_text_keep_their_bytes(tmp_path):
    pixels = np.random.default_rng(1).integers(1, 255, (100, 120), dtype=np.uint8)
    path = make_dicom(tmp_path / "a.dcm", pixels)
    _, ds = copied(path, tmp_path, (100, 120), BlindFinder())
    assert ds.PixelData == dcmread(path).PixelData


@pytest.mark.process
def test_a_photograph_with_text_is_written_as_png_and_one_without_keeps_its_bytes(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    pixels = ground(200, 150)
    write(pixels, "Querfeldt", (12, 10), size=16, grey=255)
    PillowImage.fromarray(pixels).save(source / "a.jpg")
    with Decoder() as decoder:
        (with_text,) = write_copies(
            source, tmp_path / "one", Cleaner(SECRET, decoder, 2**20, finder=lambda image: ScriptedFinder())
        )
        (without,) = write_copies(
            source, tmp_path / "two", Cleaner(SECRET, decoder, 2**20, finder=lambda image: BlindFinder())
        )
    assert with_text.written.suffix == ".png"
    assert not np.asarray(PillowImage.open(with_text.written))[INSIDE].any()
    assert (without.written.suffix, without.copy.pixels_seen) == (".jpg", True)
    kept = np.asarray(PillowImage.open(io.BytesIO(without.written.read_bytes())))
    assert (kept == np.asarray(PillowImage.open(source / "a.jpg"))).all()


@pytest.mark.process
def test_of_a_volume_with_text_no_copy_is_written_and_of_one_without_it_is_said_that_it_was_looked_at(
    tmp_path,
):
    nibabel.save(nibabel.Nifti1Image(np.zeros((90, 90, 3), np.int16), np.eye(4)), tmp_path / "a.nii")
    with Decoder() as decoder:
        for found, refused in ((ScriptedFinder(), True), (BlindFinder(), False), (None, False)):
            finder = None if found is None else lambda image, found=found: found
            (done,) = look_at(tmp_path / "a.nii", Cleaner(SECRET, decoder, 2**20, finder=finder))
            assert ("in a NIfTI volume is not masked" in str(done.refused)) == refused
            if done.copy:
                assert done.copy.pixels_seen == (finder is not None)
