"""Ordinary pictures (PNG, JPEG, HEIC, AVIF, WebP, BMP, GIF, TIFF) to `Image`, with Pillow.

HEIC is decoded by pillow-heif, which turns the picture upright as the file says; EXIF says the same once more
and is not heard. TIFF files of numbers that Pillow does not open are in ``tools.files.tiff_numbers``.

Order: header and limits → every frame decoded → transparency on white → colour profile to sRGB → more
than 8 bits windowed → EXIF orientation → square pixels. All other metadata is dropped. Dots per inch are a
print size and say nothing about anatomy, so there is never a scale.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image, Pixels
from tools.files.arrays.colour_profile import Space, pillow_transform
from tools.files.arrays.limits import DAMAGE, Allocate, ReadLimits, refusing_damage
from tools.files.arrays.windowing import percentile_window, to_uint8
from tools.files.bits import bits_per_sample, deep_colour
from tools.files.jpeg_kinds import refuse_unread_jpeg
from tools.files.pillow_opening import frames_alike, native_errors_refused, opened
from tools.files.print_size import made_square, pixel_shape
from tools.files.tiff_numbers import LEFT_OUT, WINDOWED, is_for_tifffile, read_numbers

if TYPE_CHECKING:
    from PIL import Image as PillowImage

# Source: Exif 2.32 (CIPA DC-008), tag 0112H Orientation, and the same tag in TIFF 6.0.
_ORIENTATION = 0x0112
# Source: TIFF 6.0, tag 262 PhotometricInterpretation; 0 is WhiteIsZero.
_PHOTOMETRIC, _WHITE_IS_ZERO = 262, 0
# Source: TIFF 6.0, tag 339 SampleFormat; 1 is unsigned, and what is meant where it is missing.
_SAMPLE_FORMAT = 339

_STRIP_ROWS = 512
_WITH_ALPHA = ("RGBA", "RGBa", "LA", "La", "PA")
_TURNED_BY_PILLOW = ("TIFF", "HEIC")
_UPRIGHT = "The picture was turned upright as the camera recorded it."
_ON_WHITE = "Transparent parts are shown on white."
_PROFILE = "Colours were converted from the embedded profile to sRGB."
_CMYK = "Colours were converted from print colours (CMYK)."
_OTHERS = "The file holds {} further pictures; the one that it names as its own is shown."

# Source: ITU-T H.273 (CICP), colour primaries 1 (BT.709), 2 (unspecified); transfer 16 (PQ) and 18 (HLG).
_USUAL_PRIMARIES, _HIGH_RANGE = (1, 2), (16, 18)
_HDR = "The file holds a picture of high dynamic range; its values are shown as stored."
_WIDE = "The file names colours of another range than sRGB and brings no profile; they are shown as stored."


@dataclass
class _Reading:
    """What is learnt while the frames are decoded."""

    white_is_zero: bool = False
    window: tuple[float, float] | None = None
    transform: Any = None
    most_opaque: int = 0
    notes: dict[str, None] = field(default_factory=dict)


def read_picture(path: Path, file_type: str, limits: ReadLimits, allocate: Allocate = np.empty) -> Image:
    """Read one ordinary picture; frames of a GIF, APNG, WebP or multi-page TIFF become frames.

    Args:
        path: the file.
        file_type: as `tools.files.file_type.recognise` names it.
        limits: refused from the header, before decoding.
        allocate: makes the array of frames.

    Raises:
        CaseError: too large, cut off, damaged, or transparent throughout.
    """
    if file_type == "TIFF" and is_for_tifffile(path):
        return read_numbers(path, limits, allocate)
    if file_type == "JPEG":
        refuse_unread_jpeg(path)
    with opened(path, file_type, limits) as picture, native_errors_refused(file_type):
        count, skipped = frames_alike(picture, file_type, limits)
        image = _read_frames(picture, file_type, path, (count, skipped), allocate)
        turned = file_type not in _TURNED_BY_PILLOW and _orientation(picture) >= 5
        return made_square(image, pixel_shape(picture, turned=turned), limits, allocate)


def _read_frames(
    picture: PillowImage.Image, file_type: str, path: Path, pages: tuple[int, int], allocate: Allocate
) -> Image:
    reading, (count, skipped) = _Reading(), pages
    start = picture.tell() if file_type == "HEIC" else 0  # its own picture may stand anywhere
    with refusing_damage(f"{file_type} file"):
        picture.seek(start)
        picture.load()  # before EXIF is asked for: a failed load is silent the second time
        orientation = 1 if file_type in _TURNED_BY_PILLOW else _orientation(picture)
        kind = _kind(picture, animated=count > 1 and file_type != "TIFF")
        bits = bits_per_sample(picture, file_type, path)
        _note_colours(picture, bits, reading)
        if kind == "deep":
            _choose_window(picture, count, reading)
        width, height = picture.size if orientation < 5 else picture.size[::-1]
        frames = allocate((count, height, width) if kind != "colour" else (count, height, width, 3), np.uint8)
        _choose_transform(picture, reading)
        for index in range(count):
            picture.seek(start + index)
            picture.load()
            _fill(_as_stored(frames[index], orientation), picture, kind, reading)
    if _ON_WHITE in reading.notes and reading.most_opaque == 0:
        raise CaseError(
            "This picture is transparent throughout: there is nothing to see. Save it without transparency."
        )
    facts = {"size": f"{width} × {height} pixels", "bits per sample": bits}
    if count > 1:
        facts["frames"] = str(count)
    others = _OTHERS if file_type == "HEIC" else LEFT_OUT
    notes = _notes(reading, orientation, others.format(skipped) if skipped else None)
    return Image(frames=frames, file_type=file_type, facts=facts, notes=notes)


def _kind(picture: PillowImage.Image, *, animated: bool) -> str:
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        return "deep"
    plain = picture.mode in ("1", "L") and "transparency" not in picture.info
    return "grey" if plain and not animated else "colour"  # later frames of an animation may have colour


def _note_colours(picture: PillowImage.Image, bits: str, reading: _Reading) -> None:
    """Say what of the file's colours is not shown."""
    if words := deep_colour(picture, bits):
        reading.notes[words] = None
    told = picture.info.get("nclx_profile") or {}
    if told.get("transfer_characteristics") in _HIGH_RANGE:
        reading.notes[_HDR] = None
    elif told.get("color_primaries", 2) not in _USUAL_PRIMARIES and not picture.info.get("icc_profile"):
        reading.notes[_WIDE] = None


