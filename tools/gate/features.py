"""A picture as numbers: colour, histogram, frame, texture, spectrum, layout and lettering.

`extract` is the whole interface. It resizes first, so its cost does not grow with the picture. Every
number is computed from display pixels only; nothing of the file (size in bytes, name, compression)
enters. This file classifies nothing; see ``tools.gate.estimator``.

All bin counts, sizes and cut-offs here are ours: chosen once, before training, as round numbers. The
classifier weighs the results, so none of them decides anything alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.gate.planes import means_around, sizes_of_marks

Floats = NDArray[np.floating[Any]]

VERSION = "gate-features-1"
"""Changes whenever a number changes; the shipped file names the version it was trained on."""

_SIDE = 128
_FINE_SIDE = 256
_EPS = 1e-6


def extract(pixels: Pixels) -> Floats:
    """All features of one picture.

    Args:
        pixels: ``(H, W, 3)`` uint8 RGB.

    Returns:
        ``(N,)`` float32, finite; N is fixed for one `VERSION`.
    """
    squashed, fine = _two_sizes(pixels)
    grey = _luma(squashed)
    fine_grey = _luma(fine)
    parts = [
        _colour(squashed),
        _histogram(grey),
        _frame(squashed, grey),
        _texture(grey),
        _spectrum(grey),
        _layout(squashed, grey),
        _gradient_grid(grey),
        _lettering(fine, fine_grey),
    ]
    return np.asarray(np.nan_to_num(np.concatenate(parts)), np.float32)


def _two_sizes(pixels: Pixels) -> tuple[Floats, Floats]:
    """The picture squashed to a square, and in its own shape with at most `_FINE_SIDE` pixels a side."""
    from PIL import Image as PillowImage

    height, width = pixels.shape[:2]
    shrink = min(1.0, _FINE_SIDE / max(height, width))
    size = (max(16, round(width * shrink)), max(16, round(height * shrink)))
    smooth = PillowImage.Resampling.BILINEAR
    fine = PillowImage.fromarray(pixels).resize(size, smooth, reducing_gap=2.0)
    squashed = fine.resize((_SIDE, _SIDE), smooth)
    return np.asarray(squashed, np.float32) / 255, np.asarray(fine, np.float32) / 255


def _luma(rgb: Floats) -> Floats:
    """``(H, W, 3)`` to ``(H, W)`` in [0, 1]. Source: ITU-R BT.601, luma weights."""
    return np.asarray(rgb @ np.array([0.299, 0.587, 0.114], np.float32), np.float32)


def _spread(values: Floats, points: tuple[float, ...] = (5, 25, 50, 75, 95)) -> list[float]:
    """Mean, standard deviation and percentiles of an array."""
    ordered = np.sort(values, axis=None)  # which numpy does in the time of one or two percentiles
    return [float(values.mean()), float(values.std()), *map(float, np.percentile(ordered, points))]


def _largest(rgb: Floats) -> Floats:
    """The largest of the three channels, ``(H, W)``; along so short an axis numpy itself is slow."""
    return np.asarray(np.maximum(np.maximum(rgb[..., 0], rgb[..., 1]), rgb[..., 2]))


def _opponent(rgb: Floats) -> tuple[Floats, Floats]:
    """Red against green, and yellow against blue, ``(H, W)`` in [−1, 1]."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    return red - green, (red + green) / 2 - blue


def _hue_histogram(rgb: Floats, chroma: Floats, bins: int = 12) -> Floats:
    """Share of all chroma in each of `bins` hues; zeros for a grey picture."""
    red_green, yellow_blue = _opponent(rgb)
    hue = (np.arctan2(yellow_blue, red_green) / (2 * np.pi)) % 1.0
    counts, _ = np.histogram(hue, bins=bins, range=(0, 1), weights=chroma)
    return np.asarray(counts / (chroma.sum() + 0.01 * chroma.size))


def _colour(rgb: Floats) -> Floats:
    """How much colour, which hues, how uniform; the share of skin-like pixels."""
    high, low = _largest(rgb), -_largest(-rgb)
    chroma = high - low
    saturation = chroma / (high + 0.05)
    red_green, yellow_blue = _opponent(rgb)
    # Ours: warm, not saturated, neither black nor white. Wide enough for dark and light skin.
    warm = (red_green > 0.03) & (rgb[..., 1] > rgb[..., 2] - 0.06) & (saturation < 0.75) & (high > 0.2)
    codes = (rgb * 15.999).astype(np.int32) @ np.array([256, 16, 1], np.int32)
    shares = np.sort(np.bincount(codes.ravel(), minlength=4096) / codes.size)[::-1]
    singles = [
        float((chroma < 0.03).mean()),
        float((chroma < 0.08).mean()),
        float((saturation > 0.6).mean()),
        float(warm.mean()),
        float(warm[32:96, 32:96].mean()),
        float(np.log1p((shares > 0).sum())),
        float(shares[0]),
        float(shares[:4].sum()),
        float(shares[:32].sum()),
        float(np.hypot(red_green.std(), yellow_blue.std())),
    ]
    spreads = _spread(chroma) + _spread(saturation) + _spread(red_green) + _spread(yellow_blue)
    return np.concatenate([singles, spreads, _hue_histogram(rgb, chroma)]).astype(np.float32)


