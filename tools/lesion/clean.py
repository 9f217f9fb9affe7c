"""Photograph → working picture: reduced, hair and ink filled in, what is not skin set aside.

Lengths are shares of the longer side, so a phone photo and a thumbnail are treated alike.
This file does not decide what the lesion is (see ``tools.lesion.segment``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

WORKING_SIDE = 512
"""Longer side of the working picture in pixels; smaller pictures keep their size."""

# Ours, found by looking at hair, rulers and ink on 73 photographs: a hair is narrower than 2.6 % of
# the picture, at least 5 % long, and at least 4 L* units darker or lighter than what lies beside it.
HAIR_WIDTH = 0.026
HAIR_LENGTH = 0.05
HAIR_CONTRAST = 4.0

DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1))
_ACROSS = {step: next(d for d in DIRECTIONS if d[0] * step[0] + d[1] * step[1] == 0) for step in DIRECTIONS}


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
    usable = ~(_black_frame(lab) | _foreign(lab))
    hair = _lines(lab[..., 0], side) & usable
    ink = _ink(lab, side)
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
    picture = PillowImage.fromarray(pixels)
    return np.asarray(picture.resize(size, PillowImage.Resampling.BOX, reducing_gap=3.0))


def to_lab(pixels: Pixels) -> Plane:
    """``(H, W, 3)`` uint8 sRGB → CIELAB under D65, float32."""
    from skimage.color import rgb2lab

    lab: Plane = rgb2lab(pixels).astype(np.float32)
    return lab


def _black_frame(lab: Plane) -> Mask:
    """Black corners and bars: dark, colourless, and reaching a corner of the picture."""
    from scipy import ndimage

    lightness = ndimage.gaussian_filter(lab[..., 0], 1.0)
    limit = min(22.0, max(6.0, 0.4 * float(np.median(lightness))))
    dark = (lightness < limit) & (np.hypot(lab[..., 1], lab[..., 2]) < 14)
    black = _reaching(dark, corners_only=True)
    grow = max(2, round(max(black.shape) * 0.012))
    return np.asarray(ndimage.binary_dilation(black, iterations=grow) if black.any() else black)


def _foreign(lab: Plane) -> Mask:
    """Coloured discs, cloth and lamps at the frame: colours that skin does not have."""
    from scipy import ndimage

    soft = ndimage.gaussian_filter(lab, (2, 2, 0))
    chroma = np.hypot(soft[..., 1], soft[..., 2])
    limit = max(55.0, float(np.median(chroma)) + 28)
    cold = (soft[..., 2] < -14) | (soft[..., 1] < -10)
    lamp = (soft[..., 0] > 93) & (chroma < 15)
    seeds = ndimage.binary_opening(
        (chroma > limit) | cold | lamp, iterations=max(1, round(max(lab.shape) * 0.01))
    )
    foreign = _reaching(seeds, corners_only=False)
    grow = max(2, round(max(lab.shape) * 0.015))
    return np.asarray(ndimage.binary_dilation(foreign, iterations=grow) if foreign.any() else foreign)


def _reaching(mask: Mask, *, corners_only: bool) -> Mask:
    """The parts of `mask` that reach the frame, or one of its corners."""
    from scipy import ndimage

    labels, _ = ndimage.label(mask)
    if corners_only:
        edge = labels[[0, 0, -1, -1], [0, -1, 0, -1]]
    else:
        edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.isin(labels, np.unique(edge[edge > 0]))


def _ink(lab: Plane, side: int) -> Mask:
    """Pen marks: bluish and thin, or violet whatever their width.

    Thresholds are ours, from the pen marks and the blue lesions among 73 photographs: violet ink has
    a* > 9 with b* < -6, which blue-grey lesions (a* near 0) do not.
    """
    from scipy import ndimage

    soft = ndimage.gaussian_filter(lab, (1, 1, 0))
    chroma = np.hypot(soft[..., 1], soft[..., 2])
    bluish = (soft[..., 2] < min(6.0, float(np.median(soft[..., 2])) - 10)) & (chroma > 7)
    labels, count = ndimage.label(bluish)
    if not count:
        return np.zeros(bluish.shape, bool)
    violet = (soft[..., 1] > 9) & (soft[..., 2] < -6)
    violet_share = ndimage.mean(violet, labels, range(count + 1))
    pen = (np.asarray(violet_share) > 0.3) & (np.arange(count + 1) > 0)
    core = ndimage.distance_transform_edt(bluish) > side * 0.03
    thin = bluish.copy()
    if core.any():
        thin &= ndimage.distance_transform_edt(~core) > side * 0.05
    return np.asarray(ndimage.binary_opening(thin) | pen[labels])


def _lines(lightness: Plane, side: int) -> Mask:
    """Hair and ruler lines, dark or light: thin across, long along.

    A line disappears under a morphological closing (dark) or opening (light) across it and survives
    one along it; a dot disappears under both. The difference, averaged along the line, keeps lines.
    """
    across = max(2, int(np.ceil(np.log2(max(4.0, side * HAIR_WIDTH)))))
    along = max(2, int(np.ceil(np.log2(max(4.0, side * HAIR_LENGTH)))))
    found = np.zeros(lightness.shape, bool)
    for plane in (lightness, -lightness):
        hats = {step: _close(plane, step, across) - plane for step in DIRECTIONS}
        for step, hat in hats.items():
            line = hats[_ACROSS[step]] - hat
            mean = _mean_along(np.clip(line, -HAIR_CONTRAST, 3 * HAIR_CONTRAST), step, along)
            found |= (mean > HAIR_CONTRAST) & (line > HAIR_CONTRAST / 2)
    return _long_parts(found, side)


def _long_parts(found: Mask, side: int) -> Mask:
    """The parts that are long for their width: a narrow mole is not hair.

    Ours, from drawn and real moles: a hair is longer than a tenth of the picture across its bounding
    box, and longer than a fifth where it is wider than 2.4 % (tufts and crossings).
    """
    from scipy import ndimage

    labels, count = ndimage.label(found, np.ones((3, 3)))
    if not count:
        return found
    half = np.asarray(ndimage.maximum(ndimage.distance_transform_edt(found), labels, range(1, count + 1)))
    boxes = ndimage.find_objects(labels)
    length = np.array([np.hypot(b[0].stop - b[0].start, b[1].stop - b[1].start) for b in boxes])
    long = length > np.where(half > 0.012 * side, 0.2, 0.1) * side
    return np.asarray(np.concatenate([[False], long])[labels])


def _doublings(step: tuple[int, int], doublings: int) -> list[int]:
    """Shifts 1, 2, 4 …; one fewer along a knight's move, which is twice as long."""
    return [2**i for i in range(doublings - int(max(abs(step[0]), abs(step[1])) > 1))]


