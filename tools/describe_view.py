"""`describe_view`: what the user sees in the viewer and drew there, measured by the file's spacing.

It tells what the user did and measures it; it does not read the picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from store.errors import ToolUseError
from store.pictures.image import Image
from store.pictures.seen import Drawn, Seen
from store.records import Measurement, Record, View
from tools.cards import Card
from tools.context import CaseTool, ChatImage, ToolTurn, case_tool, evidence

CARD = Card(
    name="view and marks",
    checkpoint="built in",
    revision="1",
    modalities=(),
    input_contract="an image that is open in the viewer of the page",
    labels=(),
    licence="Apache-2.0",
    intended_use="Tell which slice and window the user sees, and measure what the user drew.",
    limits=("It measures between the points that the user set; where they belong, it does not know.",),
    disclaimers=("A measurement is not a diagnosis, and it is only as exact as the points that were set.",),
    source="",
)
# Ours: more distances than these nobody asks for at once; the newest marks count.
_MOST_APART = 4


def measure_marks(image: Image, image_id: str, marks: Sequence[Drawn]) -> list[Measurement]:
    """Lengths and angles that were drawn, and how far other marks of one slice lie apart.

    Args:
        image: the picture.
        image_id: its id, for the records.
        marks: of the user's, in the order of drawing.
    """
    found = [
        _length(image, image_id, number, one)
        if one.kind == "distance"
        else _angle(image, image_id, number, one)
        for number, one in enumerate(marks, 1)
        if one.kind in ("distance", "angle") and 0 <= one.slice < image.frame_count
    ]
    points = [
        (number, one)
        for number, one in enumerate(marks, 1)
        if one.kind not in ("distance", "angle") and 0 <= one.slice < image.frame_count
    ][-_MOST_APART:]
    apart = [
        _apart(image, image_id, one, other)
        for one, other in combinations(points, 2)
        if one[1].slice == other[1].slice
    ]
    return [*found, *apart]


def middle(mark: Drawn) -> tuple[float, float]:
    """The point that a mark stands for: the tip of an arrow, else the middle of its box."""
    if mark.kind == "arrow":
        return mark.points[0]
    across, down = zip(*mark.points, strict=True)
    return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2


def _length(image: Image, image_id: str, number: int, mark: Drawn) -> Measurement:
    value, unit = _between(image, mark.slice, mark.points[0], mark.points[-1])
    text = f"Mark {number} on slice {mark.slice + 1} of {image_id} is {value:.1f} {unit} long."
    return _measurement(image, image_id, f"length of mark {number}", (value, unit), text)


def _apart(image: Image, image_id: str, one: tuple[int, Drawn], other: tuple[int, Drawn]) -> Measurement:
    value, unit = _between(image, one[1].slice, middle(one[1]), middle(other[1]))
    pair = f"marks {one[0]} and {other[0]}"
    where = f"slice {one[1].slice + 1} of {image_id}"
    text = f"Marks {one[0]} and {other[0]} on {where} lie {value:.1f} {unit} apart."
    return _measurement(image, image_id, f"distance of {pair}", (value, unit), text)


def _angle(image: Image, image_id: str, number: int, mark: Drawn) -> Measurement:
    down, across = image.at(mark.slice).spacing_mm or (1.0, 1.0)
    (x, y), (cx, cy), (u, v) = mark.points[:3]
    one, other = ((x - cx) * across, (y - cy) * down), ((u - cx) * across, (v - cy) * down)
    turned = math.atan2(one[0] * other[1] - one[1] * other[0], one[0] * other[0] + one[1] * other[1])
    value = abs(math.degrees(turned))
    text = f"Mark {number} on slice {mark.slice + 1} of {image_id} is an angle of {value:.1f}°."
    return _measurement(image, image_id, f"angle of mark {number}", (value, "°"), text)


def _between(
    image: Image, index: int, one: tuple[float, float], other: tuple[float, float]
) -> tuple[float, str]:
    """The distance of two points of a slice: in mm where the file gives a spacing, else in pixels."""
    spacing = image.at(index).spacing_mm
    down, across = spacing or (1.0, 1.0)
    return math.hypot((other[0] - one[0]) * across, (other[1] - one[1]) * down), "mm" if spacing else "px"


def _measurement(image: Image, image_id: str, name: str, value: tuple[float, str], text: str) -> Measurement:
    return Measurement(
        image_id=image_id,
        name=name,
        value=round(value[0], 3),
        unit=value[1],
        text=text,
        definition="between the points that the user set in the viewer, by the spacing of the file",
        source="the user's marks",
        caution=(image.scale_caution or None) if value[1] == "mm" else None,
    )


def describe(chat_image: ChatImage, seen: Seen) -> tuple[str, list[Record]]:
    """What is seen and drawn, in sentences and as records."""
    image, image_id = chat_image.image, chat_image.id
    view = View(
        image_id=image_id, index=seen.index, frame_count=image.frame_count, level=seen.level, width=seen.width
    )
    told = [f"You see slice {seen.index + 1} of {image.frame_count} of {image_id} in the viewer."]
    if seen.level is not None and seen.width is not None:
        told.append(f"Its window has level {seen.level:g} and width {seen.width:g}.")
    told.append(f"Marks that you drew: {len(seen.marks)}." if seen.marks else "You drew no marks.")
    measured = measure_marks(image, image_id, seen.marks)
    told += [one.text for one in measured]
    if any(one.unit == "px" for one in measured):
        told.append("The file gives no spacing, so these are pixels and not millimetres.")
    told += dict.fromkeys(one.caution for one in measured if one.caution)
    return " ".join(told), [view, *measured]


def build_describe_view() -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def describe_view(image_id: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Use when the user speaks of what they see or drew in the viewer: my marks, from here to there.

        Tells the slice and window and measures the marks. Millimetres only if the file states a scale.

        Args:
            image_id: the image, such as img-1.
            runtime: given by the loop.
        """
        chat_image = runtime.context.images.get(image_id)
        if chat_image.seen is None:
            raise ToolUseError(
                f"{image_id} is not open in the viewer. Open it with “View in detail”, draw there, then ask "
                "again."
            )
        content, records = describe(chat_image, chat_image.seen)
        return evidence(content, records, image_id=image_id, model=CARD.name, revision=CARD.revision)

    return describe_view
