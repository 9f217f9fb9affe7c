"""Pictures and their copies: JPEG, PNG, and what is drawn again."""

import io

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import PngImagePlugin

from store.errors import CaseError
from store.pictures.image import Image
from tests.inputs.photos import corner, turned
from tools.privacy.pictures import drawn_again, strip_picture

MARK = "ZQMARKER"


def exif(orientation: int = 1) -> PillowImage.Exif:
    made = PillowImage.Exif()
    made[0x0112], made[0x010F], made[0x013B] = orientation, MARK, MARK
    made.get_ifd(0x8825)[1] = "N"
    return made


def jpeg(**more) -> bytes:
    file = io.BytesIO()
    PillowImage.fromarray(corner()).save(
        file, "JPEG", comment=MARK.encode(), exif=exif(more.pop("orientation", 1)), xmp=MARK.encode(), **more
    )
    return file.getvalue() + MARK.encode()


def png(orientation: int = 1) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Patient", MARK)
    words.add_itxt("Author", MARK, zip=True)
    file = io.BytesIO()
    PillowImage.fromarray(corner()).save(file, "PNG", pnginfo=words, exif=exif(orientation))
    return file.getvalue() + MARK.encode()


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(PillowImage.open(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("data", "kind"), [(jpeg(), "JPEG"), (jpeg(progressive=True), "JPEG"), (png(), "PNG")]
)
def test_only_the_pixels_are_left_and_all_of_them(data, kind):
    copy = strip_picture(data, kind)
    assert MARK.encode() not in copy.data
    assert (pixels(copy.data) == pixels(data)).all()
    opened = PillowImage.open(io.BytesIO(copy.data))
    assert not opened.getexif()
    assert not set(opened.info) & {"comment", "Patient", "Author", "exif", "xmp"}
    assert MARK not in str(copy.changes)


@pytest.mark.parametrize(("make", "kind"), [(jpeg, "JPEG"), (png, "PNG")])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_that_is_turned_stays_turned_and_its_copy_is_the_same_again(make, kind, orientation):
    data = make(orientation=orientation)
    copy = strip_picture(data, kind)
    assert dict(PillowImage.open(io.BytesIO(copy.data)).getexif()) == (
        {0x0112: orientation} if orientation > 1 else {}
    )
    again = strip_picture(copy.data, kind)
    assert (again.data, list(again.changes)) == (copy.data, [])
    assert turned(corner(), orientation).shape  # the way is one that there is


def test_what_was_in_it_is_told_by_name():
    told = {change.attribute for change in strip_picture(jpeg(), "JPEG").changes}
    assert told >= {"comment", "EXIF.Make", "EXIF.Artist", "bytes after its end"}
    assert {change.attribute for change in strip_picture(png(), "PNG").changes} >= {"chunk tEXt", "EXIF.Make"}


def test_colours_and_print_size_stay():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("JPEG", "PNG"):
        file = io.BytesIO()
        PillowImage.fromarray(corner()).save(file, kind, icc_profile=profile, dpi=(300, 300))
        kept = PillowImage.open(io.BytesIO(strip_picture(file.getvalue(), kind).data)).info
        assert kept["icc_profile"] == profile
        assert round(kept["dpi"][0]) == 300


@pytest.mark.parametrize(("data", "kind"), [(jpeg(), "JPEG"), (png(), "PNG")])
def test_what_is_cut_off_is_refused_in_words(data, kind):
    for length in range(20, len(data) // 2, 97):
        with pytest.raises(CaseError, match="cut off or damaged"):
            strip_picture(data[:length], kind)


def test_other_pictures_are_drawn_again_as_png():
    copy = drawn_again(Image(frames=corner()[None], file_type="WebP"))
    assert copy.suffix == ".png"
    assert (pixels(copy.data) == corner()).all()
    assert [change.attribute for change in copy.changes] == ["everything in the WebP file but its pixels"]


def test_several_pictures_in_one_file_are_refused_in_words():
    with pytest.raises(CaseError, match="holds 2 pictures"):
        drawn_again(Image(frames=np.stack([corner(), corner()]), file_type="TIFF"))
