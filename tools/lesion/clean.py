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

WORKING_SIDE = 448
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
    # Every n-th pixel of a large picture still leaves two for each one wanted, each way.
    step = max(1, int(1 / scale / 2))
    picture = PillowImage.fromarray(np.ascontiguousarray(pixels[::step, ::step]))
    return np.asarray(picture.resize(size, PillowImage.Resampling.BOX, reducing_gap=2.0))


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
    pen = np.bincount(labels.ravel(), violet.ravel()) > 0.3 * np.bincount(labels.ravel())
    pen[0] = False
    wide = _wide(labels, side * 0.03)
    thin = bluish
    if wide.any():
        thin = bluish & (ndimage.distance_transform_edt(~wide) > side * 0.05)
    return np.asarray(ndimage.binary_opening(thin) | pen[labels])


def _wide(labels: NDArray[np.int32], reach: float) -> Mask:
    """The pixels further than `reach` from the rim of their part."""
    from scipy import ndimage

    # Only a part as large as a disc of that radius can have such pixels.
    large = np.bincount(labels.ravel()) > np.pi * reach**2
    large[0] = False
    if not large.any():
        return np.zeros(labels.shape, bool)
    return np.asarray(ndimage.distance_transform_edt(large[labels]) > reach)


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

    labels, _ = ndimage.label(found, np.ones((3, 3)))
    kept = np.zeros(found.shape, bool)
    for number, box in enumerate(ndimage.find_objects(labels), 1):
        length = float(np.hypot(box[0].stop - box[0].start, box[1].stop - box[1].start))
        if length <= 0.1 * side:
            continue
        part = labels[box] == number
        half = ndimage.distance_transform_edt(np.pad(part, 1)).max()
        kept[box] |= part & (length > (0.2 if half > 0.012 * side else 0.1) * side)
    return kept


def _doublings(step: tuple[int, int], doublings: int) -> list[int]:
    """Shifts 1, 2, 4 …; one fewer along a knight's move, which is twice as long."""
    return [2**i for i in range(doublings - int(max(abs(step[0]), abs(step[1])) > 1))]


def _close(plane: Plane, step: tuple[int, int], doublings: int) -> Plane:
    """Grey closing with a line of about ``2**doublings`` pixels along `step`."""
    powers = _doublings(step, doublings)
    out = np.pad(plane, [(sum(powers) * abs(move),) * 2 for move in step], mode="edge")
    for join in (np.maximum, np.minimum):
        for power in powers:
            out = join(*_pairs(out, step, power))
    return out


def _mean_along(plane: Plane, step: tuple[int, int], doublings: int) -> Plane:
    """Mean over a centred line of about ``2**doublings`` pixels along `step`."""
    powers = _doublings(step, doublings)
    reach = sum(powers)
    before, after = reach - reach // 2, reach // 2
    ends = [(before * move, after * move) if move >= 0 else (-after * move, -before * move) for move in step]
    out = np.pad(plane, ends, mode="edge")
    for power in powers:
        one, other = _pairs(out, step, power)
        out = np.float32(0.5) * (one + other)
    return out


def _pairs(plane: Plane, step: tuple[int, int], power: int) -> tuple[Plane, Plane]:
    """Every pixel, and the one `power` steps on, where both are in the plane."""
    ahead = tuple(slice(max(0, move * power), min(0, move * power) or None) for move in step)
    behind = tuple(slice(max(0, -move * power), min(0, -move * power) or None) for move in step)
    return plane[behind], plane[ahead]


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
