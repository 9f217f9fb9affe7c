"""Text and faces in the pixels of a DICOM file, masked as stored; every other pixel keeps its value.

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
from tools.privacy.header import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom import Dataset

    from tools.burned_in.boxes import Box

_BLACK = {"MONOCHROME1": "max", "MONOCHROME2": "min"}
_NO_COLOUR = (0, 128, 128)
LEFT = (
    "Something like text or a face is still found in its pixels after masking: no copy is written. Mask it "
    "by hand."
)
"""Why there is no copy."""


def mask_dicom(ds: Dataset, image: Image, finder: Seeker) -> list[Change]:
    """Mask text and faces in the pixel data, in place.

    Args:
        ds: the data set.
        image: the same file as it is shown.
        finder: finds what is to be masked.

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
        _hide(ds, hidden)
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


def _hide(ds: Dataset, hidden: Mask) -> None:
    from pydicom.uid import UID, ExplicitVRLittleEndian

    if UID(str(ds.file_meta.get("TransferSyntaxUID", ExplicitVRLittleEndian))).is_compressed:
        ds.decompress(generate_instance_uid=False)
    pixels: Any = np.array(ds.pixel_array)
    photometric = str(ds.PhotometricInterpretation)
    place = (..., hidden, slice(None)) if int(ds.SamplesPerPixel) > 1 else (..., hidden)
    if photometric in _BLACK:
        pixels[place] = getattr(pixels, _BLACK[photometric])()
    else:
        pixels[place] = _NO_COLOUR if photometric.startswith("YBR") else 0
    photometric = "YBR_FULL" if photometric == "YBR_FULL_422" else photometric
    ds.set_pixel_data(pixels, photometric, int(ds.BitsStored), generate_instance_uid=False)
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
