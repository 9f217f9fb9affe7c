"""Pictures with more dots per inch one way than the other are shown with square pixels."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as PillowImage

from tools.files.arrays.limits import ReadLimits
from tools.files.pictures import read_picture


def disc(rows, columns):
    y, x = np.mgrid[:rows, :columns]
    inside = ((y - rows / 2) / rows) ** 2 + ((x - columns / 2) / columns) ** 2 < 0.4**2
    return (255 * inside).astype(np.uint8)


def write(path, pixels, kind="JPEG", **told):
    PillowImage.fromarray(pixels).save(path, kind, **told)
    return read_picture(path, kind, ReadLimits())


@pytest.mark.parametrize(
    ("kind", "dpi", "size"),
    [("JPEG", (200, 100), (120, 120)), ("PNG", (100, 200), (240, 60)), ("TIFF", (204, 102), (120, 120))],
)
def test_a_scan_with_unequal_dots_is_shown_with_square_pixels(tmp_path, kind, dpi, size):
    shape = (60, 120)
    image = write(tmp_path / "a", disc(*shape), kind, dpi=dpi)
    assert image.size == size
    assert image.spacing_mm is None
    assert any("not square" in note and "from 120 × 60 to" in note for note in image.notes)


def test_a_colour_scan_is_squared_too(tmp_path):
    image = write(tmp_path / "a", np.dstack([disc(60, 120)] * 3), dpi=(300, 150))
    assert image.frames.shape == (1, 120, 120, 3)


def test_a_scan_that_is_turned_upright_has_its_shape_turned_too(tmp_path):
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    image = write(tmp_path / "a", disc(60, 120), dpi=(200, 100), exif=exif.tobytes())
    assert image.size == (120, 120)


@pytest.mark.parametrize("dpi", [(300, 300), (300, 20), (0, 0), None])
def test_equal_absurd_or_absent_dots_change_nothing(tmp_path, dpi):
    told = {"dpi": dpi} if dpi else {}
    assert write(tmp_path / "a", disc(60, 120), **told).size == (120, 60)
