"""DICOM files to `Image`: one file, single- or multi-frame, or the sorted slices of one series.

Reading order: header → is it a picture → limits → frames decoded (``tools.files.dicom.pixels``) → shown
(``tools.files.dicom.display``) → allow-listed facts (``tools.files.dicom.facts``). Nothing else of the header
leaves this file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image, Pixels
from tools.files.arrays.limits import Allocate, ReadLimits, refusing_damage
from tools.files.arrays.windowing import most_content, percentile_window
from tools.files.dicom.display import (
    Shown,
    flat_header,
    has_window,
    modality_values,
    number,
    show,
    text,
    without_padding,
)
from tools.files.dicom.facts import body_part, facts, is_hounsfield, known_modality, spacing_mm
from tools.files.dicom.pixels import check_pixel_header, read_dataset, settle_transfer_syntax, stored_frames
from tools.files.dicom.terms import NOT_A_PICTURE, NOT_A_PICTURE_MODALITY

if TYPE_CHECKING:
    from pydicom import Dataset

_VOLUMES = ("CT", "MR", "PT", "NM")
_SAMPLED = 7


@dataclass
class Header:
    """One file's header, without its pixels, for as long as the file is read."""

    path: Path
    ds: Dataset
    syntax: str
    frames: int

    @property
    def colour(self) -> bool:
        """Whether its frames are RGB once decoded."""
        return text(self.ds, "PhotometricInterpretation") not in ("MONOCHROME1", "MONOCHROME2")

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return int(self.ds.Rows), int(self.ds.Columns)


def read_header(path: Path, limits: ReadLimits) -> Header:
    """Read a header and refuse what is no picture, too large, or cannot be decoded.

    Raises:
        CaseError: with the reason in words.
    """
    with refusing_damage("DICOM file"):
        ds = read_dataset(path, with_pixels=False)
        _refuse_not_a_picture(ds)
        if _deeper_than(ds, limits.max_nesting):
            raise CaseError(
                f"This DICOM file nests its sequences more than {limits.max_nesting} deep, which no picture "
                "needs. Export it again from its source."
            )
        frames = check_pixel_header(ds, limits)
        return Header(path, ds, settle_transfer_syntax(ds), frames)


def read_dicom(path: Path, limits: ReadLimits, allocate: Allocate = np.empty) -> Image:
    """Read one DICOM file.

    Args:
        path: the file.
        limits: refused from the header, before decoding.
        allocate: makes the arrays of frames and values.

    Raises:
        CaseError: no picture, too large, cut off, damaged, or encoded in a way that is not read.
    """
    return read_stack([read_header(path, limits)], limits, allocate)


def read_stack(headers: list[Header], limits: ReadLimits, allocate: Allocate = np.empty) -> Image:
    """Read files of one series, already sorted, as the frames of one image.

    The first slice shown is that of `most_content` for CT, MR, PET and nuclear medicine; a cine or
    any other multi-frame file starts at its first frame.

    Args:
        headers: of equal rows, columns and colour.
        limits: for all of them together.
        allocate: makes the arrays of frames and values.

    Raises:
        CaseError: as `read_dicom`.
    """
    first = headers[0]
    count = sum(header.frames for header in headers)
    (rows, columns), colour = first.shape, first.colour
    limits.check(frames=count, rows=rows, columns=columns, samples=3 if colour else 1)
    shown = Shown()
    with refusing_damage("DICOM file"):
        flat = flat_header(first.ds, 0)
        frames = allocate((count, rows, columns, 3) if colour else (count, rows, columns), np.uint8)
        values = None if colour else _read_grey(headers, frames, allocate, shown)
        if colour:
            _read_colour(headers, frames)
        index = most_content(frames) if count > 1 and text(flat, "Modality") in _VOLUMES else 0
        spacing, spacing_note = spacing_mm(flat)
        found = facts(flat, frames=count, window=shown.window, syntax=first.syntax)
        modality, part = known_modality(flat), body_part(flat)
    return Image(
        frames=frames,
        file_type="DICOM",
        index=index,
        values=values,
        unit=None if values is None else "HU",
        spacing_mm=spacing,
        modality=modality,
        body_part=part,
        facts=found,
        notes=(*shown.notes, *([spacing_note] if spacing_note else [])),
    )


