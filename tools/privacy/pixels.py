"""Text and faces in the pixels of a DICOM file, masked as stored; every other pixel keeps its value.

Colours are written as 8-bit RGB, as they are shown: labels of YCbCr in a header are often wrong.

In ultrasound what stands outside the regions that the file names is masked as well: machines write there who
it is.
Source: DICOM PS3.3 section C.8.5.5.1 (Sequence of Ultrasound Regions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from store.errors import CaseError
from store.pictures.image import Image
from tools.burned_in.faces import FACE
from tools.burned_in.masking import Mask, covered, masked
from tools.burned_in.seekers import Seeker
from tools.files.dicom.pixel_header import complete
from tools.files.dicom.pixels import stored_frames
from tools.privacy.header import Change

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydicom import Dataset

    from tools.burned_in.boxes import Box

_BLACK = {"MONOCHROME1": "max", "MONOCHROME2": "min"}
LEFT = (
    "Something like text or a face is still found in its pixels after masking: no copy is written. Mask it "
    "by hand."
)
"""Why there is no copy."""


def mask_dicom(ds: Dataset, image: Image, finder: Seeker, path: Path) -> list[Change]:
    """Mask text and faces in the pixel data, in place.

    Args:
        ds: the data set.
        image: the same file as it is shown.
        finder: finds what is to be masked.
        path: the same file, from which its pixels are read.

    Raises:
        CaseError: something is left after masking, or the values cannot be written.
    """
    done = masked(image, finder)
    if done.left:
        raise CaseError(LEFT)
    hidden = _as_stored(covered(done.places, image.size), (int(ds.Rows), int(ds.Columns)))
    changes = [Change(name, "masked") for name in found_in_pixels(done.places)]
    outside = _outside_regions(ds)
    if outside is not None and not _is_black(image, outside):
        hidden |= outside
        changes.append(Change("pixels outside the ultrasound regions", "masked"))
    if hidden.any():
        _hide(ds, hidden, path)
    ds.BurnedInAnnotation = "NO"
    return changes


def found_in_pixels(places: Sequence[Box]) -> list[str]:
    """What was found, in the words of a report."""
    return list(dict.fromkeys("faces in pixels" if box.kind == FACE else "text in pixels" for box in places))


def _as_stored(hidden: Mask, shape: tuple[int, int]) -> Mask:
    """The mask at the size of the stored pixels, which may not be square; no pixel of it is lost."""
    if hidden.shape == shape:
        return hidden
    stored = np.zeros(shape, dtype=bool)
    rows, columns = np.nonzero(hidden)
    down, across = (np.array(shape) / np.array(hidden.shape)).tolist()
    for step in (0.0, 0.999):
        at = ((rows + step) * down).astype(int), ((columns + step) * across).astype(int)
        stored[np.minimum(at[0], shape[0] - 1), np.minimum(at[1], shape[1] - 1)] = True
    return stored


def _outside_regions(ds: Dataset) -> Mask | None:
    regions = ds.get("SequenceOfUltrasoundRegions") or ()
    outside = np.ones((int(ds.Rows), int(ds.Columns)), dtype=bool)
    for region in regions:
        top, bottom = region.RegionLocationMinY0, region.RegionLocationMaxY1
        outside[top : bottom + 1, region.RegionLocationMinX0 : region.RegionLocationMaxX1 + 1] = False
    return outside if regions and not outside.all() else None


def _is_black(image: Image, outside: Mask) -> bool:
    shown = np.asarray(image.frames)
    return shown.shape[1:3] == outside.shape and not shown[:, outside].any()


def _hide(ds: Dataset, hidden: Mask, path: Path) -> None:
    """Write the pixels as Casebook reads them, colours as RGB, and label them so."""
    from pydicom.uid import ExplicitVRLittleEndian

    complete(ds)
    pixels: Any = np.stack(list(stored_frames(path)))
    photometric, bits = str(ds.PhotometricInterpretation), int(ds.BitsStored)
    if pixels.ndim == 4:
        photometric, bits = "RGB", 8
    elif pixels.dtype.itemsize * 8 < ds.BitsAllocated:  # compressed frames may hold fewer bits
        pixels = pixels.astype(f"{pixels.dtype.kind}{ds.BitsAllocated // 8}")
    pixels[:, hidden] = getattr(pixels, _BLACK[photometric])() if photometric in _BLACK else 0
    if "NumberOfFrames" not in ds:
        pixels = pixels[0]
    ds.set_pixel_data(pixels, photometric, bits, generate_instance_uid=False)
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
