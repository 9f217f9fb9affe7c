"""Photograph → working picture: reduced, hair and ink filled in, what is not skin set aside.

Lengths are shares of the longer side, so a phone photo and a thumbnail are treated alike.
Hair is found in ``hair``, what is set aside in ``aside``; what the lesion is, in ``segment``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.lesion.aside import black_frame, find_foreign, find_ink
from tools.lesion.hair import find_lines
from tools.lesion.planes import Mask, Plane

WORKING_SIDE = 448
"""Longer side of the working picture in pixels; smaller pictures keep their size."""


@dataclass(frozen=True, eq=False)
class Working:
    """The picture that the segmentation looks at.

    Attributes:
        lab: ``(h, w, 3)`` float32 CIELAB (D65), hair, ink and glare filled in from beside.
        usable: ``(h, w)`` bool, False on black corners, lamps and foreign objects at the frame.
        filled: ``(h, w)`` bool, True where `lab` was filled in.
        ink: ``(h, w)`` bool, the part of `filled` that looks like a pen mark.
        hair_share: share of the usable picture covered by hair or ruler lines.
    """

    lab: Plane
    usable: Mask
    filled: Mask
    ink: Mask
    hair_share: float


def prepare(pixels: Pixels) -> Working:
    """Reduce and clean a photograph.

    Args:
        pixels: ``(H, W, 3)`` uint8 RGB.
    """
    from scipy import ndimage

    lab = to_lab(shrink(pixels, WORKING_SIDE))
    side = max(lab.shape[:2])
    black = black_frame(lab)
    hair = find_lines(lab[..., 0], side) & ~black
    ink = find_ink(lab, ~black, hair)
    usable = ~(black | (find_foreign(lab, ~black) & ~ink))
    hair &= usable
    glare = (lab[..., 0] > 96) & (np.hypot(lab[..., 1], lab[..., 2]) < 12)
    filled = ndimage.binary_dilation(hair | ink | glare, iterations=max(1, round(side * 0.003)))
    hair_share = float(hair.sum() / max(1, usable.sum()))
    clean = _fill(lab, usable & ~filled, filled & usable, side)
    return Working(clean, usable, filled, ink & filled & usable, hair_share)


def shrink(pixels: Pixels, side: int) -> Pixels:
    """The picture with its longer side at most `side` pixels, averaged, never enlarged."""
    from PIL import Image as PillowImage

    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # Every n-th pixel of a large picture still leaves two for each one wanted, each way.
    step = max(1, int(1 / scale / 2))
    picture = PillowImage.fromarray(np.ascontiguousarray(pixels[::step, ::step]))
    return np.asarray(picture.resize(size, PillowImage.Resampling.BOX, reducing_gap=2.0))


def to_lab(pixels: Pixels) -> Plane:
    """``(H, W, 3)`` uint8 sRGB → CIELAB under D65, float32: that of scikit-image to the last bit."""
    light, to_xyz, white = _srgb()
    xyz = (light[pixels] @ to_xyz) / white
    root = np.cbrt(xyz)
    dark = xyz <= 0.008856
    root[dark] = 7.787 * xyz[dark] + 16.0 / 116.0
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack(
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], -1, dtype=np.float32, casting="same_kind"
    )


@cache
def _srgb() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The light of each of the 256 values of a channel, the way from it to XYZ, and D65's white."""
    from skimage.color import xyz_tristimulus_values
    from skimage.color.colorconv import xyz_from_rgb

    values = np.arange(256) * (1.0 / 255)
    light = np.where(values > 0.04045, ((values + 0.055) / 1.055) ** 2.4, values / 12.92)
    return light, xyz_from_rgb.T, np.asarray(xyz_tristimulus_values(illuminant="D65", observer="2"))


def _fill(lab: Plane, known: Mask, holes: Mask, side: int) -> Plane:
    """Fill `holes` with the distance-weighted mean of known neighbours, widening until all are filled.

    Means are taken on a picture of half the size, halved again each time the neighbourhood doubles.
    """
    from scipy import ndimage

    out = lab.copy()
    rows, columns = np.nonzero(holes)
    weight = known.astype(np.float32)
    # The weight goes along as a fourth plane: where little is known, the mean counts for little.
    sums = np.concatenate([lab * weight[..., None], weight[..., None]], axis=2)
    sigma, step = max(1.5, side * 0.008), 1
    while rows.size and sigma < side:
        sums, step = _halved(sums), 2 * step
        blurred = ndimage.gaussian_filter(sums, (sigma / step, sigma / step, 0))
        places = (rows + 0.5) / step - 0.5, (columns + 0.5) / step - 0.5
        values = np.stack(
            [ndimage.map_coordinates(blurred[..., i], places, order=1, mode="nearest") for i in range(4)], -1
        )
        ready = values[:, 3] > 0.05
        out[rows[ready], columns[ready]] = values[ready, :3] / values[ready, 3:]
        rows, columns = rows[~ready], columns[~ready]
        sigma *= 2
    return out


def _halved(planes: Plane) -> Plane:
    """Means of two by two pixels; an odd edge is repeated."""
    height, width = planes.shape[:2]
    even = np.pad(planes, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return np.asarray(even.reshape((height + 1) // 2, 2, (width + 1) // 2, 2, -1).mean((1, 3)))
