"""Colours of an embedded ICC profile to sRGB, judged by what the profile does and not by its name.

Source: ICC.1:2010 (profiles); Pillow's ImageCms, which is LittleCMS.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.files.arrays.limits import DAMAGE

SrgbTransform = Callable[[Pixels], Pixels]
"""``(H, W, 3)`` uint8 in the colours of a profile → the same in sRGB."""

Space = Literal["RGB", "CMYK"]

# Ours. Two of 255 levels are what rounding and the several versions of sRGB make; nobody sees them.
_SAME_WITHIN = 2
_STEPS = 9


def to_srgb(profile: bytes) -> SrgbTransform | None:
    """How to turn RGB pixels into sRGB; None where nothing changes or the profile cannot be used.

    Args:
        profile: the bytes of the profile.
    """
    transform = pillow_transform(profile, "RGB")
    return None if transform is None else lambda pixels: _applied(pixels, transform)


def pillow_transform(profile: bytes, space: Space) -> Any | None:
    """Pillow's own transform from a profile to sRGB; None as `to_srgb`.

    Args:
        profile: the bytes of the profile.
        space: the colours that the pixels are in; a profile for others is not used.
    """
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != space:
            return None
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), space, "RGB")
    except (*DAMAGE, ImageCms.PyCMSError):
        return None  # a broken profile changes nothing: the picture is shown as stored
    return None if space == "RGB" and _changes_nothing(transform) else transform


def _applied(pixels: Pixels, transform: Any) -> Pixels:
    from PIL import Image, ImageCms

    picture = Image.fromarray(np.ascontiguousarray(pixels), "RGB")
    return np.asarray(ImageCms.applyTransform(picture, transform))


def _changes_nothing(transform: Any) -> bool:
    levels = np.linspace(0, 255, _STEPS).round().astype(np.uint8)
    grid: NDArray[np.uint8] = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(_STEPS, -1, 3)
    return int(np.abs(_applied(grid, transform).astype(int) - grid).max()) <= _SAME_WITHIN