def _histogram(grey: Floats, bins: int = 16) -> Floats:
    """Where the greys lie and how peaked they are."""
    fine, _ = np.histogram(grey, bins=64, range=(0, 1))
    share = fine / grey.size
    coarse = share.reshape(bins, -1).sum(axis=1)
    entropy = -float((share * np.log(share + _EPS)).sum())
    peaks = np.sort(share)[::-1]
    singles = [
        entropy,
        float(peaks[0]),
        float(peaks[:3].sum()),
        float((share > 0.002).mean()),
        float((grey < 0.02).mean()),
        float((grey < 0.08).mean()),
        float((grey > 0.92).mean()),
        float((grey > 0.98).mean()),
    ]
    return np.concatenate([singles, np.sqrt(coarse), _spread(grey)]).astype(np.float32)


def _frame(rgb: Floats, grey: Floats) -> Floats:
    """Border, corners and rings: black surround, vignette, paper white, object in the middle."""
    sides = [grey[:4], grey[-4:], grey[:, :4], grey[:, -4:]]
    ring = np.concatenate([side.ravel() for side in sides])
    corners = [grey[:12, :12], grey[:12, -12:], grey[-12:, :12], grey[-12:, -12:]]
    corner_means = np.array([corner.mean() for corner in corners])
    axis = np.linspace(-1, 1, _SIDE)
    radius = np.hypot(*np.meshgrid(axis, axis))
    rings = np.minimum((radius * 6).astype(int), 7).ravel()
    counts = np.bincount(rings, minlength=8)
    red_green, yellow_blue = _opponent(rgb)
    profiles = [
        np.bincount(rings, weights=values.ravel(), minlength=8) / counts
        for values in (grey, red_green, yellow_blue)
    ]
    singles = [
        float(ring.mean()),
        float(ring.std()),
        float((ring < 0.06).mean()),
        float((ring > 0.94).mean()),
        *(float(side.std()) for side in sides),
        float(corner_means.mean()),
        float(corner_means.std()),
        float(corner_means.max() - corner_means.min()),
        float(grey[48:80, 48:80].mean() - corner_means.mean()),
        float(grey[48:80, 48:80].std()),
    ]
    return np.concatenate([singles, *profiles]).astype(np.float32)


def _texture(grey: Floats) -> Floats:
    """Gradients, local contrast and binary patterns at three scales."""
    parts: list[float] = []
    for step in (1, 2, 4):
        size = _SIDE // step
        level = grey.reshape(size, step, size, step).mean(axis=(1, 3))
        down, across = np.gradient(level)
        strength = np.hypot(down, across)
        parts += _spread(strength, (25, 50, 75, 90, 97))
        parts += [float((strength < 0.004).mean()), float((strength > 0.15).mean())]
        parts += [float(np.abs(across).mean() / (np.abs(across).mean() + np.abs(down).mean() + _EPS))]
        parts += _curvature(level)
        parts += _binary_patterns(level)
    return np.array(parts, np.float32)


def _curvature(level: Floats) -> list[float]:
    """Spread and peakedness of the Laplacian: speckle and noise are round, drawings are peaked."""
    middle = level[1:-1, 1:-1]
    laplacian = level[:-2, 1:-1] + level[2:, 1:-1] + level[1:-1, :-2] + level[1:-1, 2:] - 4 * middle
    deviation = float(laplacian.std()) + _EPS
    peaked = float((((laplacian - laplacian.mean()) / deviation) ** 4).mean())
    return [deviation, float(np.log1p(peaked))]


def _binary_patterns(level: Floats) -> list[float]:
    """Histogram of how many of eight neighbours are brighter by more than one grey value in 128."""
    middle = level[1:-1, 1:-1]
    height, width = level.shape
    brighter = np.zeros(middle.shape, np.int32)
    darker = np.zeros(middle.shape, np.int32)
    for row in (0, 1, 2):
        for column in (0, 1, 2):
            neighbour = level[row : height - 2 + row, column : width - 2 + column]
            brighter += neighbour > middle + 1 / 128
            darker += neighbour < middle - 1 / 128
    up = np.bincount(brighter.ravel(), minlength=9)[:9] / middle.size
    down = np.bincount(darker.ravel(), minlength=9)[:9] / middle.size
    return [*up.tolist(), *down.tolist()]


