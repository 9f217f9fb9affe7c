"""Pictures whose dots per inch differ across and down: scanned or faxed with pixels that are not square.

Dots per inch are a print size and give no scale in the patient, but their ratio is the shape of a pixel.

Source: JFIF 1.02 (Xdensity, Ydensity), PNG (pHYs), TIFF 6.0 (XResolution, YResolution), as Pillow reads them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from store.pictures.image import Image
from tools.files.arrays.limits import DAMAGE, Allocate, ReadLimits
from tools.files.arrays.squaring import resampled_note, squared

if TYPE_CHECKING:
    from PIL import Image as PillowImage

# Ours: a density that is no slip of a program; faxes have 204 by 98 dots per inch.
_LOWEST, _MOST_UNEQUAL = 1.0, 5.0


def pixel_shape(picture: PillowImage.Image, *, turned: bool) -> tuple[float, float] | None:
    """The (down, across) shape of a pixel, in no unit; None where the file says nothing to be believed.

    Args:
        picture: opened with Pillow.
        turned: whether it is shown with rows and columns exchanged.
    """
    info = picture.info
    density = info.get("dpi") or info.get("jfif_density") or info.get("resolution")
    try:
        across, down = (float(value) for value in density or info.get("aspect") or ())
    except DAMAGE:
        return None
    if min(across, down) < _LOWEST or max(across, down) > _MOST_UNEQUAL * min(across, down):
        return None
    # More dots per inch are smaller pixels: they are as high as there are dots across for each one down.
    return (down, across) if turned else (across, down)


def made_square(
    image: Image, shape: tuple[float, float] | None, limits: ReadLimits, allocate: Allocate = np.empty
) -> Image:
    """The image with square pixels and a note on it; the same image where they are square.

    Args:
        image: frames as stored.
        shape: the (down, across) shape of a pixel.
        limits: as `squared`.
        allocate: makes the array of frames.
    """
    count, rows, columns = image.frames.shape[:3]
    samples = 3 if image.frames.ndim == 4 else 1
    squaring = squared((rows, columns), shape, count, samples, limits)
    if shape is None or not squaring.changes:
        return image
    frames = allocate((count, *squaring.shape, *image.frames.shape[3:]), np.uint8)
    for number, frame in enumerate(image.frames):
        frames[number] = squaring.picture(frame)
    note = resampled_note(squaring, (shape[0] / min(shape), shape[1] / min(shape)), "")
    facts = {**image.facts, "size": f"{squaring.shape[1]} × {squaring.shape[0]} pixels"}
    return replace(image, frames=frames, facts=facts, notes=(*image.notes, note))
