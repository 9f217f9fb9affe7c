"""Skin and lesions drawn by the tests, so that the truth is known."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

LIGHT_SKIN = (205, 165, 140)
DARK_SKIN = (90, 60, 45)
BROWN = (110, 70, 50)
HEIGHT, WIDTH = 300, 400


def skin(height=HEIGHT, width=WIDTH, colour=LIGHT_SKIN, noise=5.0, seed=0):
    """Uneven, noisy skin, ``(H, W, 3)`` uint8; drawn once in a run, as most tests ask for the same."""
    return _skin(height, width, colour, noise, seed).copy()


@cache
def _skin(height, width, colour, noise, seed):
    random = np.random.default_rng(seed)
    uneven = 60 * ndimage.gaussian_filter(random.normal(0, 1, (height, width)), 8)[..., None]
    return np.clip(np.array(colour) + random.normal(0, noise, (height, width, 1)) + uneven, 0, 255).astype(
        np.uint8
    )


def ellipse(long, short, degrees=0.0, centre=(HEIGHT / 2, WIDTH / 2), size=(HEIGHT, WIDTH)):
    """A mask; `degrees` turns the long axis from the columns towards growing rows."""
    y, x = np.mgrid[: size[0], : size[1]]
    turn = np.radians(degrees)
    down, right = y - centre[0], x - centre[1]
    along = right * np.cos(turn) + down * np.sin(turn)
    across = down * np.cos(turn) - right * np.sin(turn)
    return (along / long) ** 2 + (across / short) ** 2 <= 1


def paint(picture, mask, colour=BROWN, soft=1.5):
    """Cover `mask` with a colour, fading over `soft` pixels."""
    cover = ndimage.gaussian_filter(mask.astype(float), soft)[..., None]
    return (picture * (1 - cover) + np.array(colour) * cover).astype(np.uint8)


def with_hair(picture, count=25, colour=(40, 30, 25), seed=1):
    """Straight hairs, three pixels wide, across the picture."""
    random = np.random.default_rng(seed)
    sheet = Image.fromarray(picture)
    pen = ImageDraw.Draw(sheet)
    for _ in range(count):
        x, y, turn = random.uniform(0, WIDTH), random.uniform(0, HEIGHT), random.uniform(0, 2 * np.pi)
        pen.line([(x, y), (x + 200 * np.cos(turn), y + 200 * np.sin(turn))], fill=colour, width=3)
    return np.array(sheet)


def with_black_corners(picture, radius=205):
    """Seen through a round lens."""
    out = picture.copy()
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    out[np.hypot(y - picture.shape[0] / 2, x - picture.shape[1] / 2) > radius] = (5, 5, 5)
    return out


def dice(one, two):
    """2 · |both| / (|one| + |two|)."""
    return 2 * (one & two).sum() / (one.sum() + two.sum())


def many_coloured(
    size=(HEIGHT, WIDTH), centre=(HEIGHT / 2, WIDTH / 2), scale=1.0, veil=(88, 98, 122), seed=2
):
    """A large lesion of several browns with a black part and a blue-grey veil: picture and truth."""
    picture, truth = _many_coloured(size, centre, scale, veil, seed)
    return picture.copy(), truth.copy()


@cache
def _many_coloured(size, centre, scale, veil, seed):
    random = np.random.default_rng(seed)
    truth = ellipse(110 * scale, 75 * scale, 15, centre, size)
    picture = paint(skin(*size), truth, (125, 80, 55))
    for share, colour in ((0.7, (80, 50, 40)), (0.5, veil), (0.2, (35, 32, 36))):
        spots = ndimage.gaussian_filter(random.normal(0, 1, size), 12 * scale)
        inner = ndimage.distance_transform_edt(truth) > 8 * scale
        picture = paint(picture, inner & (spots > np.quantile(spots[truth], 1 - share)), colour, 2)
    return picture, truth


def stroke(picture, points, colour, width):
    """A pen mark along `points`, (x, y) each."""
    sheet = Image.fromarray(picture)
    ImageDraw.Draw(sheet).line(points, fill=colour, width=width, joint="curve")
    return np.array(sheet)
