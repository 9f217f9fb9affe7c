"""How a DICOM slice lies in the patient: its plane, and the side of the patient at each edge of the picture.

Slices are shown as they are stored. Where that is not how radiologists are used to see them, it is said.

Source: DICOM PS3.3 sections C.7.6.1.1.1 (Patient Orientation), C.7.6.2.1.1 (Image Position and Image
Orientation (Patient): the axes run to the left, to the back and to the head).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tools.files.dicom.display import number

if TYPE_CHECKING:
    from pydicom import Dataset

# Oblique is ours: no axis takes nine tenths of the normal, that is, over 26 degrees off.
PLAIN_SHARE = 0.9
# Ours: files round, so a length may differ by this from 1, and the cosine of the angle between two directions
# from 0. A writer that cuts 6.123e-17 off after so many letters states a direction of 6.
_OFF = 0.1
# Ours: a second letter is given from 17 degrees of tilt on (its share of the direction).
_SECOND_LETTER = 0.3

_AXES = (("L", "R"), ("P", "A"), ("H", "F"))
_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
LETTERS = {"L": "left", "R": "right", "A": "front", "P": "back", "H": "head", "F": "feet"}
"""The standard's letters for the sides of a patient, in words."""

# The left and the upper edge of the picture as radiologists are used to see each plane.
_USUAL = {
    "axial": ("R", "A"),
    "coronal": ("R", "H"),
    "sagittal": ("A", "H"),
    "frontal": ("R", "H"),
}

_UNUSUAL = {
    (True, False): "mirrored: left and right edges are the other way round than usual",
    (False, True): "upside down: upper and lower edges are the other way round than usual",
    (True, True): "turned by 180 degrees: all edges are the other way round than usual",
}

Edges = tuple[str, str, str, str]
"""Letters at the left, right, upper and lower edge."""


def directions(flat: Dataset) -> NDArray[np.float64] | None:
    """``(2, 3)``: where rows run (to the right of the picture) and columns run (down).

    None if that is not stated, or if what is stated are no two directions at a right angle.
    """
    values = [number(flat, "ImageOrientationPatient", i) for i in range(6)]
    if any(value is None for value in values):
        return None
    both = np.array(values, dtype=np.float64).reshape(2, 3)
    lengths = np.linalg.norm(both, axis=1)
    sound = bool((np.abs(lengths - 1) <= _OFF).all()) and abs(float(both[0] @ both[1])) <= _OFF
    return both / lengths[:, None] if sound else None


def normal_of(flat: Dataset) -> NDArray[np.float64] | None:
    """``(3,)`` unit vector across the slice, or None where the file does not say how it lies."""
    both = directions(flat)
    if both is None:
        return None
    across = np.cross(both[0], both[1])
    return np.asarray(across / np.linalg.norm(across))


def plane(flat: Dataset) -> str | None:
    """Axial, coronal, sagittal or oblique, from the direction of the slice normal; None if not stated."""
    normal = normal_of(flat)
    return None if normal is None else plane_across(normal)


def plane_across(normal: NDArray[np.float64]) -> str:
    """The plane across a unit vector."""
    share = np.abs(normal)
    return ("sagittal", "coronal", "axial")[int(share.argmax())] if share.max() > PLAIN_SHARE else "oblique"


def letters(direction: NDArray[np.float64]) -> str:
    """The side of the patient that a direction points to, the nearest axis first: ``"L"``, ``"AH"``."""
    order = np.argsort(-np.abs(direction), kind="stable")
    kept = [i for n, i in enumerate(order) if n == 0 or abs(direction[i]) >= _SECOND_LETTER]
    return "".join(_AXES[i][0 if direction[i] > 0 else 1] for i in kept)


def edges(flat: Dataset) -> Edges | None:
    """The letters at the edges of the picture, or None where the file does not tell."""
    both = directions(flat)
    if both is not None:
        right, lower = letters(both[0]), letters(both[1])
    else:
        pair = _patient_orientation(flat)
        if pair is None:
            return None
        right, lower = pair
    return _opposite(right), right, _opposite(lower), lower


def _patient_orientation(flat: Dataset) -> tuple[str, str] | None:
    try:
        values = [str(value).strip().upper() for value in flat.get("PatientOrientation") or ()]
    except TypeError:
        return None
    known = len(values) == 2 and all(re.fullmatch("[LRAPHF]{1,3}", value) for value in values)
    return (values[0], values[1]) if known else None


def _opposite(direction: str) -> str:
    return "".join(_OPPOSITE[letter] for letter in direction)


def in_words(sides: Edges) -> str:
    """The edges as one fact: ``"left edge R (right), right edge L (left), …"``."""
    names = ("left edge", "right edge", "upper edge", "lower edge")
    return ", ".join(f"{name} {side} ({_named(side)})" for name, side in zip(names, sides, strict=True))


def _named(side: str) -> str:
    return "-".join(LETTERS[letter] for letter in side)


def unusual(flat: Dataset) -> str | None:
    """How a plain slice is turned against the usual view, as a sentence; None where it is not, or unknown."""
    sides, lies = edges(flat), plane(flat)
    if sides is None:
        return None
    if lies is None and {sides[0][0], sides[2][0]} in ({"L", "H"}, {"R", "H"}, {"L", "F"}, {"R", "F"}):
        lies = "frontal"  # a radiograph: Patient Orientation and no plane
    if lies not in _USUAL:
        return None
    left, upper = sides[0][0], sides[2][0]
    usual_left, usual_upper = _USUAL[lies]
    if {left, usual_left} in _PAIRS and {upper, usual_upper} in _PAIRS:
        words = _UNUSUAL.get((left != usual_left, upper != usual_upper))
    else:
        words = "turned: the patient's sides lie along other edges than usual"
    return f"Compared with the usual {lies} view, the picture is {words}." if words else None


_PAIRS = [{a} for a in _OPPOSITE] + [{a, b} for a, b in _OPPOSITE.items()]
