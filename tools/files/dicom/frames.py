"""Every frame of one or more files, decoded and shown, into arrays that were made for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import NO_VALUE, Pixels
from tools.files.arrays.colour_profile import SrgbTransform, to_srgb
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
from tools.files.dicom.palette import Palette, read_palette
from tools.files.dicom.pixel_header import possible_stored
from tools.files.dicom.pixels import stored_frames

if TYPE_CHECKING:
    from pydicom import Dataset

_SAMPLED = 7
_PADDED = "What the file pads its slices with counts as no tissue."
_PROFILE = "Colours were converted from the embedded profile to sRGB."


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
    values = allocate(frames.shape, np.int16) if is_hounsfield(first, rescaled=has_scale(first)) else None
    if values is None and not has_window(first):
        shown.percentiles = _common_percentiles(files, shown)
    for position, (file, frame, stored) in enumerate(_each_frame(files)):
        flat = flat_header(file.ds, frame)
        scaled, rescaled = modality_values(stored, flat, shown)
        padding = padding_of(stored, flat)
        in_hu = is_hounsfield(flat, rescaled=rescaled)
        if values is not None and in_hu:
            values = _keep(values, position, scaled, padding, allocate)
            if padding is not None:
                shown.note(_PADDED)
        else:
            values = None
        frames[position] = show(scaled, flat, padding=padding, is_ct_scale=in_hu, shown=shown)
    return values


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
            palette = _palette(file.ds) if stored.ndim == 2 else None
            transform = _transform(file.ds)
            if transform is not None:
                shown.note(_PROFILE)
        rgb = stored if palette is None else palette.paint(stored)
        frames[position] = rgb if transform is None else transform(rgb)


def _palette(ds: Dataset) -> Palette:
    palette = read_palette(ds, possible_stored(ds))
    if palette is None:
        raise CaseError(
            "The colour palette of this DICOM file is missing or incomplete. Export it again as RGB."
        )
    return palette


def _transform(ds: Dataset) -> SrgbTransform | None:
    """What turns its colours into sRGB, by the profile in the file."""
    profile = ds.get("ICCProfile")
    return to_srgb(profile) if isinstance(profile, bytes) and profile else None


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


def _keep(
    values: NDArray[Any],
    position: int,
    scaled: NDArray[Any],
    padding: NDArray[np.bool_] | None,
    allocate: Allocate,
) -> NDArray[Any]:
    """Put one frame into `values`, int16 for as long as every value fits and float32 from then on."""
    if values.dtype == np.int16:
        with np.errstate(invalid="ignore"):
            values[position] = scaled.astype(np.int16)
        same = values[position] == scaled
        if (same if padding is None else same | padding).all():
            if padding is not None:
                values[position][padding] = NO_VALUE
            return values
        values = _wider(values, position, allocate)
    values[position] = scaled
    if padding is not None:
        values[position][padding] = np.nan
    return values


def _wider(values: NDArray[Any], filled: int, allocate: Allocate) -> NDArray[Any]:
    """The frames so far as float32."""
    wider = allocate(values.shape, np.float32)
    for done in range(filled):
        wider[done] = values[done]
        wider[done][values[done] == NO_VALUE] = np.nan
    return wider
