"""`show_slice`: move to another slice of a volume or another frame of a series."""

from __future__ import annotations

from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool

from store.errors import ToolUseError
from store.pictures.image import Image
from store.records import Picture, Record, View
from tools.cards import Card
from tools.context import CaseContext, case_tool, evidence

CARD = Card(
    name="slice viewer",
    checkpoint="built in",
    revision="2",
    modalities=(),
    input_contract="an image with more than one slice or frame",
    labels=(),
    licence="Apache-2.0",
    intended_use="Show another slice; everything asked afterwards is about that slice.",
    limits=("It shows; it does not read.",),
    disclaimers=(),
    source="",
)


# Ours: no scan has so many slices, and so long a number is not worth repeating.
_BEYOND = 1_000_000


def view(image: Image, image_id: str, slice_number: int) -> View:
    """The view of slice `slice_number` (1-based).

    Raises:
        ToolUseError: the image has no such slice; says which it has.
    """
    count = image.frame_count
    if count == 1:
        raise ToolUseError(f"{image_id} is a single picture; it has no other slices.")
    if not 1 <= slice_number <= count:
        which = f"slice {slice_number}" if abs(slice_number) < _BEYOND else "a slice of that number"
        volumes = f", in {image.volumes} volumes of {count // image.volumes}" if image.volumes > 1 else ""
        raise ToolUseError(f"{image_id} has slices 1 to {count}{volumes}; {which} does not exist.")
    return View(image_id=image_id, index=slice_number - 1, frame_count=count)


def _volume(image: Image) -> str:
    """Which volume the slice shown belongs to, where there are several."""
    each = image.frame_count // image.volumes
    volume, number = divmod(image.index, each)
    return f", slice {number + 1} of volume {volume + 1}" if image.volumes > 1 else ""


def _sides(image: Image) -> str:
    """Which side of the patient is at each edge, where the file tells."""
    sides = image.facts.get("sides", "")
    return f". {sides[:1].upper()}{sides[1:]}" if sides else ""


def build_show_slice() -> BaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def show_slice(
        image_id: str, slice_number: int, runtime: ToolRuntime[CaseContext]
    ) -> tuple[str, dict[str, Any]]:
        """Show another slice of a volume. Use when the user names a slice or says next or previous.

        Args:
            image_id: the image, such as img-1.
            slice_number: the slice to show, counted from 1.
            runtime: given by the loop.
        """
        context = runtime.context
        chat_image = context.images.get(image_id)
        seen = view(chat_image.image, image_id, slice_number)
        chat_image.index = seen.index
        caption = f"{image_id}, slice {seen.index + 1} of {seen.frame_count}{_volume(chat_image.image)}"
        key = context.blobs.put(chat_image.image.plain)
        under = caption + _sides(chat_image.image)
        records: list[Record] = [seen, Picture(image_id=image_id, key=key, caption=under, alt=caption)]
        return evidence(
            f"Now showing {caption}.", records, image_id=image_id, model=CARD.name, revision=CARD.revision
        )

    return show_slice
