"""`GreyEncoder`: how a radiograph, scan or ultrasound picture looks, in 229 numbers.

Five blocks, each with the same say: where it is light and dark (layout), which way edges run and
where (edges), how often each grey occurs (greys), its fine structure (texture), and coarse facts of
the frame (frame). Look-alikes found with it share view, body part, and modality far more than disease.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np

from store.encoders.blocks import BlockEncoder, Floats, Mask, cells, local_binary_patterns, shrink
from store.pictures.image import Pixels

# Rec. 601 luma. Source: ITU-R BT.601-7, section 2.5.1. Grey pictures keep their values.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
# Ours: air and the cut-off frame of a display-ready scan lie under a tenth of full brightness.
_BACKGROUND = 0.1
_ORIENTATIONS = 6
_GRID = 8
_EDGE_GRID = 4
_GREYS = 16


class GreyEncoder(BlockEncoder):
    """Layout, edges, greys and texture of display-ready radiographs, CT, MRI, ultrasound and mammograms.

    Colour is ignored.
    """

    name = "casebook-grey-1"
    version = "1"
    domain: Literal["radiology"] = "radiology"
    # Found by tests/bench/encoders.py: 5th percentile of the similarity to the sixth nearest case, the
    # lower of 156 radiographs, CT and MRI slices (VQA-RAD) and 54 ultrasound pictures (BUSI).
    near_floor = 0.44

    def features(self, pixels: Pixels) -> dict[str, Floats]:
        """The five blocks before scaling, for fitting the scale."""
        grey = shrink(pixels) @ _LUMA
        body = grey > _BACKGROUND
        if body.mean() < 0.02:
            body = np.ones_like(body)
        return {
            "layout": _layout(grey),
            "edges": _edges(grey),
            "greys": _greys(grey),
            "texture": local_binary_patterns((grey * 255).astype(np.uint8), body),
            "frame": _frame(grey, body),
        }


def _layout(grey: Floats) -> Floats:
    grid = cells(grey, _GRID, _GRID)
    # Without overall brightness and contrast, which the window decides.
    return np.asarray((grid - grid.mean()) / (grid.std() + 0.02), np.float32).ravel()


def _edges(grey: Floats) -> Floats:
    from scipy import ndimage

    down = ndimage.gaussian_filter(grey, 1.5, order=(1, 0))
    across = ndimage.gaussian_filter(grey, 1.5, order=(0, 1))
    strength = np.hypot(down, across)
    turn = np.floor((np.arctan2(down, across) % np.pi) / np.pi * _ORIENTATIONS) % _ORIENTATIONS
    found = [cells(strength * (turn == k), _EDGE_GRID, _EDGE_GRID) for k in range(_ORIENTATIONS)]
    histogram = np.stack(found)
    return np.asarray(np.sqrt(histogram / (histogram.sum() + 1e-3)), np.float32).ravel()


def _greys(grey: Floats) -> Floats:
    counts, _ = np.histogram(grey, bins=_GREYS, range=(0.0, 1.0 + 1e-6))
    return np.asarray(np.sqrt(counts / counts.sum()), np.float32)


def _frame(grey: Floats, body: Mask) -> Floats:
    from scipy import ndimage

    height, width = grey.shape
    levels = [grey, *(ndimage.gaussian_filter(grey, sigma) for sigma in (0.7, 1.4, 2.8, 5.6, 11.2))]
    bands = [(fine - coarse)[body].std() for fine, coarse in pairwise(levels)]
    border = np.concatenate([body[0], body[-1], body[:, 0], body[:, -1]]).mean()
    mirrored = np.abs(levels[4] - levels[4][:, ::-1]).mean() / (grey.std() + 0.02)
    upended = np.abs(levels[4] - levels[4][::-1]).mean() / (grey.std() + 0.02)
    about = [np.log(width / height), body.mean(), border, mirrored, upended, grey[body].mean()]
    return np.array([*np.log(np.array(bands) + 0.002), *about], np.float32)
