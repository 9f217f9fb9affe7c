"""Windows of CT by name."""

from __future__ import annotations

import numpy as np
import pytest

from store.pictures.image import Image
from tools.language.sayings import sayings
from tools.windows import CT_WINDOWS, window_called, windows_for


@pytest.mark.parametrize("unit", ["HU", None])
def test_named_windows_are_for_hounsfield_units_alone(unit: str | None) -> None:
    frames = np.zeros((1, 2, 2), np.uint8)
    image = Image(frames=frames, file_type="DICOM", values=frames, unit=unit)
    assert bool(windows_for(image)) == (unit == "HU")


@pytest.mark.parametrize(
    ("name", "width", "level"), [("lung", 1500, -600), ("400/40", 400, 40), ("1500.5/-600", 1500.5, -600)]
)
def test_a_window_is_called_by_its_name_or_its_numbers(name: str, width: float, level: float) -> None:
    window = window_called(name)
    assert window is not None and (window.width, window.level) == (width, level)


@pytest.mark.parametrize("name", ["wide", "0/40", "-400/40", "400", "400/40/1", ""])
def test_what_is_no_window_is_none(name: str) -> None:
    assert window_called(name) is None


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_named_window_has_a_word(language: str) -> None:
    assert all(sayings(language).texts[f"viewer.preset_{name}"] for name in CT_WINDOWS)
