"""Windows of CT by name."""

from __future__ import annotations

import numpy as np
import pytest

from store.pictures.image import Image
from tools.language.sayings import sayings
from tools.windows import CT_WINDOWS, windows_for


@pytest.mark.parametrize("unit", ["HU", None])
def test_named_windows_are_for_hounsfield_units_alone(unit: str | None) -> None:
    frames = np.zeros((1, 2, 2), np.uint8)
    image = Image(frames=frames, file_type="DICOM", values=frames, unit=unit)
    assert bool(windows_for(image)) == (unit == "HU")


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_named_window_has_a_word(language: str) -> None:
    assert all(sayings(language).texts[f"viewer.preset_{name}"] for name in CT_WINDOWS)
