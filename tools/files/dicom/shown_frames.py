"""Every frame of a stack, decoded, shown and made of square pixels, in arrays made for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from store.pictures.mapped import let_go
from tools.files.arrays.kept_values import KeptValues
from tools.files.arrays.limits import Allocate
from tools.files.arrays.squaring import Squaring
from tools.files.arrays.windowing import percentile_window
from tools.files.dicom.brightness import (
    has_scale,
    has_window,
    modality_values,
    show,
)
from tools.files.dicom.display import Shown
from tools.files.dicom.frames import Frame
from tools.files.dicom.headers import Header
from tools.files.dicom.hounsfield import is_hounsfield
from tools.files.dicom.padding import may_have_lost, padding_of, padding_words, without_padding
from tools.files.dicom.painting import colours_of
from tools.files.dicom.pixels import stored_frames

_SAMPLED = 7
# Ours: frames whose pages are in memory at once while a volume is written to disk.
_HELD = 16
_PADDED = "What the file pads its slices with counts as no tissue."


def read_grey(
    frames: Sequence[Frame],
    pictures: Pixels,
    allocate: Allocate,
    shown: Sequence[Shown],
    squaring: Squaring,
) -> KeptValues:
    """Fill `pictures` with grey.

    Args:
        frames: in order, of equal rows and columns.
        pictures: ``(F, H, W)`` for all of them, of the size that `squaring` gives.
        allocate: makes the array of values.
        shown: collects the notes and the window of each.
        squaring: makes their pixels square.

    Returns:
        The values behind the pictures, and whether they are Hounsfield units.
    """
    _note_assumed(frames, shown)
    first = frames[0].flat
    on_scale = is_hounsfield(first, rescaled=has_scale(first))
    values = KeptValues(allocate, pictures.shape)
    common = None if on_scale or has_window(first) else _common_percentiles(frames)
    for done, (position, stored) in enumerate(_each_frame(frames), 1):
        flat, seen = frames[position].flat, shown[position]
        seen.percentiles = common
        scaled, rescaled = modality_values(stored, flat, seen)
        padding = padding_of(stored, flat, lossy=may_have_lost(flat, frames[position].header.syntax))
        seen.padding = padding_words(flat, found=padding is not None)
        in_hu = is_hounsfield(flat, rescaled=rescaled)
        if in_hu and padding is not None:
            seen.note(_PADDED)
        padded = None if padding is None else squaring.values(padding)
        values.keep(position, squaring.values(scaled), padded, in_hu=in_hu)
        grey = show(scaled, flat, padding=padding, is_ct_scale=in_hu, shown=seen)
        pictures[position] = squaring.picture(grey)
        _leave_memory(done, pictures, values.array)
    return values


def read_colour(
    frames: Sequence[Frame], pictures: Pixels, shown: Sequence[Shown], squaring: Squaring
) -> None:
    """Fill `pictures` with sRGB.

    Args:
        frames: in order, of equal rows and columns.
        pictures: ``(F, H, W, 3)`` for all of them, of the size that `squaring` gives.
        shown: collects the notes of each.
        squaring: makes their pixels square.

    Raises:
        CaseError: a palette is missing or broken.
    """
    _note_assumed(frames, shown)
    header, learnt = None, Shown()
    for done, (position, stored) in enumerate(_each_frame(frames), 1):
        if frames[position].header is not header:
            header, learnt = frames[position].header, Shown()
            to_rgb = colours_of(header.ds, learnt)
        for sentence in learnt.notes:
            shown[position].note(sentence)
        pictures[position] = squaring.picture(to_rgb(stored))
        _leave_memory(done, pictures, None)


def _note_assumed(frames: Sequence[Frame], shown: Sequence[Shown]) -> None:
    for frame, seen in zip(frames, shown, strict=True):
        for sentence in frame.header.assumed:
            seen.note(sentence)


def _leave_memory(done: int, pictures: Pixels, values: NDArray[Any] | None) -> None:
    """Let the system drop what was written of a volume that lies on disk."""
    if done % _HELD:
        return
    let_go(pictures)
    if values is not None:
        let_go(values)


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
        lossy = may_have_lost(frame.flat, frame.header.syntax)
        samples.append(without_padding(scaled, padding_of(stored, frame.flat, lossy=lossy)))
    return percentile_window(np.concatenate(samples))