def _choose_window(picture: PillowImage.Image, count: int, reading: _Reading) -> None:
    samples = []
    for index in sorted({0, count // 4, count // 2, (3 * count) // 4, count - 1}):
        picture.seek(index)
        samples.append(_numbers(picture, picture)[:: max(1, picture.size[1] // 512)].ravel())
    picture.seek(0)
    reading.window = low, high = percentile_window(np.concatenate(samples))
    reading.white_is_zero = getattr(picture, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    reading.notes[WINDOWED.format(low, high)] = None
    if reading.white_is_zero:
        reading.notes["Low values are white in this file; the picture is shown that way."] = None


def _choose_transform(picture: PillowImage.Image, reading: _Reading) -> None:
    """Build the colour transform if the embedded profile is an RGB or CMYK one and changes anything."""
    from PIL import ImageCms

    if picture.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        reading.transform = ImageCms.buildTransform(lab, srgb, "LAB", "RGB")
        return
    profile_bytes = picture.info.get("icc_profile")
    mode: Space = "CMYK" if picture.mode == "CMYK" else "RGB"
    if picture.mode == "CMYK":
        reading.notes[_CMYK] = None
    if not profile_bytes or picture.mode not in ("RGB", "RGBA", "CMYK", "P"):
        return
    reading.transform = pillow_transform(profile_bytes, mode)
    if reading.transform is not None:
        reading.notes[_PROFILE] = None


def _fill(out: Pixels, picture: PillowImage.Image, kind: str, reading: _Reading) -> None:
    """Write one decoded frame into `out`, in strips so that a large photo is not held three times."""
    for top in range(0, picture.height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, picture.height)
        strip = picture.crop((0, top, picture.width, bottom))
        if kind == "deep":
            grey = to_uint8(_numbers(strip, picture), *(reading.window or (0.0, 0.0)))
            out[top:bottom] = 255 - grey if reading.white_is_zero else grey
        elif kind == "grey":
            out[top:bottom] = np.asarray(strip.convert("L"))
        else:
            out[top:bottom] = _colour(strip, picture, reading)


def _numbers(part: PillowImage.Image, picture: PillowImage.Image) -> NDArray[Any]:
    """The numbers of a part; Pillow keeps unsigned ones of 32 bits as signed."""
    values = np.asarray(part)
    unsigned = getattr(picture, "tag_v2", {}).get(_SAMPLE_FORMAT, (1,)) == (1,)
    return values.view(np.uint32) if values.dtype == np.int32 and unsigned and _is_tiff(picture) else values


def _is_tiff(picture: PillowImage.Image) -> bool:
    return hasattr(picture, "tag_v2")


def _colour(strip: PillowImage.Image, picture: PillowImage.Image, reading: _Reading) -> NDArray[Any]:
    from PIL import Image as PillowImage
    from PIL import ImageCms

    if strip.mode in _WITH_ALPHA or "transparency" in picture.info:
        strip.info.update({k: v for k, v in picture.info.items() if k == "transparency"})
        with_alpha = strip.convert("RGBA")
        lowest, highest = with_alpha.getchannel("A").getextrema()
        reading.most_opaque = max(reading.most_opaque, int(highest))  # type: ignore[arg-type]
        if lowest != 255:
            reading.notes[_ON_WHITE] = None
        white = PillowImage.new("RGBA", with_alpha.size, "white")
        strip = PillowImage.alpha_composite(white, with_alpha).convert("RGB")
    if reading.transform is not None:
        wanted = strip if strip.mode in ("CMYK", "LAB") else strip.convert("RGB")
        strip = ImageCms.applyTransform(wanted, reading.transform) or wanted
    return np.asarray(strip if strip.mode == "RGB" else strip.convert("RGB"))  # which copies even the same


def _orientation(picture: PillowImage.Image) -> int:
    try:
        value = int(picture.getexif().get(_ORIENTATION, 1))
    except DAMAGE:
        return 1  # EXIF is often broken by editors; the pixels are whole
    return value if 1 <= value <= 8 else 1


def _as_stored(upright: Pixels, orientation: int) -> Pixels:
    """A view of the upright frame with rows and columns as the file stores them."""
    turned = upright.swapaxes(0, 1) if orientation >= 5 else upright
    if orientation in (3, 4, 6, 7):
        turned = turned[::-1]
    return turned[:, ::-1] if orientation in (2, 3, 7, 8) else turned


def _notes(reading: _Reading, orientation: int, left_out: str | None) -> tuple[str, ...]:
    upright = _UPRIGHT if orientation != 1 else None
    return (*reading.notes, *(words for words in (upright, left_out) if words))
