"""How unlike the surrounding skin is each pixel? Several answers, as maps to be cut at many levels.

This file does not choose among the regions that the cuts give (see ``tools.lesion.candidates``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.lesion.clean import Working
from tools.lesion.planes import Mask, Plane

MAP_SIDE = 160
"""Longer side at which maps are cut and candidates compared, in pixels."""


@dataclass(frozen=True, eq=False)
class Maps:
    """The reduced picture and its maps.

    Attributes:
        lab: ``(h, w, 3)`` float32 CIELAB, smoothed lightly.
        usable: ``(h, w)`` bool.
        skin: ``(h, w, 3)`` float32, the skin colour expected at each pixel.
        layers: name → ``(h, w)`` float32, 0 on skin and growing with unlikeness.
    """

    lab: Plane
    usable: Mask
    skin: Plane
    layers: dict[str, Plane]


def build_maps(working: Working) -> Maps:
    """Maps of unlikeness at `MAP_SIDE`."""
    from scipy import ndimage

    lab, usable = _reduce(working)
    side = max(lab.shape[:2])
    soft = ndimage.gaussian_filter(lab, (side * 0.008, side * 0.008, 0))
    skin, weight = _skin_field(soft, usable)
    flat = np.array([_weighted_median(soft[..., c], weight) for c in range(3)], np.float32)
    delta, delta_flat = soft - skin, soft - flat
    distance = np.linalg.norm(delta, axis=2)
    noise = max(1.0, 1.4826 * _weighted_median(distance, weight))
    layers = {
        "field": distance,
        "flat": np.linalg.norm(delta_flat, axis=2),
        "dark": np.clip(-delta[..., 0], 0, None),
        "red": np.clip(delta[..., 1], 0, None),
        "hue": np.linalg.norm(delta[..., 1:], axis=2),
        "main": _main_axis(soft, usable),
        "walk": _walk_from_frame(soft, usable, noise),
    }
    return Maps(soft, usable, skin, {name: np.where(usable, layer, 0) for name, layer in layers.items()})


def _reduce(working: Working) -> tuple[Plane, Mask]:
    from PIL import Image as PillowImage

    height, width = working.usable.shape
    scale = min(1.0, MAP_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))

    def reduced(plane: Plane) -> Plane:
        return np.asarray(PillowImage.fromarray(plane).resize(size, PillowImage.Resampling.BILINEAR))

    lab = np.stack([reduced(working.lab[..., channel]) for channel in range(3)], -1)
    return lab, reduced(working.usable.astype(np.float32)) > 0.5


def _skin_field(lab: Plane, usable: Mask) -> tuple[Plane, Plane]:
    """Skin colour as a smooth surface: quadratic in position, fitted again and again without outliers.

    The rim of the picture counts most, because a photographer puts the lesion in the middle.

    Returns:
        ``(h, w, 3)`` expected colour and ``(h, w)`` weight in [0, 1] of each pixel as skin.
    """
    height, width = usable.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    prior = np.where(usable, 0.15 + 0.85 * np.maximum(abs(x), abs(y)) ** 2, 0).astype(np.float32)
    basis = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], -1)
    step = max(1, round(max(height, width) / 64))
    rows, values = basis[::step, ::step].reshape(-1, 6), lab[::step, ::step].reshape(-1, 3)
    weight0 = prior[::step, ::step].ravel()
    centre = np.array([_weighted_median(lab[..., c], prior) for c in range(3)], np.float32)
    surface = np.zeros((6, 3), np.float32)
    surface[0] = centre
    ridge = np.diag([0.0, 0.02, 0.02, 0.1, 0.1, 0.1]) * max(1.0, float(weight0.sum()))
    weight = weight0
    for _ in range(8):
        miss = np.linalg.norm(values - rows @ surface, axis=1)
        spread = max(2.0, 1.4826 * _weighted_median(miss, weight0))
        weight = weight0 / (1 + (miss / (1.5 * spread)) ** 4)
        normal = rows.T @ (rows * weight[:, None]) + ridge
        right = rows.T @ ((values - centre) * weight[:, None])
        surface = np.linalg.solve(normal, right).astype(np.float32)
        surface[0] += centre
    skin = (basis @ surface).astype(np.float32)
    miss = np.linalg.norm(lab - skin, axis=2)
    return skin, prior / (1 + (miss / (1.5 * spread)) ** 4)


def slope_of(lab: Plane) -> Plane:
    """Length of the colour gradient, CIELAB units per pixel."""
    total = np.zeros(lab.shape[:2], np.float32)
    for channel in range(3):
        for part in np.gradient(lab[..., channel]):
            total += part**2
    return np.sqrt(total)


def _weighted_median(values: Plane, weight: Plane) -> float:
    flat, weights = values.ravel(), weight.ravel()
    order = np.argsort(flat)
    total = np.cumsum(weights[order])
    if total[-1] <= 0:
        return float(np.median(flat))
    return float(flat[order][np.searchsorted(total, total[-1] / 2)])


def _main_axis(lab: Plane, usable: Mask) -> Plane:
    """First principal component of colour, turned so that the middle of the picture is high."""
    if usable.sum() < 10:
        return np.zeros(usable.shape, np.float32)
    values = lab[usable]
    mean = values.mean(0)
    axis = np.linalg.eigh(np.cov((values - mean).T))[1][:, -1]
    height, width = usable.shape
    score = (lab - mean) @ axis
    middle = score[height // 3 : -(height // 3) or None, width // 3 : -(width // 3) or None]
    if middle.mean() < score[usable].mean():
        score = -score
    out: Plane = (score - np.percentile(score[usable], 5)).astype(np.float32)
    return np.clip(out, 0, None)


def _walk_from_frame(lab: Plane, usable: Mask, noise: float) -> Plane:
    """Least colour change that a path from the frame must cross (geodesic distance)."""
    from skimage.graph import MCP_Geometric

    slope = np.clip(slope_of(lab) - 0.15 * noise, 0, None) + 0.01
    frame = np.zeros(usable.shape, bool)
    frame[[0, -1]] = frame[:, [0, -1]] = True
    seeds = np.argwhere(frame & usable)
    if not len(seeds):
        return np.zeros(usable.shape, np.float32)
    costs, _ = MCP_Geometric(np.where(usable, slope, 0.01)).find_costs(seeds.tolist())
    return np.asarray(costs, np.float32)
