"""Hair and ruler lines: thin across, long along, darker or lighter than what lies beside."""

from __future__ import annotations

import numpy as np

from tools.lesion.planes import Mask, Plane

# Ours, found by looking at hair, rulers and ink on 73 photographs: a hair is narrower than 2.6 % of
# the picture, at least 5 % long, and at least 4 L* units darker or lighter than what lies beside it.
HAIR_WIDTH = 0.026
HAIR_LENGTH = 0.05
HAIR_CONTRAST = 4.0

DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1))
_ACROSS = {step: next(d for d in DIRECTIONS if d[0] * step[0] + d[1] * step[1] == 0) for step in DIRECTIONS}


def find_lines(lightness: Plane, side: int) -> Mask:
    """Hair and ruler lines in a picture whose longer side is `side`.

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
