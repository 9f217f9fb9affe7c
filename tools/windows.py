"""Windows of CT by name, or by width and level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from store.pictures.image import Image
from store.pictures.window import Window

# Source: the presets for CT that the OHIF Viewer 3 ships (default window level presets).
CT_WINDOWS: Mapping[str, Window] = MappingProxyType(
    {
        "soft_tissue": Window(40.0, 400.0),
        "lung": Window(-600.0, 1500.0),
        "liver": Window(90.0, 150.0),
        "bone": Window(480.0, 2500.0),
        "brain": Window(40.0, 80.0),
    }
)
"""Level and width in Hounsfield units, by a name that ``prompts/sayings/*/viewer.toml`` has words for."""


_NUMBERS = re.compile(r"(?P<width>\d+(?:\.\d+)?)/(?P<level>-?\d+(?:\.\d+)?)")


def window_called(name: str) -> Window | None:
    """A window of CT by its name, or by width and level in HU, such as “400/40”; None where it is neither."""
    numbers = _NUMBERS.fullmatch(name)
    if numbers is None or not float(numbers["width"]):
        return CT_WINDOWS.get(name)
    return Window(float(numbers["level"]), float(numbers["width"]))


def windows_for(image: Image) -> Mapping[str, Window]:
    """The named windows that an image can be shown with: those of CT where its values are HU, else none."""
    return CT_WINDOWS if image.unit == "HU" else {}
