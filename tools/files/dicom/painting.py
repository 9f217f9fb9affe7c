"""What turns the stored frames of a colour file into sRGB: its palette and its profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Pixels
from tools.files.arrays.colour_profile import to_srgb
from tools.files.arrays.limits import DAMAGE
from tools.files.dicom.display import Shown
from tools.files.dicom.palette import Palette, read_palette
from tools.files.dicom.pixel_header import possible_stored

if TYPE_CHECKING:
    from pydicom import Dataset

_PROFILE = "Colours were converted from the embedded profile to sRGB."


def colours_of(ds: Dataset, shown: Shown) -> Callable[[NDArray[Any]], Pixels]:
    """How frames of a file become colours.

    Source: DICOM PS3.3 sections C.7.6.3.1.5 (palettes), C.11.15 (ICC Profile, of colours after the palette).

    Args:
        ds: the file's header.
        shown: told of a profile that changes colours.

    Returns:
        A function of one frame, ``(H, W)`` palette indices or ``(H, W, 3)`` uint8 RGB.
    """
    profile = ds.get("ICCProfile")
    transform = to_srgb(profile) if isinstance(profile, bytes) and profile else None
    if transform is not None:
        shown.note(_PROFILE)
    palette = _palette(ds) if ds.get("SamplesPerPixel") == 1 else None

    def painted(stored: NDArray[Any]) -> Pixels:
        if stored.ndim == 2 and palette is None:
            raise CaseError(
                "The colour palette of this DICOM file is missing or incomplete. Export it again as RGB."
            )
        rgb = stored if palette is None else palette.paint(stored)
        return rgb if transform is None else transform(rgb)

    return painted


def _palette(ds: Dataset) -> Palette | None:
    try:
        return read_palette(ds, possible_stored(ds))
    except DAMAGE:
        return None
