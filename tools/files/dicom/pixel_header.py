"""How the header describes the pixels: what it leaves out filled in, then checked.

Source: DICOM PS3.3 section C.7.6.3 (Image Pixel), PS3.5 section 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.errors import CaseError
from tools.files.arrays.limits import ReadLimits, refusing_damage
from tools.files.dicom.display import number, text
from tools.files.dicom.terms import PHOTOMETRICS

if TYPE_CHECKING:
    from pydicom import Dataset

_ONE_SAMPLE = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
_SIGNED_BY_VR = ("PixelPaddingValue", "SmallestImagePixelValue", "LargestImagePixelValue")


@dataclass(frozen=True)
class PixelHeader:
    """The Image Pixel module in numbers, whole and without contradiction.

    Attributes:
        rows: of a frame.
        columns: of a frame.
        frames: how many the file holds.
        samples: 1, or 3 for colour.
        allocated: bits of a cell.
        stored: bits of a value.
        above_last: High Bit + 1; below `stored` where the file says nothing or what cannot be.
        signed: Pixel Representation; None where the file does not say.
        planar: the samples of a pixel lie in planes of their own. Means nothing in a compressed frame.
        photometric: Photometric Interpretation.
    """

    rows: int
    columns: int
    frames: int
    samples: int
    allocated: int
    stored: int
    above_last: int
    signed: bool | None
    planar: bool
    photometric: str


def complete(ds: Dataset) -> tuple[str, ...]:
    """Write into a header what it leaves out of the Image Pixel module, where the rest decides it.

    Returns:
        One sentence on each element whose value is only the usual one and not the only possible one.
    """
    assumed = []
    if not text(ds, "PhotometricInterpretation"):
        ds.PhotometricInterpretation = _photometric(ds)
        assumed.append(
            f"The file does not say how its values are coloured; {ds.PhotometricInterpretation} is assumed."
        )
    if number(ds, "SamplesPerPixel") is None:
        ds.SamplesPerPixel = 1 if text(ds, "PhotometricInterpretation") in _ONE_SAMPLE else 3
    allocated = number(ds, "BitsAllocated")
    if allocated is None:
        allocated = _container(ds)
        if allocated is not None:
            ds.BitsAllocated = int(allocated)
    if number(ds, "BitsStored") is None and allocated is not None:
        last = number(ds, "HighBit")
        ds.BitsStored = int(allocated if last is None or not 0 <= last < allocated else last + 1)
    if (number(ds, "NumberOfFrames") or 1) < 1:
        ds.NumberOfFrames = 1
    return tuple(assumed)


def _photometric(ds: Dataset) -> str:
    if "RedPaletteColorLookupTableDescriptor" in ds:
        return "PALETTE COLOR"
    return "RGB" if number(ds, "SamplesPerPixel") == 3 else "MONOCHROME2"


def _container(ds: Dataset) -> int | None:
    bits = max(number(ds, "BitsStored") or 0, (number(ds, "HighBit") or -1) + 1)
    return next((wide for wide in (8, 16, 32) if 0 < bits <= wide), None)


def read_pixel_header(ds: Dataset, limits: ReadLimits) -> PixelHeader:
    """Read the description of the pixels from a completed header, and refuse what it alone forbids.

    Args:
        ds: a header that went through `complete`.
        limits: on size and frames.

    Raises:
        CaseError: no picture, too large, or a header that contradicts itself.
    """
    if "Rows" not in ds or "Columns" not in ds:
        raise CaseError("This DICOM file holds no picture. Send one that has pixel data.")
    with refusing_damage("DICOM file"):
        found = described(ds)
    limits.check(frames=found.frames, rows=found.rows, columns=found.columns, samples=found.samples)
    _refuse_contradictions(found)
    return found


def described(ds: Dataset) -> PixelHeader:
    """The description of the pixels as a completed header has it, without checks."""
    return PixelHeader(
        rows=_whole(ds, "Rows"),
        columns=_whole(ds, "Columns"),
        frames=_whole(ds, "NumberOfFrames") or 1,
        samples=_whole(ds, "SamplesPerPixel"),
        allocated=_whole(ds, "BitsAllocated"),
        stored=_whole(ds, "BitsStored"),
        above_last=_whole(ds, "HighBit") + 1,
        signed=_signed(ds),
        planar=number(ds, "PlanarConfiguration") == 1,
        photometric=text(ds, "PhotometricInterpretation"),
    )


def possible_stored(ds: Dataset) -> tuple[float, float]:
    """The lowest and highest value that Bits Stored and Pixel Representation allow."""
    bits = _whole(ds, "BitsStored") or 16
    return (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1) if _signed(ds) else (0.0, 2.0**bits - 1)


def _whole(ds: Dataset, keyword: str) -> int:
    return int(number(ds, keyword) or 0)


def _signed(ds: Dataset) -> bool | None:
    said = number(ds, "PixelRepresentation")
    if said is not None:
        return said == 1
    return True if any(kw in ds and ds[kw].VR == "SS" for kw in _SIGNED_BY_VR) else None


def _refuse_contradictions(found: PixelHeader) -> None:
    allocated, stored, samples = found.allocated, found.stored, found.samples
    if allocated == 0:
        raise CaseError(
            "The header of this DICOM file does not say how many bits its values take. Export it again "
            "from its source."
        )
    if allocated not in (1, 8, 16, 32) or samples not in (1, 3) or not 0 < stored <= allocated:
        raise CaseError(
            f"The header of this DICOM file contradicts itself ({allocated} bits allocated, {stored} stored, "
            f"{samples} samples per pixel). Export it again from its source."
        )
    if found.photometric not in PHOTOMETRICS:
        raise CaseError(
            "This DICOM file describes its colours in a way that is not read. Export it as RGB or grey."
        )
    if (samples == 3) != (found.photometric not in _ONE_SAMPLE):
        raise CaseError(
            f"The header of this DICOM file contradicts itself: {samples} samples per pixel with "
            f"{found.photometric}. Export it again from its source."
        )
