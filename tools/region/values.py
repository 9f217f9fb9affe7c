"""What the pixels of a region hold: on which scale, and their mean, spread, ends and middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from store.errors import ToolUseError
from store.pictures.image import NO_VALUE, Image
from store.records import Region
from tools.language.sayings import say
from tools.region.places import pixels_of

Scale = Literal["HU", "file", "grey", "colour"]
"""Hounsfield units; the file's own values on no scale of ours; grey levels of a picture; its colours."""
# Source: ITU-R BT.601, as Pillow turns colours to grey.
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Values:
    """The values of a region.

    Attributes:
        scale: what they are.
        of: flat, without padding; of colours their luminance.
        channels: mean and standard deviation of red, green and blue; empty without colours.
        left_out: pixels of the region that the file fills up, or that hold no number.
    """

    scale: Scale
    of: NDArray[np.float64]
    channels: tuple[tuple[float, float], ...] = ()
    left_out: int = 0

    @property
    def mean(self) -> float:
        """Their mean."""
        return float(self.of.mean())

    @property
    def spread(self) -> float | None:
        """The standard deviation of a sample (n − 1); None of a single value."""
        return float(self.of.std(ddof=1)) if self.of.size > 1 else None


def values_in(region: Region, image: Image) -> Values:
    """The values in a region of the slice in view.

    Raises:
        ToolUseError: it holds no pixel with a value.
    """
    where, inside = pixels_of(region, image.size)
    if image.frame_values is None:
        return _shown(image.plain[where][inside], image)
    values = image.frame_values[where][inside]
    measured = values != NO_VALUE if values.dtype == np.int16 else np.isfinite(values.astype(np.float64))
    if not measured.any():
        raise ToolUseError(say("region_tools.only_padding", image=region.image_id))
    scale: Scale = "HU" if image.unit == "HU" else "file"
    return Values(scale, values[measured].astype(np.float64), left_out=int((~measured).sum()))


def _shown(pixels: NDArray[np.uint8], image: Image) -> Values:
    """The values of a picture that holds no others."""
    levels = pixels.astype(np.float64)
    if levels.ndim == 1:
        return Values("grey", levels)
    if _is_grey(image):
        return Values("grey", levels[:, 0])
    each = [Values("colour", levels[:, one]) for one in range(3)]
    return Values("colour", levels @ _LUMA, tuple((one.mean, one.spread or 0.0) for one in each))


def _is_grey(image: Image) -> bool:
    """Whether a picture of three channels has the same in each."""
    plain = image.plain
    return bool((plain[..., :1] == plain).all())
