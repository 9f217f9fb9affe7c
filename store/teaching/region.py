"""`Region`: a place in one image of a case, drawn by a learner or a teacher."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Shape = Literal["rectangle", "ellipse", "freehand", "arrow"]
# Rows and Columns are unsigned 16-bit numbers. Source: DICOM PS3.3 section C.7.6.3.1.
_Place = Annotated[float, Field(ge=0, le=65_535, allow_inf_nan=False)]
# Ours: five times what the viewer sends of a freehand line.
_MOST_POINTS = 1_000
_CORNERS, _FEWEST_OF_A_LINE = 2, 3
MOST = 100
"""Regions of a case, or marks of an answer. Ours: more than anybody draws."""


class Region(BaseModel):
    """A place in one image.

    Attributes:
        image: number of the image in the case, counted from 1.
        slice: counted from 1.
        shape: a freehand line surrounds an area: its end is joined to its beginning.
        points: ``[column, row]`` in pixels; ``[0, 0]`` is the outer corner of the first one. Two corners of a
            rectangle and of the box of an ellipse, tip and tail of an arrow, three or more of a line.
        caption: in the words of whoever drew it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    image: Annotated[int, Field(ge=1)] = 1
    slice: Annotated[int, Field(ge=1)] = 1
    shape: Shape
    points: Annotated[tuple[tuple[_Place, _Place], ...], Field(max_length=_MOST_POINTS)]
    caption: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _has_its_points(self) -> Region:
        count = len(self.points)
        if self.shape == "freehand" and count < _FEWEST_OF_A_LINE:
            raise ValueError(f"a freehand line takes three points or more, not {count}")
        if self.shape != "freehand" and count != _CORNERS:
            raise ValueError(f"the shape {self.shape} takes two points, not {count}")
        return self

    def within(self, width: int, height: int) -> bool:
        """Whether it lies in a picture of this size, in pixels."""
        return all(x <= width and y <= height for x, y in self.points)
