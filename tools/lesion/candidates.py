"""Regions that could be the lesion, each with the numbers by which they are compared.

This file does not say which region wins (see ``tools.lesion.choose``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.lesion.maps import Maps, slope_of
from tools.lesion.planes import Mask, Plane

# Ours: cuts between the level of skin (30th percentile) and of the strongest pixels (99.5th).
LEVELS = (0.08, 0.15, 0.22, 0.29, 0.36, 0.43, 0.5, 0.57, 0.64, 0.71, 0.78, 0.85)
SMALLEST_SHARE = 0.0015
PARTS_PER_CUT = 3

FEATURES = ("log_area", "log_area_squared", "middle", "edge", "explained", "browner")
"""What is known of a candidate; `_Scene.describe` computes them in this order.

Six were kept of eighteen tried. The others (solidity, roundness, frame contact, redness, stability …)
did not make outlines better on photographs left out of the fit.
"""


@dataclass(frozen=True, eq=False)
class Candidate:
    """One region.

    Attributes:
        mask: ``(h, w)`` bool at map size.
        numbers: ``(len(FEATURES),)`` float64.
    """

    mask: Mask
    numbers: NDArray[np.float64]


def find_candidates(maps: Maps) -> list[Candidate]:
    """Cut every map at every level and keep the up to three best-placed parts of each cut."""
    if maps.usable.sum() < 50:
        return []
    scene = _Scene(maps)
    found: list[Candidate] = []
    for layer in maps.layers.values():
        masks = _cut(layer, maps.usable)
        if masks:
            found += map(Candidate, masks, scene.describe(np.stack(masks)))
    return found


def fill_holes(mask: Mask) -> Mask:
    """The mask with everything it encloses."""
    from scipy import ndimage

    height, width = mask.shape
    # A margin lets the outside run round a mask that touches the frame.
    outside = np.ones((height + 2, width + 2), bool)
    outside[1:-1, 1:-1] = ~mask
    labels, count = ndimage.label(outside)
    return mask if count == 1 else np.asarray(labels != labels[0, 0])[1:-1, 1:-1]


def _cut(layer: Plane, usable: Mask) -> list[Mask]:
    """The parts of one map at every level."""
    from scipy import ndimage

    low, high = np.percentile(layer[usable], (30, 99.5))
    if high - low < 0.5:
        return []
    limits = low + np.array(LEVELS) * (high - low)
    above = ((layer > limits[:, None, None]) & usable).astype(np.float32)
    # Ours: twice a mean over 2.6 % of the picture, which takes off what is finer than 1 % of it.
    width = 2 * round(max(layer.shape) * 0.013) + 1
    soft = ndimage.uniform_filter(ndimage.uniform_filter(above, (0, width, width)), (0, width, width))
    return [mask for smooth in (soft > 0.5) & usable for mask in _parts(smooth, usable)]


def _parts(smooth: Mask, usable: Mask) -> list[Mask]:
    """The up to three largest and most central parts of a cut, without holes."""
    from scipy import ndimage

    height, width = smooth.shape
    labels, count = ndimage.label(smooth)
    if not count:
        return []
    places = np.flatnonzero(labels)
    which = labels.ravel()[places]
    areas = np.bincount(which, minlength=count + 1)[1:].astype(np.float64)
    rows, columns = (np.bincount(which, at, count + 1)[1:] / areas for at in np.divmod(places, width))
    away = np.hypot((rows + 0.5) / height - 0.5, (columns + 0.5) / width - 0.5)
    merit = np.sqrt(areas) * np.exp(-4 * away**2)
    best = [i for i in np.argsort(merit)[::-1][:PARTS_PER_CUT] if areas[i] > SMALLEST_SHARE * smooth.size]
    boxes = ndimage.find_objects(labels)
    return [_whole(labels, i + 1, boxes[i]) & usable for i in best]


def _whole(labels: NDArray[np.int32], number: int, box: tuple[slice, ...]) -> Mask:
    """One part without its holes, which can only lie in its own box."""
    mask = np.zeros(labels.shape, bool)
    mask[box] = fill_holes(labels[box] == number)
    return mask


class _Scene:
    """What all candidates of one picture share: planes whose sums over a mask are all that is needed."""

    def __init__(self, maps: Maps) -> None:
        height, width = maps.usable.shape
        y, x = np.mgrid[0:height, 0:width]
        off = ((y + 0.5) / height - 0.5) ** 2 + ((x + 0.5) / width - 0.5) ** 2
        # Ours: the middle counts with a standard deviation of a fifth of the picture.
        prior = np.where(maps.usable, np.exp(-off / (2 * 0.2**2)), 0)
        # About the mean, so that sums of squares keep their digits in float32.
        lab = maps.lab - maps.lab[maps.usable].mean(0)
        planes = [np.ones_like(off), *np.moveaxis(lab, 2, 0), (lab**2).sum(2)]
        planes += [prior / prior.sum(), maps.lab[..., 2] - maps.skin[..., 2]]
        self._planes = np.stack(planes, -1).reshape(-1, len(planes)).astype(np.float32)
        self._total = maps.usable.ravel().astype(np.float32) @ self._planes
        slope = slope_of(maps.lab)
        self._slope = slope / (np.percentile(slope[maps.usable], 98) + 1e-6)

    def describe(self, masks: Mask) -> NDArray[np.float64]:
        """The numbers of candidates: ``(n, h, w)`` bool → ``(n, len(FEATURES))``."""
        inside = (masks.reshape(len(masks), -1).astype(np.float32) @ self._planes).astype(np.float64)
        outside = self._total - inside
        outside[outside[:, 0] < 1] = self._total
        area = inside[:, 0] / self._total[0]
        within, without, whole = (
            _spread(sums) for sums in (inside, outside, self._total[None].astype(np.float64))
        )
        numbers = [
            np.log(area),
            np.log(area) ** 2,
            inside[:, 5] / np.sqrt(area),
            self._edge(masks),
            1 - (area * within + (1 - area) * without) / (whole + 1e-6),
            np.clip(inside[:, 6] / inside[:, 0] / 15, -1.5, 1),
        ]
        return np.stack(numbers, 1)

    def _edge(self, masks: Mask) -> NDArray[np.float64]:
        """Mean steepness along each outline, away from the frame; 1 is the picture's steepest 2 %."""
        inner = masks[:, 2:-2, 2:-2]
        core = masks[:, 1:-3, 2:-2] & masks[:, 3:-1, 2:-2] & masks[:, 2:-2, 1:-3] & masks[:, 2:-2, 3:-1]
        rims = (inner & ~core).reshape(len(masks), -1).astype(np.float32)
        steepness = rims @ self._slope[2:-2, 2:-2].ravel()
        return np.asarray(steepness / np.maximum(1, rims.sum(1)), np.float64)


def ring_contrast(mask: Mask, maps: Maps) -> float:
    """CIELAB distance between a band inside and a band outside an outline, each 2 % of the picture wide."""
    from scipy import ndimage

    band = max(2, round(max(mask.shape) * 0.02))
    share = ndimage.uniform_filter(mask.astype(np.float32), 2 * band + 1)
    inner, outer = mask & (share < 0.999), ~mask & maps.usable & (share > 0.001)
    if not (inner.any() and outer.any()):
        return 0.0
    return float(np.linalg.norm(maps.lab[inner].mean(0) - maps.lab[outer].mean(0)))


def _spread(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of colour, summed over the channels, from ``(n, planes)`` sums."""
    mean = sums / sums[:, :1]
    return np.asarray(np.maximum(0.0, mean[:, 4] - (mean[:, 1:4] ** 2).sum(1)))
