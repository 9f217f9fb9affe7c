"""Ordinary pictures (PNG, JPEG, WebP, BMP, GIF, TIFF) to `Image`, with Pillow.

Order: header and limits → every frame decoded → transparency on white → colour profile to sRGB → more
than 8 bits windowed → EXIF orientation → square pixels. All other metadata is dropped. Dots per inch are a
print size and say nothing about anatomy, so there is never a scale.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image, Pixels
from tools.files.arrays.colour_profile import Space, pillow_transform
from tools.files.arrays.limits import DAMAGE, Allocate, ReadLimits, cut_off, damaged, refusing_damage
from tools.files.arrays.windowing import percentile_window, to_uint8
from tools.files.print_size import made_square, pixel_shape

if TYPE_CHECKING:
    from PIL import Image as PillowImage

_PLUGINS = {"PNG": "Png", "JPEG": "Jpeg", "WebP": "WebP", "BMP": "Bmp", "GIF": "Gif", "TIFF": "Tiff"}

# Source: Exif 2.32 (CIPA DC-008), tag 0112H Orientation, and the same tag in TIFF 6.0.
_ORIENTATION = 0x0112
# Source: TIFF 6.0, tag 262 PhotometricInterpretation; 0 is WhiteIsZero.
_PHOTOMETRIC, _WHITE_IS_ZERO = 262, 0

_STRIP_ROWS = 512
_WITH_ALPHA = ("RGBA", "RGBa", "LA", "La", "PA")
_UPRIGHT = "The picture was turned upright as the camera recorded it."
_ON_WHITE = "Transparent parts are shown on white."
_PROFILE = "Colours were converted from the embedded profile to sRGB."
_CMYK = "Colours were converted from print colours (CMYK)."


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
    with _opened(path, file_type, limits) as picture, _native_errors_refused(file_type):
        count, skipped = _frames_alike(picture, file_type, limits)
        image = _read_frames(picture, file_type, count, skipped, allocate)
        shape = pixel_shape(picture, turned=file_type != "TIFF" and _orientation(picture) >= 5)
        return made_square(image, shape, limits, allocate)


def _read_frames(
    picture: PillowImage.Image, file_type: str, count: int, skipped: int, allocate: Allocate
) -> Image:
    reading = _Reading()
    with refusing_damage(f"{file_type} file"):
        picture.seek(0)
        picture.load()  # before EXIF is asked for: a failed load is silent the second time
        orientation = 1 if file_type == "TIFF" else _orientation(picture)  # Pillow turns TIFF itself
        kind = _kind(picture, animated=count > 1 and file_type != "TIFF")
        bits = _bits(picture)
        if kind == "deep":
            _choose_window(picture, count, reading)
        width, height = picture.size if orientation < 5 else picture.size[::-1]
        frames = allocate((count, height, width) if kind != "colour" else (count, height, width, 3), np.uint8)
        _choose_transform(picture, reading)
        for index in range(count):
            picture.seek(index)
            picture.load()
            _fill(_as_stored(frames[index], orientation), picture, kind, reading)
    if _ON_WHITE in reading.notes and reading.most_opaque == 0:
        raise CaseError(
            "This picture is transparent throughout: there is nothing to see. Save it without transparency."
        )
    facts = {"size": f"{width} × {height} pixels", "bits per sample": bits}
    if count > 1:
        facts["frames"] = str(count)
    notes = _notes(reading, orientation, skipped)
    return Image(frames=frames, file_type=file_type, facts=facts, notes=notes)


@contextmanager
def _opened(path: Path, file_type: str, limits: ReadLimits) -> Iterator[PillowImage.Image]:
    from PIL import Image as PillowImage

    plugin = _PLUGINS[file_type]
    importlib.import_module(f"PIL.{plugin}ImagePlugin")
    PillowImage.MAX_IMAGE_PIXELS = limits.max_pixels
    try:
        with refusing_damage(f"{file_type} file"):
            picture = PillowImage.open(path, formats=[plugin.upper()])
        with picture:
            yield picture
    except PillowImage.DecompressionBombError as error:
        raise CaseError(
            f"This picture is larger than the {limits.max_pixels / 1e6:.4g} million pixels that are read. "
            "Send a smaller version or a crop."
        ) from error


def _frames_alike(picture: PillowImage.Image, file_type: str, limits: ReadLimits) -> tuple[int, int]:
    """(frames to read, pages left out): TIFF pages of another size or kind than the first are left out."""
    width, height = picture.size
    limits.check(frames=1, rows=height, columns=width)
    if file_type in ("JPEG", "BMP"):
        return 1, 0
    with refusing_damage(f"{file_type} file"):
        count = int(getattr(picture, "n_frames", 1))
    limits.check(frames=count, rows=height, columns=width, samples=1 if count == 1 else 3)
    if file_type != "TIFF" or count == 1:
        return count, 0
    kinds = []
    with refusing_damage(f"{file_type} file"):
        for index in range(count):
            picture.seek(index)
            limits.check(frames=1, rows=picture.size[1], columns=picture.size[0])
            kinds.append((picture.size, picture.mode))
    alike = next((i for i, kind in enumerate(kinds) if kind != kinds[0]), count)
    return alike, count - alike


def _kind(picture: PillowImage.Image, *, animated: bool) -> str:
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        return "deep"
    plain = picture.mode in ("1", "L") and "transparency" not in picture.info
    return "grey" if plain and not animated else "colour"  # later frames of an animation may have colour


def _bits(picture: PillowImage.Image) -> str:
    if picture.mode == "1":
        return "1"
    return {"I": "32", "F": "32 (floating point)"}.get(picture.mode, "16" if "16" in picture.mode else "8")


def _choose_window(picture: PillowImage.Image, count: int, reading: _Reading) -> None:
    samples = []
    for index in sorted({0, count // 4, count // 2, (3 * count) // 4, count - 1}):
        picture.seek(index)
        samples.append(np.asarray(picture)[:: max(1, picture.size[1] // 512)].ravel())
    picture.seek(0)
    reading.window = low, high = percentile_window(np.concatenate(samples))
    reading.white_is_zero = getattr(picture, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    reading.notes[
        "The file has more than 8 bits per pixel and names no window; brightness shows its values "
        f"{low:.6g} to {high:.6g} (0.5th to 99.5th percentile)."
    ] = None
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
            grey = to_uint8(np.asarray(strip), *(reading.window or (0.0, 0.0)))
            out[top:bottom] = 255 - grey if reading.white_is_zero else grey
        elif kind == "grey":
            out[top:bottom] = np.asarray(strip.convert("L"))
        else:
            out[top:bottom] = _colour(strip, picture, reading)


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
    return np.asarray(strip.convert("RGB"))


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


def _notes(reading: _Reading, orientation: int, skipped: int) -> tuple[str, ...]:
    notes = list(reading.notes)
    if orientation != 1:
        notes.append(_UPRIGHT)
    if skipped:
        notes.append(f"{skipped} further pages, from the first of another size or kind on, are left out.")
    return tuple(notes)


@contextmanager
def _native_errors_refused(file_type: str) -> Iterator[None]:
    """Refuse a TIFF whose decoder complained.

    libtiff fills what it cannot decode with blanks, tells only the standard error stream, and Pillow
    passes that as a picture. Its complaint is the one sign that the file is cut off or damaged.
    """
    if file_type != "TIFF":
        yield
        return
    with tempfile.TemporaryFile() as heard:
        kept = os.dup(2)
        os.dup2(heard.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        heard.seek(0)
        complaint = b"".join(line for line in heard.read(4096).splitlines() if b"Warning" not in line)
    if complaint:
        raise cut_off("TIFF file") if b"ead error" in complaint else damaged("TIFF file")
