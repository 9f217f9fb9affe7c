"""DICOM files to `Image`: one file, single- or multi-frame, or the sorted slices of one series.

Reading order: header → is it a picture → limits → frames decoded and shown
(``tools.files.dicom.shown_frames``) → allow-listed facts (``tools.files.dicom.facts``). Nothing else of the
header leaves this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from store.errors import CaseError
from store.pictures.image import Image
from tools.files.arrays.limits import Allocate, ReadLimits, refusing_damage
from tools.files.arrays.windowing import most_content
from tools.files.dicom.dataset import read_dataset, settle_transfer_syntax
from tools.files.dicom.display import Shown, flat_header, text
from tools.files.dicom.facts import body_part, facts, known_modality, spacing_mm
from tools.files.dicom.pixel_header import complete, read_pixel_header
from tools.files.dicom.shown_frames import read_colour, read_grey
from tools.files.dicom.terms import NOT_A_PICTURE, NOT_A_PICTURE_MODALITY

if TYPE_CHECKING:
    from pydicom import Dataset

_VOLUMES = ("CT", "MR", "PT", "NM")


@dataclass
class Header:
    """One file's header, without its pixels, for as long as the file is read."""

    path: Path
    ds: Dataset
    syntax: str
    frames: int
    assumed: tuple[str, ...] = ()

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
        assumed = complete(ds)
        frames = read_pixel_header(ds, limits).frames
        return Header(path, ds, settle_transfer_syntax(ds), frames, assumed)


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
    flat = flat_header(first.ds, 0)
    frames = allocate((count, rows, columns, 3) if colour else (count, rows, columns), np.uint8)
    values = None if colour else read_grey(headers, frames, allocate, shown)
    if colour:
        read_colour(headers, frames, shown)
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
