"""The features: fixed length, finite, repeatable, blind to size, sensitive to what they measure."""

from __future__ import annotations

import numpy as np
import pytest

from tools.gate import features
from tools.gate.features import extract

RNG = np.random.default_rng(3)


def clouds(height: int, width: int) -> np.ndarray:
    """Smooth colour blobs that look the same at every size."""
    rows, columns = np.mgrid[0 : 3 : height * 1j, 0 : 3 : width * 1j]
    layers = [np.sin(rows * k + columns) * 60 + 128 for k in (1, 2, 3)]
    return np.stack(layers, axis=2).astype(np.uint8)


@pytest.mark.parametrize("size", [(32, 32), (33, 700), (64, 64), (480, 640), (2400, 3200)])
def test_every_size_gives_the_same_number_of_finite_features(size):
    row = extract(RNG.integers(0, 256, (*size, 3), dtype=np.uint8))
    assert row.shape == extract(clouds(64, 64)).shape
    assert row.dtype == np.float32
    assert np.isfinite(row).all()


@pytest.mark.parametrize("shade", [0, 255])
def test_a_blank_picture_gives_finite_features(shade):
    assert np.isfinite(extract(np.full((50, 70, 3), shade, np.uint8))).all()


def test_the_same_picture_gives_the_same_features():
    assert np.array_equal(extract(clouds(200, 300)), extract(clouds(200, 300)))


def test_size_alone_changes_little():
    small, large, other = (
        extract(clouds(256, 256)),
        extract(clouds(1024, 1024)),
        extract(clouds(256, 256)[::-1, :, ::-1]),
    )
    assert np.abs(small - large).mean() < 0.2 * np.abs(small - other).mean()


def test_the_picture_is_not_changed():
    pixels = clouds(100, 100)
    before = pixels.copy()
    extract(pixels)
    assert np.array_equal(pixels, before)


def test_a_grey_picture_has_no_colour():
    grey = np.repeat(clouds(128, 128)[..., :1], 3, axis=2)
    squashed, _ = features._two_sizes(grey)
    coloured, _ = features._two_sizes(clouds(128, 128))
    assert features._colour(squashed)[0] == 1.0
    assert features._colour(coloured)[0] < 0.5


def test_a_black_surround_shows_in_the_frame():
    framed = np.zeros((128, 128, 3), np.uint8)
    framed[30:98, 30:98] = 180
    squashed, _ = features._two_sizes(framed)
    black_ring = features._frame(squashed, features._luma(squashed))[2]
    assert black_ring == 1.0


def test_a_mirrored_half_is_found_symmetric():
    half = clouds(128, 64)
    whole = np.concatenate([half, half[:, ::-1]], axis=1)
    squashed, _ = features._two_sizes(whole)
    assert features._layout(squashed, features._luma(squashed))[-2] > 0.99


def test_text_has_more_small_marks_than_clouds():
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    page = PillowImage.new("RGB", (256, 256), "white")
    for line in range(15):
        ImageDraw.Draw(page).text((5, 5 + 16 * line), "words in lines of lettering, all small", fill="black")
    marks = [features._lettering(fine, features._luma(fine))[7] for fine in
             (features._two_sizes(np.array(page))[1], features._two_sizes(clouds(256, 256))[1])]  # fmt: skip
    assert marks[0] > marks[1] + 1
