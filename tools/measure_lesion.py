"""`measure_lesion`: outline a skin lesion, measure it, draw the outline.

It measures and does not judge: nothing here adds the numbers up or says what a lesion is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from store.errors import ToolUseError
from store.pictures.image import Image, Pixels
from store.pictures.seen import AREAS
from store.records import Measurement, Outline, Picture, Record
from tools.cards import Card
from tools.context import CaseContext, CaseTool, ChatImage, ToolTurn, case_tool, evidence, gives_the_same
from tools.gate.modality import require

if TYPE_CHECKING:
    from tools.lesion.segment import Lesion

# The figures: `python -m tests.bench.lesion DATA_DIR`.
CARD = Card(
    name="lesion meter",
    checkpoint="built in",
    revision="4",
    modalities=("XC", "DMS"),
    input_contract="the shown picture, (H, W, 3) uint8 RGB, at least 48 pixels each way; measured at 448",
    labels=(),
    licence="Apache-2.0",
    intended_use="Outline one lesion in a dermoscopic or clinical photograph and measure it, for teaching.",
    limits=(
        "Against 19 expert masks of ISIC 2017 the mean Dice is 0.85 (melanoma 0.94, nevus 0.78), none "
        "refused; against 54 student-drawn masks of PAD-UFES-20 it is 0.75 with three refusals counted "
        "as 0: melanoma 0.87, nevus 0.96, basal cell carcinoma 0.78, "
        "squamous cell carcinoma 0.74, actinic keratosis 0.26.",
        "Dense hair, pen marks, gel bubbles and dark corners are set aside as far as they are recognised; "
        "what is left of them can pull the outline.",
        "The outline is smoothed: notches finer than about 1 % of the picture are lost.",
        "It takes one lesion per picture, preferring the middle.",
        "Tried mostly on light skin (Fitzpatrick I to III).",
    ),
    disclaimers=(
        "A measurement is not a diagnosis: no number here says what a lesion is or whether it needs care.",
        "The outline is found automatically and can be wrong; look at the drawing before using a number.",
        "The method was tried mostly on lighter skin and is less tested on darker skin.",
    ),
    source="definitions with each measurement; method and weights in tools/lesion",
)


@dataclass(frozen=True, eq=False)
class Reading:
    """What was measured in one picture.

    Attributes:
        measurements: records, in the order of the ABCD rule, then the skin around.
        drawing: ``(h, w, 3)`` uint8, the photograph with outline and axes.
        caption: what the lines of the drawing are.
        content: the measurements and their cautions in sentences.
    """

    measurements: tuple[Measurement, ...]
    drawing: Pixels
    caption: str
    content: str

    def picture(self, image_id: str, key: str) -> Picture:
        """The record of the drawing, kept under `key`."""
        alt = f"Photograph {image_id} with the outline of the lesion and its two axes drawn on it."
        return Picture(image_id=image_id, key=key, caption=self.caption, alt=alt)


class LesionMeter:
    """Outlines and measures; has no weights to load."""

    def measure(
        self, image: Image, image_id: str, outline: Sequence[float] = (), *, modality: str | None = None
    ) -> Reading:
        """Measure the lesion in the frame that `image` shows.

        Args:
            image: the picture.
            image_id: its id, for the records.
            outline: the user's own outline, see `outline_by_hand`; empty to have it found.
            modality: what the picture is known to be, XC or DMS, for what its numbers can be seen beside.

        Raises:
            ToolUseError: no lesion stands out clearly, or the outline is none; the text says what would help.
        """
        from tools.lesion.by_hand import outline_by_hand
        from tools.lesion.clean import shrink
        from tools.lesion.colour import measure_colours, measure_skin_tone
        from tools.lesion.draw import DRAWN_SIDE, draw_lesion
        from tools.lesion.reference import elsewhere
        from tools.lesion.report import report
        from tools.lesion.segment import NoLesion, segment
        from tools.lesion.shape import measure_shape

        photo = shrink(image.pixels, DRAWN_SIDE)
        size = image.pixels.shape[:2]
        lesion = outline_by_hand(photo, outline, (size[0], size[1])) if outline else segment(photo)
        if isinstance(lesion, NoLesion):
            raise ToolUseError(f"No lesion was measured in {image_id}. {lesion.reason}")
        shape = measure_shape(lesion.outline)
        colours = measure_colours(lesion.working, lesion.outline)
        tone = measure_skin_tone(lesion.working, lesion.outline)
        found = tuple(
            one.model_copy(update={"elsewhere": elsewhere(one.name, modality)})
            for one in report(image, image_id, lesion=lesion, shape=shape, colours=colours, tone=tone)
        )
        drawing = draw_lesion(photo, lesion, shape, _spacing_of(photo, image))
        return Reading(
            found, drawing, _caption(image_id, lesion, image.spacing_mm is not None), _content(found)
        )


def _spacing_of(photo: Pixels, image: Image) -> tuple[float, float] | None:
    """Millimetres per row and column of a reduced copy, or None without a scale."""
    if image.spacing_mm is None:
        return None
    rows, columns = (full / own for full, own in zip(image.pixels.shape[:2], photo.shape[:2], strict=True))
    return image.spacing_mm[0] * rows, image.spacing_mm[1] * columns


def _caption(image_id: str, lesion: Lesion, scale: bool) -> str:
    bar = " The bar gives the scale stated in the file." if scale else ""
    whose = "The outline that the user gave" if lesion.by_hand else "The outline found"
    return (
        f"{whose} in {image_id} (white), its long axis (yellow) and short axis (dashed).{bar} "
        "If the outline is wrong, so are the numbers."
    )


def _content(found: tuple[Measurement, ...]) -> str:
    cautions = dict.fromkeys(one.caution for one in found if one.caution)
    return " ".join([*(one.text for one in found), *cautions])


def _require_said(image_id: str, outline: Sequence[float], context: CaseContext) -> None:
    """An outline is the user's only if its numbers are in the user's own words, in this turn or before."""
    said = {float(one) for one in re.findall(r"\d+(?:\.\d+)?", context.question)}
    before = context.last("outline")
    known = isinstance(before, Outline) and (before.image_id, before.numbers) == (image_id, tuple(outline))
    if not known and not said.issuperset(map(float, outline)):
        raise ToolUseError("Only the user may give an outline, in numbers of their own.")


def drawn_outline(chat_image: ChatImage) -> list[float]:
    """The outline that the user drew last on the slice in view, as `outline_by_hand` takes it.

    Raises:
        ToolUseError: there is none.
    """
    marks = chat_image.seen.marks if chat_image.seen else ()
    areas = [one for one in marks if one.kind in AREAS and one.slice == chat_image.index]
    if not areas:
        raise ToolUseError(
            f"There is no outline drawn on {chat_image.id}. Open it with “View in detail”, draw around the "
            "lesion with a freehand line or an ellipse, then ask again."
        )
    last = areas[-1]
    (x0, y0), (x1, y1) = last.points[0], last.points[-1]
    if last.kind == "ellipse":
        return [(x0 + x1) / 2, (y0 + y1) / 2, abs(x1 - x0), abs(y1 - y0)]
    if last.kind == "rectangle":
        return [x0, y0, x1, y0, x1, y1, x0, y1]
    return [part for point in last.points for part in point]


def build_measure_lesion() -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def measure_lesion(
        image_id: str,
        question: str,  # noqa: ARG001 - every image tool is given the user's words
        runtime: ToolTurn,
        outline: list[float] | None = None,
        drawn: bool = False,
    ) -> tuple[str, dict[str, Any]]:
        """Use to measure a skin lesion: asymmetry, border, colours, size, tone of the skin around.

        Draws the outline. Skin photographs and dermoscopy only. Measures, never names a disease. Refuses
        where no single lesion stands out. Millimetres only if the file states a scale.

        Args:
            image_id: the image, such as img-1.
            question: the user's own question.
            runtime: given by the loop.
            outline: only if the user gives one: x, y, width, height of an ellipse, or x, y of each corner.
            drawn: true only if the user says that they drew the outline in the viewer.
        """
        chat_image = runtime.context.images.get(image_id)
        if drawn:
            outline = drawn_outline(chat_image)
        else:
            _require_said(image_id, outline or (), runtime.context)
        require(chat_image.gate, "dermatology", tool="measure_lesion")
        modality = chat_image.gate.modality if chat_image.gate else None
        reading = LesionMeter().measure(chat_image.image, image_id, outline or (), modality=modality)
        picture = reading.picture(image_id, runtime.context.blobs.put(reading.drawing))
        own = [Outline(image_id=image_id, numbers=tuple(outline))] if outline else []
        records: list[Record] = [*own, *reading.measurements, picture]
        return evidence(reading.content, records, image_id=image_id, model=CARD.name, revision=CARD.revision)

    return gives_the_same(measure_lesion, lambda: CARD.revision)
