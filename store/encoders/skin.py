"""`SkinEncoder`: how a skin picture looks, in 162 numbers.

Five blocks, each with the same say: where colour lies relative to the surrounding skin (layout),
how colour and its spread change from the middle outwards (rings), which colours the lesion has
(colour), its fine structure (texture), and its outline and contrast (shape). Look-alikes found with
it share colour and form, and also camera, lighting and rulers; they need not share a diagnosis.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from store.encoders.blocks import BlockEncoder, Floats, cells, from_centre, local_binary_patterns, shrink
from store.encoders.lesion import LesionView, see_lesion
from store.pictures.image import Pixels

# Ours: ranges of L* and a* relative to the surrounding skin; what lies beyond counts at the edge.
_LIGHTNESS_RANGE = (-70.0, 30.0)
_REDNESS_RANGE = (-30.0, 40.0)


class SkinEncoder(BlockEncoder):
    """Colour, texture and shape of clinical skin photographs and dermoscopic pictures."""

    name = "casebook-skin-1"
    version = "1"
    domain: Literal["dermatology"] = "dermatology"
    # Found by tests/bench/encoders.py: 5th percentile of the similarity to the sixth nearest case, the
    # lower of 131 dermoscopic pictures (ISIC 2017) and 59 phone photographs (PAD-UFES-20).
    near_floor = 0.28

    def features(self, pixels: Pixels) -> dict[str, Floats]:
        """The five blocks before scaling, for fitting the scale."""
        view = see_lesion(shrink(pixels))
        return {
            "layout": _layout(view),
            "rings": _rings(view),
            "colour": _colour(view),
            "texture": _texture(view),
            "shape": np.concatenate([_outline(view), _contrast(view)]).astype(np.float32),
        }


def _layout(view: LesionView) -> Floats:
    # Folded over both axes: a mole is the same mole upside down.
    grid = np.stack([cells(view.relative[..., c], 6, 6) for c in range(3)], axis=-1)
    folded = (grid + grid[::-1] + grid[:, ::-1] + grid[::-1, ::-1]) / 4
    return np.asarray(folded[:3, :3], np.float32).ravel()


def _rings(view: LesionView) -> Floats:
    radius = from_centre(*view.lab.shape[:2])
    found = []
    for inner in (0.0, 0.2, 0.4, 0.6, 0.8):
        ring = (radius >= inner) & (radius < inner + 0.2) & view.usable
        colours = view.lab[ring if ring.sum() > 5 else view.usable]
        found += [colours.mean(axis=0), np.log(colours.std(axis=0) + 0.5)]
    return np.concatenate(found).astype(np.float32)


def _colour(view: LesionView) -> Floats:
    from scipy import ndimage

    relative = view.lab[view.lesion] - view.skin
    lightness = np.clip(relative[:, 0], _LIGHTNESS_RANGE[0], _LIGHTNESS_RANGE[1] - 1e-3)
    redness = np.clip(relative[:, 1], _REDNESS_RANGE[0], _REDNESS_RANGE[1] - 1e-3)
    counts, _, _ = np.histogram2d(lightness, redness, bins=7, range=(_LIGHTNESS_RANGE, _REDNESS_RANGE))
    smooth = ndimage.gaussian_filter(counts, 0.7)
    return np.asarray(np.sqrt(smooth / smooth.sum()), np.float32).ravel()


def _texture(view: LesionView) -> Floats:
    from scipy import ndimage

    lightness = ndimage.gaussian_filter(view.lab[..., 0], 0.5) * 2.55
    return local_binary_patterns(np.clip(lightness, 0, 255).astype(np.uint8), view.lesion)


def _outline(view: LesionView) -> Floats:
    from scipy import ndimage

    inside, lightness = view.inside, view.lab[..., 0]
    height, width = inside.shape
    y, x = np.nonzero(inside)
    area, centre_y, centre_x = len(y), y.mean(), x.mean()
    spread = np.sort(np.linalg.eigvalsh(np.cov(np.stack([y, x])))) + 1e-3
    edge = inside & ~ndimage.binary_erosion(inside)
    steepness = ndimage.gaussian_gradient_magnitude(lightness, 1.5)[edge]
    distance = np.hypot(y - centre_y, x - centre_x)
    at_frame = (inside[0].mean() + inside[-1].mean() + inside[:, 0].mean() + inside[:, -1].mean()) / 4
    middle = (height - 1) / 2 - centre_y, (width - 1) / 2 - centre_x
    centred = ndimage.shift(inside.astype(np.float32), middle, order=0)
    turned = centred[::-1, ::-1]
    overlap = np.minimum(centred, turned).sum() / max(1.0, np.maximum(centred, turned).sum())
    return np.array(
        [
            np.log(area / inside.size + 0.01),
            np.log(spread[1] / spread[0]),
            # Isoperimetric ratio: 1 for a disc.
            np.log(edge.sum() ** 2 / (4 * np.pi * area) + 0.1),
            np.log(steepness.mean() + 0.5),
            steepness.std() / (steepness.mean() + 0.5),
            np.log(ndimage.label(inside)[1]),
            at_frame,
            1 - overlap,
            distance.std() / (np.sqrt(area / np.pi) + 1),
            np.hypot(*middle) / width,
        ],
        np.float32,
    )


def _contrast(view: LesionView) -> Floats:
    difference = view.difference
    inside, around = difference[view.lesion], difference[~view.inside]
    quiet = around.mean() if around.size else 0.0
    return np.array(
        [
            np.log(inside.mean() + 2),
            np.log(np.percentile(inside, 95) + 2),
            inside.std() / (inside.mean() + 2),
            np.log(quiet + 1),
        ],
        np.float32,
    )