def _close(plane: Plane, step: tuple[int, int], doublings: int) -> Plane:
    """Grey closing with a line of about ``2**doublings`` pixels along `step`."""
    powers = _doublings(step, doublings)
    reach = 2 * sum(powers)
    out = np.pad(plane, reach, mode="edge")
    for power in powers:
        out = np.maximum(out, np.roll(out, (step[0] * power, step[1] * power), (0, 1)))
    for power in powers:
        out = np.minimum(out, np.roll(out, (-step[0] * power, -step[1] * power), (0, 1)))
    return np.asarray(out[reach:-reach, reach:-reach])


def _mean_along(plane: Plane, step: tuple[int, int], doublings: int) -> Plane:
    """Mean over a centred line of about ``2**doublings`` pixels along `step`."""
    powers = _doublings(step, doublings)
    reach = 2 * sum(powers)
    out = np.pad(plane, reach, mode="edge")
    for power in powers:
        out = np.float32(0.5) * (out + np.roll(out, (step[0] * power, step[1] * power), (0, 1)))
    back = sum(powers) // 2
    out = np.roll(out, (-step[0] * back, -step[1] * back), (0, 1))
    return np.asarray(out[reach:-reach, reach:-reach])


def _fill(lab: Plane, known: Mask, holes: Mask, side: int) -> Plane:
    """Fill `holes` with the distance-weighted mean of known neighbours, widening until all are filled."""
    from scipy import ndimage

    out = lab.copy()
    todo = holes.copy()
    sigma = max(1.5, side * 0.008)
    weight = known.astype(np.float32)
    while todo.any() and sigma < side:
        near = ndimage.gaussian_filter(weight, sigma)
        ready = todo & (near > 0.05)
        if ready.any():
            for channel in range(3):
                mean = ndimage.gaussian_filter(lab[..., channel] * weight, sigma)
                out[..., channel][ready] = (mean / np.maximum(near, 1e-6))[ready]
        todo &= ~ready
        sigma *= 2
    return out
