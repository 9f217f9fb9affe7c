"""The header of one DICOM file, read without its pixels: is it a picture, and can it be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import CaseError
from tools.files.arrays.limits import ReadLimits, refusing_damage
from tools.files.dicom.dataset import read_dataset, settle_transfer_syntax
from tools.files.dicom.display import text
from tools.files.dicom.mosaic import Mosaic, mosaic_of
from tools.files.dicom.pixel_header import complete, read_pixel_header
from tools.files.dicom.terms import NOT_A_PICTURE, NOT_A_PICTURE_MODALITY

if TYPE_CHECKING:
    from pydicom import Dataset


@dataclass
class Header:
    """One file's header, without its pixels, for as long as the file is read."""

    path: Path
    ds: Dataset
    syntax: str
    stored: int
    mosaic: Mosaic | None = None
    assumed: tuple[str, ...] = ()

    @property
    def frames(self) -> int:
        """How many frames it gives: those stored, or the tiles of a mosaic."""
        return self.mosaic.count if self.mosaic else self.stored

    @property
    def colour(self) -> bool:
        """Whether its frames are RGB once decoded."""
        return text(self.ds, "PhotometricInterpretation") not in ("MONOCHROME1", "MONOCHROME2")

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of one frame as stored."""
        return self.mosaic.shape if self.mosaic else (int(self.ds.Rows), int(self.ds.Columns))


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
        stored = read_pixel_header(ds, limits).frames
        return Header(path, ds, settle_transfer_syntax(ds), stored, mosaic_of(ds), assumed)


def _refuse_not_a_picture(ds: Dataset) -> None:
    """Say in words what a DICOM object without a picture of anatomy is.

    What is a picture is told by the SOP class, not by the modality: a dose sheet or a scanned letter kept as
    Secondary Capture is a picture whatever its modality says. The modality only names what has no rows and
    columns and no SOP class to go by.
    """
    sop_class = str(ds.get("SOPClassUID") or "")
    if not sop_class and hasattr(ds, "file_meta"):
        sop_class = str(ds.file_meta.get("MediaStorageSOPClassUID", ""))
    starts = [start for start in NOT_A_PICTURE if sop_class.startswith(start)]
    words = NOT_A_PICTURE[max(starts, key=len)] if starts else None
    if words is None and (not sop_class or "Rows" not in ds):
        words = NOT_A_PICTURE_MODALITY.get(text(ds, "Modality"))
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
