"""Every frame of one or more files, decoded and shown, into arrays that were made for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.files.arrays.limits import Allocate
from tools.files.arrays.windowing import percentile_window
from tools.files.dicom.brightness import (
    has_scale,
    has_window,
    modality_values,
    padding_of,
    show,
    without_padding,
)
from tools.files.dicom.display import Shown, flat_header
from tools.files.dicom.hounsfield import is_hounsfield
from tools.files.dicom.hounsfield_values import HounsfieldValues
from tools.files.dicom.painting import colours_of
from tools.files.dicom.pixels import stored_frames

if TYPE_CHECKING:
    from pydicom import Dataset

_SAMPLED = 7
_PADDED = "What the file pads its slices with counts as no tissue."


class PixelFile(Protocol):
    """What is needed of a file: where it is, its completed header, how many frames it holds.

    Attributes:
        path: the file.
        ds: its header.
        frames: how many.
        assumed: sentences on what its header leaves out.
    """

    path: Path
    ds: Dataset
    frames: int
    assumed: tuple[str, ...]


def read_grey(
    files: Sequence[PixelFile], frames: Pixels, allocate: Allocate, shown: Shown
) -> NDArray[np.generic] | None:
    """Fill `frames` with grey.

    Args:
        files: in order, of equal rows and columns.
        frames: ``(F, H, W)`` for all of them.
        allocate: makes the array of values.
        shown: collects notes and the window.

    Returns:
        The HU values, padding as `NO_VALUE` or NaN, or None where the files are on no such scale.
    """
    _note_assumed(files, shown)
    first = flat_header(files[0].ds, 0)
    in_hu = is_hounsfield(first, rescaled=has_scale(first))
    values = HounsfieldValues(allocate, frames.shape) if in_hu else None
    if values is None and not has_window(first):
        shown.percentiles = _common_percentiles(files, shown)
    for position, (file, frame, stored) in enumerate(_each_frame(files)):
        flat = flat_header(file.ds, frame)
        scaled, rescaled = modality_values(stored, flat, shown)
        padding = padding_of(stored, flat)
        in_hu = is_hounsfield(flat, rescaled=rescaled)
        if values is not None:
            values.keep(position, scaled, padding, in_hu=in_hu)
            if in_hu and padding is not None:
                shown.note(_PADDED)
        frames[position] = show(scaled, flat, padding=padding, is_ct_scale=in_hu, shown=shown)
    return None if values is None else values.array


def read_colour(files: Sequence[PixelFile], frames: Pixels, shown: Shown) -> None:
    """Fill `frames` with sRGB.

    Args:
        files: in order, of equal rows and columns.
        frames: ``(F, H, W, 3)`` for all of them.
        shown: collects notes.

    Raises:
        CaseError: a palette is missing or broken.
    """
    _note_assumed(files, shown)
    for position, (file, frame, stored) in enumerate(_each_frame(files)):
        if frame == 0:
            to_rgb = colours_of(file.ds, shown)
        frames[position] = to_rgb(stored)


def _note_assumed(files: Sequence[PixelFile], shown: Shown) -> None:
    for file in files:
        for sentence in file.assumed:
            shown.note(sentence)


def _each_frame(files: Sequence[PixelFile]) -> Iterator[tuple[PixelFile, int, NDArray[Any]]]:
    for file in files:
        for frame, stored in enumerate(stored_frames(file.path)):
            yield file, frame, stored


def _common_percentiles(files: Sequence[PixelFile], shown: Shown) -> tuple[float, float]:
    """One range for the whole stack, from a few frames spread over it."""
    places = [(file, frame) for file in files for frame in range(file.frames)]
    chosen = [places[place] for place in np.unique(np.linspace(0, len(places) - 1, _SAMPLED).astype(int))]
    samples = []
    for file in {id(file): file for file, _ in chosen}.values():
        wanted = [frame for other, frame in chosen if other is file]
        for frame, stored in zip(wanted, stored_frames(file.path, wanted), strict=True):
            flat = flat_header(file.ds, frame)
            scaled, _ = modality_values(stored, flat, shown)
            samples.append(without_padding(scaled, padding_of(stored, flat)))
    return percentile_window(np.concatenate(samples))
