"""The pictures of scripted conversations, by name. All are drawn here or in ``assistant.examples``."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels

Colour = tuple[int, int, int]

BROWN, RED, PALE, DARK = (110, 66, 46), (186, 66, 62), (222, 178, 154), (122, 82, 62)
# Ours: large enough for the checks of technical quality, small enough to be measured at once.
_WIDTH, _HEIGHT = 360, 300


def lesion(
    colour: Colour = BROWN, *, skin: Colour = PALE, radius: float = 0.28, ragged: float = 0.1, seed: int = 0
) -> Pixels:
    """A spot on skin, ``(300, 360, 3)`` uint8.

    Args:
        colour: of the spot.
        skin: colour around it.
        radius: share of the height.
        ragged: how far the border goes in and out, as a share of the radius.
        seed: of grain and border.
    """
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:_HEIGHT, :_WIDTH].astype(np.float64)
    y, x = (y - _HEIGHT / 2) / _HEIGHT, (x - _WIDTH / 2) / _HEIGHT
    angle = np.arctan2(y, x) + rng.uniform(0, 6)
    edge = radius * (1 + ragged * np.sin(3 * angle) + 0.6 * ragged * np.sin(7 * angle))
    inside = 1 / (1 + np.exp(np.clip((np.hypot(x, y) - edge) * 160, -30, 30)))[..., None]
    grain = 0.012 * (_grain(rng, 2) + _grain(rng, 12))
    light = 1.02 - 0.25 * (x**2 + y**2) + 0.03 * x
    spot = np.array(colour) * (1 + 0.08 * _grain(rng, 8))[..., None] * light[..., None]
    picture = np.array(skin) * (light + grain)[..., None] * (1 - inside) + spot * inside
    picture += rng.normal(0, 2, picture.shape)
    return np.asarray(np.clip(picture, 0, 255), dtype=np.uint8)


def _grain(rng: np.random.Generator, sigma: float) -> NDArray[np.float64]:
    """Smooth noise of mean 0 and standard deviation 1, ``(300, 360)``."""
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(rng.standard_normal((_HEIGHT, _WIDTH)), sigma, mode="reflect")
    return np.asarray(noise / noise.std())


def _png(pixels: Pixels) -> bytes:
    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    PillowImage.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _lesion_file(
    colour: Colour, *, skin: Colour = PALE, radius: float = 0.28, ragged: float = 0.1, seed: int = 0
) -> bytes:
    return _png(lesion(colour, skin=skin, radius=radius, ragged=ragged, seed=seed))


def _blurred_mole() -> bytes:
    from scipy.ndimage import gaussian_filter

    return _png(gaussian_filter(lesion(), (4, 4, 0)))


def _example(name: str) -> bytes:
    from assistant.examples import examples

    return next(one for one in examples() if one.name == name).draw()


def _chest_picture() -> bytes:
    from assistant.examples import examples

    shown = next(one for one in examples() if one.name == "chest").thumbnail()
    return _png(np.repeat(np.repeat(shown, 2, axis=0), 2, axis=1))


def _not_medical(kind: str) -> bytes:
    from tools.gate.drawn import draw

    return _png(draw(kind, 3))


DRAWINGS: dict[str, Callable[[], bytes]] = {
    "ct": partial(_example, "ct"),
    "chest": partial(_example, "chest"),
    "volume": partial(_example, "volume"),
    "chest-picture": _chest_picture,
    "mole": partial(_lesion_file, BROWN),
    "red-spot": partial(_lesion_file, RED, radius=0.16, ragged=0.0, seed=1),
    "ragged-mole": partial(_lesion_file, BROWN, radius=0.24, ragged=0.3, seed=2),
    "mole-on-dark-skin": partial(_lesion_file, (70, 42, 32), skin=DARK, radius=0.2, seed=3),
    "blurred-mole": _blurred_mole,
    "chart": partial(_not_medical, "chart"),
    "text-page": partial(_not_medical, "text page"),
}
"""What can be added to a chat. `ct` and `volume` are DICOM files with a scale, `chest` is one without;
`chest-picture` is the same as a picture without a header; the rest are pictures without a scale."""


@cache
def drawn(name: str) -> bytes:
    """The file called `name`; drawn once."""
    return DRAWINGS[name]()


def write_cases(folder: Path) -> Path:
    """Write drawn cases for the case library, a table with their pictures.

    Returns:
        The table: brown and red spots, each twice per group.
    """
    rows = ["image,label,modality,group"]
    for n in range(24):
        label, colour = ("brown spot", BROWN) if n % 2 else ("red spot", RED)
        picture = lesion(colour, radius=0.14 + 0.006 * n, ragged=0.0 if colour is RED else 0.1, seed=n)
        (folder / f"{n}.png").write_bytes(_png(picture))
        rows.append(f"{n}.png,{label},XC,drawing {n // 4}")
    table = folder / "cases.csv"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return table
