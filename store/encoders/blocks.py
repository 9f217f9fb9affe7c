"""What both built-in encoders share: their frame, shrinking, local binary patterns, and joining blocks.

A *block* is a few numbers that describe one aspect (layout, colour, texture, shape). Numbers of one
block are brought to a common scale and every block gets the same say, whatever its length.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Blocks = Mapping[str, NDArray[np.floating]]

# Ours: at 160 px a hair is about a pixel wide and a pigment network just resolved, which is what the
# texture blocks look at; a picture takes about 30 ms.
SIDE_PX = 160
_SHORTEST_PX = 16

# Ours: beyond three robust standard deviations a feature says "extreme", and one feature may not
# drown the others.
_CLIP = 3.0

# (radius in px, sampling points). Source: T. Ojala, M. Pietikäinen, T. Mäenpää, IEEE TPAMI 24 (2002)
# 971–987: 8, 16 and 24 points at radii 1, 2 and 3 (section 3.1). Ours are 1, 2 and 4 px with 8, 12
# and 16 points: fewer points, so that the histogram of a small lesion is not mostly empty.
_LBP_RINGS = ((1, 8), (2, 12), (4, 16))


@dataclass(frozen=True)
class Scale:
    """Centre and spread of every feature, per block, for typical pictures of the encoder's domain."""

    centre: Mapping[str, Floats]
    spread: Mapping[str, Floats]

    @property
    def dimension(self) -> int:
        """How many features there are in all."""
        return sum(len(values) for values in self.centre.values())

    def join(self, blocks: Blocks) -> Floats:
        """Make one unit vector of the blocks.

        Args:
            blocks: name → features, the names and lengths of `centre`.

        Returns:
            ``(dimension,)`` float32 of length 1.
        """
        parts = []
        for name, centre in self.centre.items():
            scaled = np.clip((blocks[name] - centre) / self.spread[name], -_CLIP, _CLIP)
            parts.append(scaled / np.sqrt(len(centre)))
        vector = np.concatenate(parts).astype(np.float32)
        length = float(np.linalg.norm(vector))
        if length == 0.0:  # every feature exactly typical: any fixed direction will do
            vector[0] = length = 1.0
        return np.asarray(vector / length, np.float32)


@cache
def read_scale(name: str) -> Scale:
    """Read the scale that ``tests/bench/encoders.py --fit`` wrote for the encoder `name`."""
    data = json.loads(resources.files("store.encoders").joinpath(f"{name}.json").read_text("utf-8"))
    blocks: dict[str, dict[str, list[float]]] = data["blocks"]
    return Scale(
        {block: np.array(values["centre"], np.float32) for block, values in blocks.items()},
        {block: np.array(values["spread"], np.float32) for block, values in blocks.items()},
    )


class BlockEncoder(ABC):
    """A built-in encoder: blocks of features of a picture, brought to the scale of its name and joined.

    Attributes:
        name: of the encoder, and of the file with its scale.
    """

    name: str
    space = "cosine"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._scale.dimension

    @property
    def _scale(self) -> Scale:
        return read_scale(self.name)

    def encode(self, pixels: Pixels) -> Floats:
        """Describe a picture.

        Args:
            pixels: ``(H, W, 3)`` uint8 RGB, any size.

        Returns:
            ``(dimension,)`` float32 unit vector; the same pixels give the same vector.
        """
        return self._scale.join(self.features(pixels))

    @abstractmethod
    def features(self, pixels: Pixels) -> dict[str, Floats]:
        """The blocks of ``(H, W, 3)`` uint8 RGB before scaling, for fitting the scale."""


def shrink(pixels: Pixels, side: int = SIDE_PX) -> Floats:
    """Bring a picture to a working size, keeping its aspect.

    Args:
        pixels: ``(H, W, 3)`` uint8.
        side: longest side of the result in pixels; very long, thin pictures are widened.

    Returns:
        ``(h, w, 3)`` float32 in [0, 1].
    """
    from PIL import Image as PillowImage

    height, width = pixels.shape[:2]
    factor = side / max(height, width)
    size = max(_SHORTEST_PX, round(width * factor)), max(_SHORTEST_PX, round(height * factor))
    how = PillowImage.Resampling.BOX if factor < 1 else PillowImage.Resampling.BILINEAR
    small = PillowImage.fromarray(np.ascontiguousarray(pixels)).resize(size, how)
    return np.asarray(np.asarray(small, np.float32) / 255, np.float32)


def cells(plane: NDArray[np.floating], rows: int, columns: int) -> Floats:
    """Mean of each cell of a grid laid over ``(H, W)``; returns ``(rows, columns)`` float32."""
    from PIL import Image as PillowImage

    picture = PillowImage.fromarray(np.ascontiguousarray(plane, np.float32))
    return np.asarray(picture.resize((columns, rows), PillowImage.Resampling.BOX), np.float32)


def from_centre(height: int, width: int) -> Floats:
    """Distance of each pixel from the middle, ``(H, W)`` float32; 1 at the middle of each edge."""
    y = (np.arange(height, dtype=np.float32) - (height - 1) / 2) / (height / 2)
    x = (np.arange(width, dtype=np.float32) - (width - 1) / 2) / (width / 2)
    return np.asarray(np.hypot(y[:, None], x[None, :]), np.float32)


def local_binary_patterns(grey: NDArray[np.uint8], where: Mask) -> Floats:
    """Share of each uniform local binary pattern inside a mask, as square roots, ring after ring.

    Args:
        grey: ``(H, W)`` uint8.
        where: ``(H, W)`` bool, at least one pixel.

    Returns:
        ``(42,)`` float32. Square roots, so that rare patterns count as well (Hellinger distance).
    """
    from skimage.feature import local_binary_pattern

    histograms = []
    for radius, points in _LBP_RINGS:
        codes = local_binary_pattern(grey, points, radius, "uniform")[where].astype(np.int64)
        counts = np.bincount(codes, minlength=points + 2)
        histograms.append(np.sqrt(counts / counts.sum()))
    return np.concatenate(histograms).astype(np.float32)
