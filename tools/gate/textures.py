"""Surfaces drawn from a seed: wood, cloth, stone, metal, foliage, sand. Skin is easily taken for them.

Each drawing is noise of several scales in the colours of a material; see ``tools.gate.drawn`` for the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels

Generator = np.random.Generator
Plane = NDArray[np.floating[Any]]

# Ours: dark and light tone of each material, as red, green, blue in [0, 1].
_WOODS = (((0.25, 0.13, 0.06), (0.62, 0.4, 0.22)), ((0.5, 0.33, 0.18), (0.86, 0.7, 0.5)),
          ((0.35, 0.3, 0.26), (0.7, 0.65, 0.6)), ((0.3, 0.1, 0.05), (0.6, 0.25, 0.14)))  # fmt: skip


def _size(rng: Generator) -> tuple[int, int]:
    height, width = rng.integers(160, 420, 2)
    return int(height), int(width)


def _cloud(rng: Generator, shape: tuple[int, int], down: float, across: float) -> Plane:
    """Smooth noise in [0, 1] whose patches are about `down` by `across` pixels."""
    from scipy import ndimage

    plane = ndimage.gaussian_filter(rng.normal(size=shape), (down / 2, across / 2), mode="wrap")
    low, high = np.percentile(plane, (1, 99))
    return np.asarray(np.clip((plane - low) / (high - low + 1e-9), 0, 1))


def _tinted(share: Plane, dark: Any, light: Any, rng: Generator) -> Pixels:
    """`share` of the light tone at each pixel, with a little shift of hue and grain."""
    shift = rng.normal(0, 0.04, 3)
    tones = np.array(dark) + share[..., None] * (np.array(light) - np.array(dark)) + shift
    grain = rng.normal(0, rng.uniform(0, 0.03), (*share.shape, 1))
    return np.asarray(np.clip(tones + grain, 0, 1) * 255, np.uint8)


def _any_tones(rng: Generator, *, warm: bool) -> tuple[Any, Any]:
    base = np.sort(rng.uniform(0.1, 0.95, 3))[::-1] if warm else rng.uniform(0.1, 0.95, 3)
    return base * rng.uniform(0.25, 0.8), base


def _wood(rng: Generator) -> Pixels:
    """Year rings cut along or across, fibres, now and then a knot and joints between boards."""
    shape = _size(rng)
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(float)
    bend = _cloud(rng, shape, 30, 200) * rng.uniform(10, 60)
    away = rows + bend
    for _ in range(int(rng.integers(0, 3))):
        y, x = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
        near = np.exp(-(((rows - y) / 25) ** 2 + ((columns - x) / 45) ** 2))
        away = away + near * np.hypot(rows - y, columns - x)
    if rng.random() < 0.25:
        away = np.hypot(rows - shape[0] / 2, columns - shape[1] / 2) + bend
    rings = 0.5 + 0.5 * np.sin(away / rng.uniform(1.5, 8))
    share = 0.5 * rings + 0.3 * _cloud(rng, shape, 1.5, 60) + 0.2 * _cloud(rng, shape, 40, 90)
    if rng.random() < 0.4:
        board = max(20, shape[0] // int(rng.integers(2, 6)))
        share = (
            share * (1 - 0.8 * (rows % board < 2))
            + rng.uniform(-0.15, 0.15, 12)[(rows // board).astype(int) % 12]
        )
    pixels = _tinted(np.clip(share, 0, 1), *_WOODS[int(rng.integers(len(_WOODS)))], rng)
    return np.ascontiguousarray(np.rot90(pixels)) if rng.random() < 0.4 else pixels


def _cloth(rng: Generator) -> Pixels:
    shape = _size(rng)
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(float)
    pitch = rng.uniform(2, 9)
    weave = np.maximum(np.sin(rows / pitch * np.pi), np.sin(columns / pitch * np.pi))
    folds = _cloud(rng, shape, 60, 60)
    share = np.clip(0.35 + 0.25 * weave + 0.5 * (folds - 0.4) + 0.1 * _cloud(rng, shape, 2, 2), 0, 1)
    return _tinted(share, *_any_tones(rng, warm=rng.random() < 0.5), rng)


def _stone(rng: Generator) -> Pixels:
    """Marble, plaster, rock and planets: clouds of every scale, veins."""
    shape = _size(rng)
    scales = [_cloud(rng, shape, side, side) for side in (3, 9, 27, 81)]
    share = np.tensordot(rng.dirichlet(np.ones(4)), np.stack(scales), 1)
    if rng.random() < 0.5:
        share = share * np.clip(np.abs(scales[2] - 0.5) * rng.uniform(4, 14), 0.2, 1)
    return _tinted(share, *_any_tones(rng, warm=rng.random() < 0.6), rng)


def _metal(rng: Generator) -> Pixels:
    shape = _size(rng)
    shine = np.linspace(rng.uniform(0.2, 1), rng.uniform(0.2, 1), shape[0])[:, None]
    share = np.clip(shine * (0.75 + 0.4 * (_cloud(rng, shape, 1.2, 120) - 0.5)), 0, 1)
    return _tinted(share, (0.05, 0.05, 0.06), rng.uniform(0.6, 0.95) * np.ones(3), rng)


def _foliage(rng: Generator) -> Pixels:
    """Leaves, grass, moss and fur: short strokes, one over the other."""
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    height, width = _size(rng)
    dark, light = _any_tones(rng, warm=rng.random() < 0.5)
    sheet = PillowImage.new("RGB", (width, height), tuple(int(255 * tone) for tone in dark))
    pen, length, turn = ImageDraw.Draw(sheet), rng.uniform(8, 40), rng.uniform(0, np.pi)
    for _ in range(900):
        y, x = rng.uniform(0, height), rng.uniform(0, width)
        angle, mix = turn + rng.normal(0, 0.6), rng.uniform()
        fill = tuple(int(255 * tone) for tone in np.clip(dark + mix * (light - dark), 0, 1))
        end = (x + length * np.cos(angle), y + length * np.sin(angle))
        pen.line([(x, y), end], fill=fill, width=int(rng.integers(1, 4)))
    return np.array(sheet, np.uint8)


def _pebbles(rng: Generator) -> Pixels:
    """Sand, gravel, tiles, leather, food: cells around random points."""
    from scipy.spatial import cKDTree

    shape = _size(rng)
    points = rng.uniform(0, 1, (int(np.exp(rng.uniform(np.log(15), np.log(1500)))), 2)) * shape
    places = np.mgrid[0 : shape[0], 0 : shape[1]].reshape(2, -1).T
    away, which = cKDTree(points).query(places, k=2)
    edge = np.clip((away[:, 1] - away[:, 0]) / rng.uniform(1.5, 6), 0, 1).reshape(shape)
    tone = rng.uniform(0.3, 1, len(points))[which[:, 0]].reshape(shape)
    return _tinted(edge * tone, *_any_tones(rng, warm=rng.random() < 0.7), rng)


TEXTURES: dict[str, Callable[[Generator], Pixels]] = {
    "cloth": _cloth,
    "foliage": _foliage,
    "metal": _metal,
    "pebbles": _pebbles,
    "stone": _stone,
    "wood": _wood,
}
"""What can be drawn, by name."""
