"""What a user sees of an image in the viewer, and what they drew on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DrawnKind = Literal["distance", "angle", "rectangle", "ellipse", "freehand", "arrow"]
AREAS: tuple[DrawnKind, ...] = ("rectangle", "ellipse", "freehand")
"""What surrounds something; a freehand line is closed for that."""


@dataclass(frozen=True)
class Drawn:
    """One mark of the user's.

    Attributes:
        kind: of mark.
        slice: 0-based.
        points: ``(column, row)`` in pixels; ``(0, 0)`` is the outer corner of the first one. Two of a length,
            a rectangle, an ellipse (corners of its box) and an arrow (tip first), three of an angle (its
            corner second), any number of a freehand line.
        caption: in the user's words.
    """

    kind: DrawnKind
    slice: int
    points: tuple[tuple[float, float], ...]
    caption: str = ""


@dataclass(frozen=True)
class Seen:
    """What the viewer shows of an image.

    Attributes:
        index: the slice, 0-based.
        level: of the window; None where the file's own picture is shown, and for colours.
        width: likewise.
        marks: on all slices, in the order of drawing.
    """

    index: int
    level: float | None = None
    width: float | None = None
    marks: tuple[Drawn, ...] = ()
