"""Finds text in pixels with RapidOCR, whose models come with its package: nothing is fetched.

Finding is more than reading: what cannot be read is found all the same, and no word of it is passed on.
Passes, each for what the one before misses: the picture as it is; its contrast stretched place by place, for
grey on grey; turned by a quarter, for lines that run upwards; and tiles of a large picture, for small print.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.errors import SetupError
from store.pictures.image import Pixels
from tools.burned_in.boxes import Box, Corners, merged
from tools.language.rules import heard

KINDS = ("side", "scale", "window", "calliper")
"""Text that names nobody, by the rules of ``prompts/hearing/burned_in.toml``."""

MISSING = (
    'The package that finds text in pixels is not installed: pip install -c constraints.txt ".[privacy]"'
)

# Ours: the detector was trained on sides of about that many pixels; small pictures are enlarged.
_SIDE, _SMALL, _MOST_ENLARGED = 1280, 736, 3.0
_TILE, _OVERLAP = 1024, 96
# Ours: flatter tiles hold no text.
_FLAT = 2.0
_TURNED = 1
# Ours: what is thicker, as a share of the picture's smaller side, is a part of the picture and no text.
_THICKEST = 0.3
# Ours: thicker than that share and less than that many times as long, it must be read to be text.
_LARGE, _LONG = 0.08, 2.0
# Ours: smaller pieces hold no letter; a score of the reader from which a word counts as read.
_LEAST, _READ = 4, 0.6


def available() -> bool:
    """Whether text can be looked for here."""
    return importlib.util.find_spec("rapidocr") is not None


def threads() -> int:
    """Threads that the model computes with: as many as other libraries are told to, or -1, one per core."""
    told = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(told) if told.isdecimal() and int(told) else -1


class Finder:
    """Looks for text. Safe to share between threads; the model is loaded on first use.

    Raises:
        SetupError: on first use, if the package is missing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        if not available():
            raise SetupError(MISSING)
        from rapidocr import RapidOCR

        return RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.text_score": 0.0,
                "Global.width_height_ratio": -1,
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads(),
            }
        )

    def find(self, picture: Pixels, *, read: bool = False) -> list[Box]:
        """Every place where text stands.

        Args:
            picture: ``(H, W)`` or ``(H, W, 3)`` uint8.
            read: tell apart what names nobody; else all is ``text``.
        """
        grey = _grey(picture)
        with self._lock:
            found = merged(corners for one in _passes(grey) for corners in self._detected(*one))
            found = [one for one in found if not _may_be_a_lesion(one, grey.shape) or self._read(grey, one)]
            return [Box(one, _kind(self._read(grey, one)) if read else "text") for one in found]

    def find_again(self, picture: Pixels) -> list[Box]:
        """What is found at one glance, after the text was masked."""
        grey = _grey(picture)
        with self._lock:
            found = merged(self._detected(grey, (0.0, 0.0)))
            return [
                Box(one) for one in found if not _may_be_a_lesion(one, grey.shape) or self._read(grey, one)
            ]

    def _detected(self, grey: NDArray[np.uint8], at: tuple[float, float], turns: int = 0) -> list[Corners]:
        height, width = grey.shape
        scale = float(np.clip(_SMALL / max(min(height, width), 1), 1.0, _MOST_ENLARGED))
        scale = min(scale, _SIDE / max(height, width))
        pixels = _resized(np.rot90(grey, turns), scale)
        found = self._model(
            np.repeat(pixels[:, :, None], 3, axis=2), use_det=True, use_cls=False, use_rec=False
        )
        if found.boxes is None:
            return []
        boxes = [np.asarray(one, np.float64) / scale for one in found.boxes]
        boxes = [one for one in boxes if _thickness(one) <= _THICKEST * min(height, width)]
        return [(_back(one, width) if turns else one) + np.asarray(at) for one in boxes]

    def _read(self, grey: NDArray[np.uint8], corners: Corners) -> str:
        """What was read in a place; empty where no letter or digit was."""
        left, top, right, bottom = Box(corners).around
        crop = grey[max(int(top) - 2, 0) : int(bottom) + 3, max(int(left) - 2, 0) : int(right) + 3]
        if min(crop.shape) < _LEAST:
            return ""
        if crop.shape[0] > 2 * crop.shape[1]:
            crop = np.rot90(crop, -_TURNED)
        said = self._model(np.repeat(crop[:, :, None], 3, axis=2), use_det=False, use_cls=False, use_rec=True)
        read = zip(said.txts or (), said.scores or (), strict=True)
        words = " ".join(text for text, score in read if score >= _READ)
        return words if any(letter.isascii() and letter.isalnum() for letter in words) else ""


def _kind(words: str) -> str:
    return next((kind for kind in KINDS if words and heard("burned_in", kind).search(words)), "text")


def _may_be_a_lesion(corners: Corners, shape: tuple[int, ...]) -> bool:
    """Whether a place is large and nearly as high as wide: a lesion looks like that, and few texts do."""
    thick = _thickness(corners)
    longest = max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[1] - corners[2]))
    return thick > _LARGE * min(shape) and float(longest) < _LONG * thick


def _passes(grey: NDArray[np.uint8]) -> Iterator[tuple[NDArray[np.uint8], tuple[float, float], int]]:
    yield grey, (0.0, 0.0), 0
    yield _stretched(grey), (0.0, 0.0), 0
    yield grey, (0.0, 0.0), _TURNED
    height, width = grey.shape
    if max(height, width) <= _SIDE:
        return
    for top in range(0, max(height - _OVERLAP, 1), _TILE - _OVERLAP):
        for left in range(0, max(width - _OVERLAP, 1), _TILE - _OVERLAP):
            tile = grey[top : top + _TILE, left : left + _TILE]
            if tile.std() >= _FLAT:
                yield tile, (float(left), float(top)), 0


def _grey(picture: Pixels) -> NDArray[np.uint8]:
    """Luma. Source: ITU-R BT.601."""
    if picture.ndim == 2:
        return np.asarray(picture)
    return np.asarray(picture @ np.array([0.299, 0.587, 0.114])).round().astype(np.uint8)


def _stretched(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Contrast made equal place by place."""
    from skimage.exposure import equalize_adapthist

    return np.asarray(equalize_adapthist(grey, clip_limit=0.02) * 255).astype(np.uint8)


def _resized(grey: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    from PIL import Image

    size = max(round(grey.shape[1] * scale), 1), max(round(grey.shape[0] * scale), 1)
    picture = Image.fromarray(np.ascontiguousarray(grey))
    return np.asarray(picture if scale == 1 else picture.resize(size, Image.Resampling.BICUBIC))


def _thickness(corners: Corners) -> float:
    """The smaller side of what is found."""
    return float(min(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[1] - corners[2])))


def _back(corners: Corners, width: int) -> Corners:
    """Corners found in the picture turned by a quarter to the left, in the picture as it was."""
    x, y = corners[:, 0], corners[:, 1]
    return np.stack([width - 1 - y, x], axis=1)
