"""DICOM files to `Image`: one file, single- or multi-frame, or the slices of one series.

Reading order: header → is it a picture → limits → frames in order (``tools.files.dicom.ordering``) → decoded
(``tools.files.dicom.pixels``) → shown (``tools.files.dicom.display``) → square pixels → allow-listed facts
(``tools.files.dicom.facts``). Nothing else of the header leaves this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Image, Pixels
from store.pictures.mapped import let_go
from tools.files.arrays.limits import Allocate, ReadLimits, refusing_damage
from tools.files.arrays.squaring import Squaring
from tools.files.arrays.windowing import most_content, percentile_window
from tools.files.dicom.display import (
    Shown,
    has_window,
    modality_values,
    number,
    show,
    text,
    without_padding,
)
from tools.files.dicom.facts import body_part, is_hounsfield, known_modality
from tools.files.dicom.frames import Frame, frames_of
from tools.files.dicom.headers import Header, read_header
from tools.files.dicom.ordering import Stack, arranged
from tools.files.dicom.pixels import stored_frames
from tools.files.dicom.scaled import Scales, scales_of
from tools.files.dicom.slices import told_of

_VOLUMES = ("CT", "MR", "PT", "NM")
_SAMPLED = 7
# Ours: frames whose pages are in memory at once while a volume is written to disk.
_HELD = 16


def read_dicom(path: Path, limits: ReadLimits, allocate: Allocate = np.empty) -> Image:
    """Read one DICOM file.

    Args:
        path: the file.
        limits: refused from the header, before decoding.
        allocate: makes the arrays of frames and values.

    Raises:
        CaseError: no picture, too large, cut off, damaged, or encoded in a way that is not read.
    """
    return read_series([read_header(path, limits)], limits, allocate)


def read_series(headers: list[Header], limits: ReadLimits, allocate: Allocate = np.empty) -> Image:
    """Read files of one series as the frames of one image.

    The first slice shown is that of `most_content` for CT, MR, PET and nuclear medicine; a cine or
    any other multi-frame file starts at its first frame.

    Args:
        headers: of equal rows, columns and colour, in any order.
        limits: for all of them together.
        allocate: makes the arrays of frames and values.

    Raises:
        CaseError: as `read_dicom`.
    """
    first = headers[0]
    samples = 3 if first.colour else 1
    rows, columns = first.shape
    limits.check(frames=sum(header.frames for header in headers), rows=rows, columns=columns, samples=samples)
    with refusing_damage("DICOM file"):
        stack = arranged([frame for header in headers for frame in frames_of(header)])
        scales = scales_of(stack.frames, samples, limits)
        return _read(stack, scales, allocate)


def _read(stack: Stack, scales: Scales, allocate: Allocate) -> Image:
    frames = stack.frames
    first, count = frames[0], len(frames)
    shape = (count, *scales.squaring.shape)
    shown = [Shown() for _ in frames]
    colour = first.header.colour
    pictures = allocate((*shape, 3) if colour else shape, np.uint8)
    values = (
        None
        if colour
        else _Values(allocate, shape)
        if is_hounsfield(first.flat, rescaled=_rescaled(first))
        else None
    )
    if colour:
        _read_colour(stack, pictures, scales.squaring)
    else:
        _read_grey(stack, pictures, values, shown, scales.squaring)
    kept = values.array if values else None
    image = Image(
        frames=pictures,
        file_type="DICOM",
        values=kept,
        unit=None if kept is None else "HU",
        modality=known_modality(first.flat),
        body_part=body_part(first.flat),
        volumes=stack.volumes,
        **told_of(stack, scales, shown),
    )
    return image.at(_first_shown(pictures, stack))


def _first_shown(pictures: Pixels, stack: Stack) -> int:
    """Which frame to show first: of a volume (of its first pass) the one with most to see."""
    if len(pictures) == 1 or text(stack.frames[0].flat, "Modality") not in _VOLUMES:
        return 0
    return most_content(pictures[: stack.passes[0]])


class _Values:
    """HU values, int16 while every value fits and float32 from then on; None once a frame has none."""

    def __init__(self, allocate: Allocate, shape: tuple[int, ...]) -> None:
        self._allocate = allocate
        self.array: NDArray[Any] | None = allocate(shape, np.int16)

    def keep(self, position: int, scaled: NDArray[Any], *, in_hu: bool) -> None:
        """Put one frame in its place."""
        if not in_hu:
            self.array = None
        if self.array is None:
            return
        if self.array.dtype == np.int16:
            with np.errstate(invalid="ignore"):
                self.array[position] = scaled.astype(np.int16)
            if np.array_equal(self.array[position], scaled):
                return
            wider = self._allocate(self.array.shape, np.float32)
            for i, frame in enumerate(self.array):
                wider[i] = frame
            self.array = wider
        self.array[position] = scaled


def _read_grey(
    stack: Stack, pictures: Pixels, values: _Values | None, shown: list[Shown], squaring: Squaring
) -> None:
    """Fill `pictures`, and `values` where the file is on the Hounsfield scale."""
    common = None
    if values is None and not has_window(stack.frames[0].flat):
        common = _common_percentiles(stack.frames)
    for done, (position, stored) in enumerate(_each_frame(stack.frames)):
        flat, seen = stack.frames[position].flat, shown[position]
        seen.percentiles = common
        scaled, rescaled = modality_values(stored, flat, seen)
        in_hu = is_hounsfield(flat, rescaled=rescaled)
        if values is not None:
            values.keep(position, squaring.values(scaled), in_hu=in_hu)
        pictures[position] = squaring.picture(show(scaled, flat, is_ct_scale=in_hu, shown=seen))
        if done % _HELD == _HELD - 1:
            let_go(pictures)
            if values is not None and values.array is not None:
                let_go(values.array)


def _rescaled(frame: Frame) -> bool:
    return bool(number(frame.flat, "RescaleSlope")) and number(frame.flat, "RescaleIntercept") is not None


def _read_colour(stack: Stack, pictures: Pixels, squaring: Squaring) -> None:
    from pydicom.pixels import apply_color_lut

    for done, (position, stored) in enumerate(_each_frame(stack.frames)):
        ds = stack.frames[position].header.ds
        rgb = apply_color_lut(stored, ds) if stored.ndim == 2 else stored
        if rgb.dtype != np.uint8:
            # A palette's entries have 16 bits; direct colours as many as the header says.
            bits = 16 if stored.ndim == 2 else int(number(ds, "BitsStored") or 16)
            rgb = np.rint(np.clip(rgb / (2**bits - 1) * 255, 0, 255)).astype(np.uint8)
        pictures[position] = squaring.picture(rgb)
        if done % _HELD == _HELD - 1:
            let_go(pictures)


def _each_frame(frames: Sequence[Frame]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Every frame decoded once, file by file as they lie on disk, with its position in the stack."""
    places: dict[int, dict[int, int]] = {}
    headers: dict[int, Header] = {}
    for position, frame in enumerate(frames):
        headers[id(frame.header)] = frame.header
        places.setdefault(id(frame.header), {})[frame.number] = position
    for key, wanted in places.items():
        found = 0
        for stored in _stored(headers[key]):
            if found in wanted:
                yield wanted[found], stored
            found += 1
        if found < headers[key].frames:
            raise EOFError


def _stored(header: Header, indices: list[int] | None = None) -> Iterator[NDArray[Any]]:
    if header.mosaic is None:
        yield from stored_frames(header.path, indices)
        return
    for whole in stored_frames(header.path):
        tiles = header.mosaic.cut(whole)
        yield from tiles if indices is None else (tiles[i] for i in indices)


def _common_percentiles(frames: Sequence[Frame]) -> tuple[float, float]:
    """One range for the whole stack, from a few frames spread over it."""
    samples = []
    for place in np.unique(np.linspace(0, len(frames) - 1, _SAMPLED).astype(int)):
        frame = frames[place]
        stored = next(_stored(frame.header, [frame.number]))
        scaled, _ = modality_values(stored, frame.flat, Shown())
        samples.append(without_padding(scaled, stored, frame.flat))
    return percentile_window(np.concatenate(samples))