def _spectrum(grey: Floats, bands: int = 10) -> Floats:
    """Log power in rings of spatial frequency, its slope, and how it splits over directions."""
    window = np.hanning(_SIDE).astype(np.float32)
    power = np.abs(np.fft.fftshift(np.fft.fft2((grey - grey.mean()) * np.outer(window, window)))) ** 2
    axis = np.arange(_SIDE) - _SIDE // 2
    radius = np.hypot(axis[:, None], axis[None, :])
    band = np.minimum((np.log2(np.maximum(radius, 1)) / 6.5 * bands).astype(int), bands - 1).ravel()
    total = np.bincount(band, weights=power.ravel(), minlength=bands)
    energy = np.log(total / (total.sum() + _EPS) + 1e-7)
    angle = (np.arctan2(axis[:, None], axis[None, :]) / np.pi * 8).round().astype(int) % 8
    high = radius > 8
    directions = np.bincount(angle[high], weights=power[high], minlength=8)
    slope = np.polyfit(np.arange(bands), energy, 1)[0]
    return np.concatenate([energy, [slope], directions / (directions.sum() + _EPS)]).astype(np.float32)


def _layout(rgb: Floats, grey: Floats) -> Floats:
    """Coarse thumbnails, and how far the picture equals its mirror images."""
    thumbnail = grey.reshape(8, 16, 8, 16).mean(axis=(1, 3))
    centred = (thumbnail - thumbnail.mean()) / (thumbnail.std() + 0.05)
    red_green, yellow_blue = _opponent(rgb)
    tints = [values.reshape(4, 32, 4, 32).mean(axis=(1, 3)).ravel() for values in (red_green, yellow_blue)]
    medium = grey.reshape(32, 4, 32, 4).mean(axis=(1, 3))
    mirrored = [_correlation(medium, medium[:, ::-1]), _correlation(medium, medium[::-1])]
    return np.concatenate([centred.ravel() / 3, *tints, mirrored]).astype(np.float32)


def _correlation(one: Floats, other: Floats) -> float:
    first, second = one - one.mean(), other - other.mean()
    return float((first * second).sum() / (np.sqrt((first**2).sum() * (second**2).sum()) + 1e-3))


def _gradient_grid(grey: Floats, cells: int = 4, bins: int = 8) -> Floats:
    """Gradient directions in a grid of cells, each cell normalised over the whole picture."""
    smooth = grey.reshape(64, 2, 64, 2).mean(axis=(1, 3))
    down, across = np.gradient(smooth)
    strength = np.hypot(down, across)
    direction = (np.arctan2(down, across) / np.pi * bins).astype(int) % bins
    rows = np.arange(64) * cells // 64
    index = (rows[:, None] * cells + rows[None, :]) * bins + direction
    histogram = np.bincount(index.ravel(), weights=strength.ravel(), minlength=cells * cells * bins)
    return np.asarray(np.sqrt(histogram / (histogram.sum() + 0.5)))


def _lettering(rgb: Floats, grey: Floats) -> Floats:
    """Flat areas, hard steps and small marks, at up to 256 pixels: drawings, text, interfaces."""
    across = _largest(np.abs(np.diff(rgb, axis=1)))
    down = _largest(np.abs(np.diff(rgb, axis=0)))
    steps = np.concatenate([across.ravel(), down.ravel()])
    shares = [float((steps < limit).mean()) for limit in (0.002, 0.006, 0.02)]
    shares += [float((steps > limit).mean()) for limit in (0.1, 0.25, 0.5)]
    marks = np.abs(grey - means_around(grey, 15)) > 0.2
    sizes = sizes_of_marks(marks)
    per_row = (np.diff(marks.astype(np.int8), axis=1) != 0).mean(axis=1)
    per_column = (np.diff(marks.astype(np.int8), axis=0) != 0).mean(axis=0)
    marked = [
        float(marks.mean()),
        float(np.log1p(sizes.size / grey.size * 1e4)),
        float(np.log1p(np.median(sizes))) if sizes.size else 0.0,
        float(per_row.mean()),
        float(per_row.std()),
        float(per_column.mean()),
        float(per_column.std()),
        float((per_row < 0.01).mean()),
    ]
    return np.array(shares + marked, np.float32)
