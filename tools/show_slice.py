"""`show_slice`: another slice of a volume or frame of a series, another window of CT, or drawn otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from store.errors import ToolUseError
from store.pictures.image import Image, Pixels
from store.pictures.window import Window
from store.records import Picture, Record, View
from tools.cards import Card
from tools.context import CaseTool, ToolTurn, case_tool, evidence
from tools.files.dicom.brightness import windowed
from tools.looks import INVERTED, LOOKS, drawn
from tools.windows import window_called, windows_for

CARD = Card(
    name="slice viewer",
    checkpoint="built in",
    revision="5",
    modalities=(),
    input_contract="an image with more than one slice or frame",
    labels=(),
    licence="Apache-2.0",
    intended_use="Show another slice, which everything asked afterwards is about, a window of CT, or any "
    "picture with other contrast, as its negative or larger.",
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
    if count == 1 and slice_number != 1:
        raise ToolUseError(f"{image_id} is a single picture; it has no other slices.")
    if not 1 <= slice_number <= count:
        which = f"slice {slice_number}" if abs(slice_number) < _BEYOND else "a slice of that number"
        volumes = f", in {image.volumes} volumes of {count // image.volumes}" if image.volumes > 1 else ""
        raise ToolUseError(f"{image_id} has slices 1 to {count}{volumes}; {which} does not exist.")
    return View(image_id=image_id, index=slice_number - 1, frame_count=count)


def named_window(image: Image, image_id: str, name: str) -> Window:
    """A window of CT by its name, or by its width and level in Hounsfield units.

    Raises:
        ToolUseError: the image holds no Hounsfield units, or no window is called so.
    """
    windows = windows_for(image)
    if not windows:
        raise ToolUseError(f"{image_id} holds no Hounsfield units, so the windows of CT do not apply to it.")
    if (window := window_called(name)) is None:
        known = f"{', '.join(windows)}, or width/level such as 400/40"
        raise ToolUseError(f"There is no window called {name!r}. Windows: {known}.")
    return window


def known_looks(looks: Sequence[str]) -> tuple[str, ...]:
    """Looks that there are.

    Raises:
        ToolUseError: there is no such look; says which there are.
    """
    if odd := [one for one in looks if one not in LOOKS]:
        raise ToolUseError(f"No picture can be drawn {odd[0]!r}. Looks: {', '.join(LOOKS)}.")
    return tuple(looks)


def _told_of(looks: Sequence[str], image: Image) -> str:
    """What is said of a picture that is drawn otherwise."""
    was = [note for note in image.notes if INVERTED in looks and "low values" in note]
    first = f"Drawn otherwise: {', '.join(looks)}."
    return " ".join(["", first, "Only the drawing changes, no value of the picture.", *was])


def _with_window(seen: View, window: Window | None) -> View:
    if window is None:
        return seen
    return seen.model_copy(update={"level": window.level, "width": window.width})


def _picture(image: Image, window: Window | None) -> Pixels:
    values = image.frame_values
    if window is None or values is None:
        return image.plain
    grey = windowed(values, window.level, window.width, window.function)
    return np.asarray(255 - grey if image.inverted else grey)


def _volume(image: Image) -> str:
    """Which volume the slice shown belongs to, where there are several."""
    each = image.frame_count // image.volumes
    volume, number = divmod(image.index, each)
    return f", slice {number + 1} of volume {volume + 1}" if image.volumes > 1 else ""


def _sides(image: Image) -> str:
    """Which side of the patient is at each edge, where the file tells."""
    sides = image.facts.get("sides", "")
    return f". {sides[:1].upper()}{sides[1:]}" if sides else ""


def build_show_slice() -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def show_slice(
        image_id: str,
        slice_number: int,
        runtime: ToolTurn,
        window: str | None = None,
        looks: tuple[str, ...] = (),
    ) -> tuple[str, dict[str, Any]]:
        """Show another slice of a volume, window of a CT, or look of a picture. Use when the user names one.

        Args:
            image_id: the image, such as img-1.
            slice_number: the slice to show, counted from 1.
            runtime: given by the loop.
            window: soft_tissue, lung, liver, bone or brain, or width/level in HU such as 400/40; none for
                the window in the file.
            looks: in which ways it is drawn otherwise, such as more contrast, brighter, larger.
        """
        context = runtime.context
        chat_image = context.images.get(image_id)
        seen = view(chat_image.image, image_id, slice_number)
        set_window = named_window(chat_image.image, image_id, window) if window else None
        chat_image.index = seen.index
        seen = _with_window(seen, set_window).model_copy(update={"looks": known_looks(looks)})
        caption = f"{image_id}, slice {seen.index + 1} of {seen.frame_count}{_volume(chat_image.image)}"
        if set_window is not None:
            caption += f", with level {set_window.level:g} and width {set_window.width:g}"
        key = context.blobs.put(drawn(_picture(chat_image.image, set_window), seen.looks))
        told = f"Now showing {caption}."
        if seen.looks:
            caption += f", drawn otherwise: {', '.join(seen.looks)}"
            told += _told_of(seen.looks, chat_image.image)
        under = caption + _sides(chat_image.image)
        records: list[Record] = [seen, Picture(image_id=image_id, key=key, caption=under, alt=caption)]
        return evidence(told, records, image_id=image_id, model=CARD.name, revision=CARD.revision)

    return show_slice
