"""How bright a picture is shown, and what the numbers behind it mean: facts, not judgements."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from store.pictures.image import Image

# Ours: levels that a person takes for black and for white on a screen.
_BLACK, _WHITE = 16, 239
_ENOUGH = 1_000_000

_NO_HU = "not Hounsfield units: the file does not put its values on that scale"
_NO_UNIT = "none named in the file"
_NO_VALUES = "none: the file holds grey levels or colours and no measured values"


def levels(image: Image) -> Iterator[tuple[str, str]]:
    """Name and printable value of each fact on the frame in view."""
    yield "brightness shown", _shown(image)
    yield "display", f"{'colour' if image.frames.ndim == 4 else 'grey'} (from the pixels)"
    if "unit of values" not in image.facts:
        yield "unit of values", unit_of_values(image)


def unit_of_values(image: Image) -> str:
    """What the values behind the picture are, where its header does not name their unit."""
    if image.unit == "HU":
        return "Hounsfield units (HU)"
    if image.file_type not in ("DICOM", "NIfTI") or image.frames.ndim == 4:
        return _NO_VALUES
    return _NO_HU if image.modality == "CT" else _NO_UNIT


def _shown(image: Image) -> str:
    grey = np.asarray(image.plain)
    step = max(1, round((grey.size / _ENOUGH) ** 0.5))
    grey = grey[::step, ::step]
    if grey.ndim == 3:
        # Source: ITU-R BT.601, as Pillow turns colours to grey.
        grey = grey @ np.array([0.299, 0.587, 0.114])
    black, white = 100 * float((grey < _BLACK).mean()), 100 * float((grey > _WHITE).mean())
    return (
        f"the middle level is {np.median(grey):.0f} of 255; {black:.0f} % is nearly black and {white:.0f} % "
        "nearly white (from the pixels)"
    )
