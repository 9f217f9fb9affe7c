"""What a browser says of its viewer: checked, because a browser can say anything."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from store.pictures.window import Function

MarkKind = Literal["distance", "angle", "rectangle", "ellipse", "freehand", "arrow"]
# Whose a mark is: drawn in the browser, or of the truth, which the browser cannot change.
Tone = Literal["own", "truth"]
Point = tuple[FiniteFloat, FiniteFloat]
# Ours: more than anybody draws, and little enough to keep.
_MOST_MARKS, _MOST_POINTS, _LONGEST_CAPTION = 200, 1_000, 200


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(_Said):
    """What a mark measures.

    Attributes:
        value: in `unit`.
        unit: ``mm`` only where the file gives a spacing, else ``px``; ``°`` for angles.
    """

    value: Annotated[FiniteFloat, Field(ge=0)]
    unit: Literal["mm", "px", "°"]


class Mark(_Said):
    """One mark on a slice.

    Attributes:
        kind: of mark.
        slice: 0-based.
        points: ``[column, row]`` in pixels; ``[0, 0]`` is the outer corner of the first pixel. Two for a
            distance, a rectangle, an ellipse (corners of its box) and an arrow (tip first); three for angles
            (its corner second), any number for a freehand line.
        caption: in the words of whoever drew it.
        tone: whose it is.
        measure: as the browser computed it; None where a mark only points or surrounds.
    """

    kind: MarkKind
    slice: Annotated[int, Field(ge=0)]
    points: Annotated[tuple[Point, ...], Field(min_length=2, max_length=_MOST_POINTS)]
    caption: Annotated[str, Field(max_length=_LONGEST_CAPTION)] = ""
    tone: Tone = "own"
    measure: Measure | None = None


class ShownWindow(_Said):
    """The window in use."""

    level: FiniteFloat
    width: Annotated[FiniteFloat, Field(gt=0)]
    function: Function


class PaneView(_Said):
    """What is seen of one series.

    Attributes:
        slice: 0-based.
        window: in use; None while the picture is shown as a table of the file makes it, and for colours.
        inverted: whether the reader turned black and white round.
        zoom: 1 shows the whole picture.
        marks: on all its slices.
    """

    slice: Annotated[int, Field(ge=0)]
    window: ShownWindow | None
    inverted: bool
    zoom: FiniteFloat
    marks: Annotated[tuple[Mark, ...], Field(max_length=_MOST_MARKS)]


class ViewerState(_Said):
    """What is seen in a viewer.

    Attributes:
        order: number of the last order of the page that it followed; 0 for none.
        shown: which of the series was touched last, 0-based.
        panes: one for each series.
    """

    order: Annotated[int, Field(ge=0)]
    shown: Annotated[int, Field(ge=0, le=1)]
    panes: Annotated[tuple[PaneView, ...], Field(min_length=1, max_length=2)]


def viewer_state(told: Any) -> ViewerState | None:
    """What a browser told, or None where it told nothing or nothing of this kind."""
    try:
        return ViewerState.model_validate(told)
    except ValidationError:
        return None
