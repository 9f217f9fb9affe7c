"""Regions that could be the lesion, each with the numbers by which they are compared.

This file does not say which region wins (see ``tools.lesion.choose``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.lesion.clean import Mask
from tools.lesion.maps import Maps, slope_of

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
        ring_contrast: CIELAB distance between a band inside and a band outside the outline.
    """

    mask: Mask
    numbers: NDArray[np.float64]
    ring_contrast: float


def find_candidates(maps: Maps) -> list[Candidate]:
    """Cut every map at every level and keep the up to three best-placed parts of each cut."""
    if maps.usable.sum() < 50:
        return []
    scene = _Scene(maps)
    found: list[Candidate] = []
    for layer in maps.layers.values():
        low, high = np.percentile(layer[maps.usable], (30, 99.5))
        if high - low < 0.5:
            continue
        for level in LEVELS:
            parts = _parts(layer > low + level * (high - low), maps.usable)
            found += [scene.describe(mask) for mask in parts]
    return found


def fill_holes(mask: Mask) -> Mask:
    """The mask with everything it encloses."""
    from scipy import ndimage

    labels, _ = ndimage.label(~mask)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.asarray(mask | ~np.isin(labels, np.unique(edge)))


def _parts(above: Mask, usable: Mask) -> list[Mask]:
    """The up to three largest and most central parts of a cut, smoothed and without holes."""
    from scipy import ndimage

    height, width = above.shape
    smooth = ndimage.gaussian_filter((above & usable).astype(np.float32), max(height, width) * 0.01) > 0.5
    labels, count = ndimage.label(smooth & usable)
    if not count:
        return []
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:].astype(np.float64)
    centres = np.array(ndimage.center_of_mass(labels > 0, labels, range(1, count + 1)))
    away = np.hypot((centres[:, 0] + 0.5) / height - 0.5, (centres[:, 1] + 0.5) / width - 0.5)
    merit = np.sqrt(areas) * np.exp(-4 * away**2)
    best = [i for i in np.argsort(merit)[::-1][:PARTS_PER_CUT] if areas[i] > SMALLEST_SHARE * above.size]
    return [fill_holes(labels == i + 1) & usable for i in best]


class _Scene:
    """What all candidates of one picture share: planes whose sums over a mask are all that is needed."""

    def __init__(self, maps: Maps) -> None:
        height, width = maps.usable.shape
        self._usable = maps.usable
        y, x = np.mgrid[0:height, 0:width]
        off = ((y + 0.5) / height - 0.5) ** 2 + ((x + 0.5) / width - 0.5) ** 2
        # Ours: the middle counts with a standard deviation of a fifth of the picture.
        prior = np.where(maps.usable, np.exp(-off / (2 * 0.2**2)), 0)
        squared = (maps.lab**2).sum(2)
        planes = [np.ones_like(squared), *np.moveaxis(maps.lab, 2, 0), squared]
        planes += [prior / prior.sum(), maps.skin[..., 2]]
        self._planes = np.stack(planes, -1).reshape(-1, len(planes)).astype(np.float64)
        self._total = self._planes.T @ maps.usable.ravel().astype(np.float64)
        slope = slope_of(maps.lab)
        self._slope = slope / (np.percentile(slope[maps.usable], 98) + 1e-6)
        self._inland = np.zeros(maps.usable.shape, bool)
        self._inland[2:-2, 2:-2] = True
        self._band = max(2, round(max(height, width) * 0.02))

    def describe(self, mask: Mask) -> Candidate:
        """Compute a candidate's numbers."""
        inside = self._planes.T @ mask.ravel().astype(np.float64)
        outside = self._total - inside
        if outside[0] < 1:
            outside = self._total
        area = inside[0] / self._total[0]
        mean_in, mean_out = inside / inside[0], outside / outside[0]
        spread_in, spread_out, spread = (
            _spread(m) for m in (mean_in, mean_out, self._total / self._total[0])
        )
        numbers = [
            np.log(area),
            np.log(area) ** 2,
            inside[5] / np.sqrt(area),
            self._edge(mask),
            1 - (area * spread_in + (1 - area) * spread_out) / (spread + 1e-6),
            np.clip((mean_in[3] - mean_in[6]) / 15, -1.5, 1),
        ]
        return Candidate(mask, np.array(numbers, np.float64), self._ring(mask))

    def _edge(self, mask: Mask) -> float:
        """Mean steepness along the outline, away from the frame; 1 is the picture's steepest 2 %."""
        from scipy import ndimage

        rim = mask & ~ndimage.binary_erosion(mask) & self._inland
        return float(self._slope[rim].mean()) if rim.any() else 0.0

    def _ring(self, mask: Mask) -> float:
        from scipy import ndimage

        share = ndimage.uniform_filter(mask.astype(np.float32), 2 * self._band + 1)
        inner, outer = mask & (share < 0.999), ~mask & self._usable & (share > 0.001)
        if not (inner.any() and outer.any()):
            return 0.0
        colours = self._planes[:, 1:4]
        return float(np.linalg.norm(colours[inner.ravel()].mean(0) - colours[outer.ravel()].mean(0)))


def _spread(mean: NDArray[np.float64]) -> float:
    """Variance of colour, summed over the channels, from the means of the colours and their squares."""
    return max(0.0, float(mean[4] - (mean[1:4] ** 2).sum()))
