"""`measure_region`: the values in a rectangle, an ellipse or one pixel of a picture, and `compare_regions`.

They measure where the user says; they find no organ, and what a value stands for they do not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from store.errors import ToolUseError
from store.pictures.image import Image
from store.records import Picture, Record, Region
from tools.cards import Card
from tools.context import CaseContext, CaseTool, ToolTurn, case_tool, evidence
from tools.language.sayings import say
from tools.region.contrast import Measured, of_two, snr_record, told_snr
from tools.region.draw import draw_region
from tools.region.places import Change, Shape, Wished, changed, placed
from tools.region.told import number, records, sentences, shape_of
from tools.region.values import values_in
from tools.show_slice import view

CARD = Card(
    name="region meter",
    checkpoint="built in",
    revision="1",
    modalities=(),
    input_contract="any image of the chat; the file's own values where it holds some, else the picture's",
    labels=(),
    licence="Apache-2.0",
    intended_use="Tell mean, standard deviation, minimum, maximum, median and area of the values in a region "
    "that the user places.",
    limits=(
        "It finds no organ: where a region lies, the user says.",
        "Hounsfield units only where the file gives them; millimetres only where it states a pixel spacing.",
    ),
    disclaimers=("A value in a region is not a finding: it says nothing of what the pixels show.",),
    source="tools/region",
)
COMPARING = Card(
    name="region comparer",
    checkpoint="built in",
    revision="1",
    modalities=(),
    input_contract="two regions that were measured in the chat",
    labels=(),
    licence="Apache-2.0",
    intended_use="Tell difference, SNR, CNR and contrast of the two regions that were measured last.",
    limits=("A standard deviation is noise only where a region is uniform, which it does not check.",),
    disclaimers=CARD.disclaimers,
    source="tools/region",
)
_SIDED = ("left", "right")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def latest_region(context: CaseContext) -> Region:
    """The region that was measured last.

    Raises:
        ToolUseError: there is none.
    """
    last = context.last("region")
    if not isinstance(last, Region):
        raise ToolUseError(f"{say('region_tools.none_before')} {say('region_tools.measure_first')}")
    return last


def _require_said(at: Sequence[float], context: CaseContext) -> None:
    """A place in numbers is the user's only if these are in the user's own words."""
    words = context.question
    said = {float(one.replace(",", ".")) for one in _NUMBER.findall(words)}
    said |= {float(one) for one in re.findall(r"\d+", words)}
    if not said.issuperset(map(float, at)):
        raise ToolUseError(say("region_tools.only_user"))


def _pair(numbers: Sequence[float] | None, name: str) -> tuple[float, float] | None:
    """Two numbers; one stands for both.

    Raises:
        ToolUseError: there are more.
    """
    if not numbers:
        return None
    if len(numbers) > 2:
        raise ToolUseError(f"`{name}` takes two numbers, not {len(numbers)}.")
    return numbers[0], numbers[-1]


def _again(last: Region, wished: Wished, change: Change, image: Image, image_id: str) -> Region:
    """The region measured last, with what is said of it otherwise."""
    if not (wished.at or wished.place or wished.size):
        return changed(last, change, image, image_id)
    at = wished.at or (None if wished.place else (last.column, last.row))
    if wished.size is None:
        return placed(Wished(last.shape, at, wished.place, (last.width, last.height)), image, image_id)
    shape = last.shape if wished.shape == "rectangle" and last.shape != "point" else wished.shape
    return placed(Wished(shape, at, wished.place, wished.size, wished.unit), image, image_id)


def _told(wished: Wished, region: Region, image: Image, *, snr: bool) -> Iterator[str]:
    """What was measured, in sentences."""
    values = values_in(region, image)
    if snr:
        yield from told_snr(values)
    yield from sentences(region, values, image)
    if wished.size is None and wished.shape != "point" and not wished.place.endswith(("half", "picture")):
        yield say("region_tools.usual", width=number(region.width), height=number(region.height))
    if any(side in wished.place for side in _SIDED):
        yield say("region_tools.sides")


def _found(region: Region, image: Image, context: CaseContext, *, snr: bool) -> list[Record]:
    """The region, its numbers and its drawing, as records."""
    held = {"image": region.image_id}
    caption = (
        say("region_tools.caption_point", **held)
        if region.shape == "point"
        else say("region_tools.caption", **held, shape=shape_of(region))
    )
    key = context.blobs.put(draw_region(image.plain, region))
    picture = Picture(image_id=region.image_id, key=key, caption=caption, alt=caption)
    values = values_in(region, image)
    ratios = snr_record(region, values) if snr else ()
    return [region, *ratios, *records(region, values, image), picture]


def _slice_of(context: CaseContext, image_id: str, slice_number: int | None, *, again: bool) -> Image:
    """The picture at the slice that is named, else that of the last region, else the one in view."""
    image = context.images.get(image_id).image
    last = latest_region(context) if again else None
    if slice_number is None and last is not None and last.image_id == image_id:
        slice_number = last.index + 1
    return image if slice_number is None else image.at(view(image, image_id, slice_number).index)


def _region(
    context: CaseContext, wished: Wished, change: Change | None, image: Image, image_id: str
) -> tuple[Region, Wished]:
    """The region that is meant, and it as if it had been wished for at its size."""
    if change is None:
        return placed(wished, image, image_id), wished
    region = _again(latest_region(context), wished, change, image, image_id)
    return region, Wished(region.shape, place=wished.place, size=(region.width, region.height))


def measure_region(
    image_id: str,
    question: str,  # noqa: ARG001 - every image tool is given the user's words
    runtime: ToolTurn,
    *,
    shape: Shape = "rectangle",
    at: list[float] | None = None,
    place: str = "",
    size: list[float] | None = None,
    unit: Literal["px", "mm"] = "px",
    slice_number: int | None = None,
    again: bool = False,
    move: list[float] | None = None,
    times: float = 1.0,
    snr: bool = False,
) -> tuple[str, dict[str, Any]]:
    """Use when the user asks for values (HU, grey levels, noise) in a region or pixel that they place.

    It finds no organ. Only places that the user said.

    Args:
        image_id: the image, such as img-1.
        question: the user's own question.
        runtime: given by the loop.
        shape: rectangle, ellipse or point (one pixel).
        at: column and row of its middle, counted from 0.
        place: instead of at: centre, upper left, right half, whole picture.
        size: width and height.
        unit: of size and move, px or mm.
        slice_number: the slice, counted from 1; the one in view by default.
        again: true for the region measured last.
        move: how far that is moved to the right and down.
        times: how many times as wide and high that becomes.
        snr: true for mean / standard deviation too.
    """
    context = runtime.context
    _require_said(at or (), context)
    wished = Wished(shape, _pair(at, "at"), place, _pair(size, "size"), unit)
    change = Change(_pair(move, "move") or (0.0, 0.0), times, unit) if again else None
    image = _slice_of(context, image_id, slice_number, again=again)
    region, wished = _region(context, wished, change, image, image_id)
    told = " ".join(_told(wished, region, image, snr=snr))
    found = _found(region, image, context, snr=snr)
    return evidence(told, found, image_id=image_id, model=CARD.name, revision=CARD.revision)


def build_measure_region() -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""
    return case_tool(measure_region)


def _measured(region: Region, context: CaseContext) -> Measured:
    image = context.images.get(region.image_id).image.at(region.index)
    return Measured(region, values_in(region, image))


def build_compare_regions() -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def compare_regions(runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Use for CNR, contrast, difference or SNR of the two regions that were measured last.

        Args:
            runtime: given by the loop.
        """
        context = runtime.context
        last = latest_region(context)
        before = [one for one in context.latest("region", 2) if isinstance(one, Region)]
        if len(before) < 2:
            raise ToolUseError(f"{say('region_tools.only_one')} {say('region_tools.measure_second')}")
        told, found = of_two(*(_measured(one, context) for one in before))
        of = COMPARING
        return evidence(
            " ".join(told), list(found), image_id=last.image_id, model=of.name, revision=of.revision
        )

    return compare_regions