def _read_grey(
    headers: list[Header], frames: Pixels, allocate: Allocate, shown: Shown
) -> NDArray[np.generic] | None:
    """Fill `frames`; returns the HU values, or None where the file is on no such scale."""
    first = flat_header(headers[0].ds, 0)
    values = allocate(frames.shape, np.int16) if is_hounsfield(first, rescaled=_rescaled(first)) else None
    if values is None and not has_window(first):
        shown.percentiles = _common_percentiles(headers, shown)
    for position, (header, frame, stored) in enumerate(_each_frame(headers)):
        flat = flat_header(header.ds, frame)
        scaled, rescaled = modality_values(stored, flat, shown)
        in_hu = is_hounsfield(flat, rescaled=rescaled)
        values = _keep(values, position, scaled, allocate) if values is not None and in_hu else None
        frames[position] = show(scaled, flat, is_ct_scale=in_hu, shown=shown)
    return values


def _rescaled(flat: Dataset) -> bool:
    return bool(number(flat, "RescaleSlope")) and number(flat, "RescaleIntercept") is not None


def _read_colour(headers: list[Header], frames: Pixels) -> None:
    from pydicom.pixels import apply_color_lut

    for position, (header, _, stored) in enumerate(_each_frame(headers)):
        rgb = apply_color_lut(stored, header.ds) if stored.ndim == 2 else stored
        if rgb.dtype != np.uint8:
            # A palette's entries have 16 bits; direct colours as many as the header says.
            bits = 16 if stored.ndim == 2 else int(number(header.ds, "BitsStored") or 16)
            rgb = np.rint(np.clip(rgb / (2**bits - 1) * 255, 0, 255))
        frames[position] = rgb


def _each_frame(headers: list[Header]) -> Iterator[tuple[Header, int, NDArray[Any]]]:
    for header in headers:
        found = 0
        for stored in stored_frames(header.path):
            if found < header.frames:
                yield header, found, stored
            found += 1
        if found < header.frames:
            raise EOFError


def _common_percentiles(headers: list[Header], shown: Shown) -> tuple[float, float]:
    """One range for the whole stack, from a few frames spread over it."""
    places = [(header, frame) for header in headers for frame in range(header.frames)]
    samples = []
    for place in np.unique(np.linspace(0, len(places) - 1, _SAMPLED).astype(int)):
        header, frame = places[place]
        stored = next(stored_frames(header.path, [frame]))
        flat = flat_header(header.ds, frame)
        scaled, _ = modality_values(stored, flat, shown)
        samples.append(without_padding(scaled, stored, flat))
    return percentile_window(np.concatenate(samples))


def _keep(values: NDArray[Any], position: int, scaled: NDArray[Any], allocate: Allocate) -> NDArray[Any]:
    """Put one frame into `values`, int16 for as long as every value fits and float32 from then on."""
    if values.dtype == np.int16:
        with np.errstate(invalid="ignore"):
            values[position] = scaled.astype(np.int16)
        if np.array_equal(values[position], scaled):
            return values
        wider = allocate(values.shape, np.float32)
        wider[:position] = values[:position]
        values = wider
    values[position] = scaled
    return values


def _refuse_not_a_picture(ds: Dataset) -> None:
    """Say in words what a DICOM object without a picture of anatomy is."""
    sop_class = str(ds.get("SOPClassUID") or "")
    if not sop_class and hasattr(ds, "file_meta"):
        sop_class = str(ds.file_meta.get("MediaStorageSOPClassUID", ""))
    starts = [start for start in NOT_A_PICTURE if sop_class.startswith(start)]
    words = (
        NOT_A_PICTURE[max(starts, key=len)] if starts else NOT_A_PICTURE_MODALITY.get(text(ds, "Modality"))
    )
    if words:
        # After a semicolon a kind names its own way on.
        ending = "" if ";" in words else " Send the images it refers to, or others of the same study."
        raise CaseError(f"This DICOM file is {words}.{ending}")


def _deeper_than(ds: Dataset, levels: int) -> bool:
    """Whether sequences lie in sequences more than `levels` deep."""
    from pydicom.datadict import dictionary_VR

    for tag, element in list(ds.items()):
        vr = element.VR
        if vr is None and not tag.is_private:
            try:
                vr = dictionary_VR(tag)
            except KeyError:
                continue
        if vr == "SQ":
            items = ds[tag].value or ()
            if levels == 0 or any(_deeper_than(item, levels - 1) for item in items):
                return True
    return False
