"""DICOM files to `Image`: one file, single- or multi-frame, or the slices of one series.

Reading order: header → is it a picture → limits → frames in order (``tools.files.dicom.ordering``) → decoded,
shown and made of square pixels (``tools.files.dicom.shown_frames``) → allow-listed facts
(``tools.files.dicom.facts``). Nothing else of the header leaves this file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from store.pictures.image import Image, Pixels
from tools.files.arrays.limits import Allocate, ReadLimits, refusing_damage
from tools.files.arrays.windowing import most_content
from tools.files.dicom.display import Shown, text
from tools.files.dicom.facts import body_part, known_modality
from tools.files.dicom.frames import frames_of
from tools.files.dicom.headers import Header, read_header
from tools.files.dicom.ordering import Stack, arranged
from tools.files.dicom.scaled import Scales, scales_of
from tools.files.dicom.shown_frames import read_colour, read_grey
from tools.files.dicom.slices import told_of

_VOLUMES = ("CT", "MR", "PT", "NM")


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
    first, colour = stack.frames[0], stack.frames[0].header.colour
    shape = (len(stack.frames), *scales.squaring.shape)
    shown = [Shown() for _ in stack.frames]
    pictures = allocate((*shape, 3) if colour else shape, np.uint8)
    values = unit = None
    if colour:
        read_colour(stack.frames, pictures, shown, scales.squaring)
    else:
        kept = read_grey(stack.frames, pictures, allocate, shown, scales.squaring)
        values, unit = kept.array, "HU" if kept.in_hu else None
    image = Image(
        frames=pictures,
        file_type="DICOM",
        values=values,
        unit=unit,
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
