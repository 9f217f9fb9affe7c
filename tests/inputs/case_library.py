"""Drawn cases for the tests of the case library, and a child process that imports them."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from store.cases import importing as case_import
from store.cases.library import Library
from store.errors import CaseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image, Pixels
from store.records import Gate

DARK, RED = (70, 40, 30), (190, 70, 70)


def mole(
    seed: int = 0,
    colour: tuple[int, int, int] = DARK,
    *,
    side: int = 96,
    radius: float = 0.4,
    ragged: float = 0.0,
    skin: tuple[int, int, int] = (215, 175, 150),
) -> Pixels:
    """A blot on skin, ``(side, side, 3)`` uint8; `ragged` makes its border uneven. Drawn once in a run."""
    return _mole(seed, colour, side, radius, ragged, skin).copy()


@cache
def _mole(
    seed: int,
    colour: tuple[int, int, int],
    side: int,
    radius: float,
    ragged: float,
    skin: tuple[int, int, int],
) -> Pixels:
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    angle = np.arctan2(y, x)
    edge = radius / 2 * (1 + ragged * np.sin(7 * angle + seed))
    inside = 1 / (1 + np.exp((np.hypot(y, x) - edge) * 80))
    picture = np.array(skin) * (1 - inside[..., None]) + np.array(colour) * inside[..., None]
    noise = random.normal(0, 4, (side, side, 1)) + random.normal(0, 2, 3)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def scan(seed: int = 0, *, wide: bool = False, side: int = 96) -> Pixels:
    """A bright ellipse with a bright core on black, ``(side, side, 3)`` uint8, as a CT slice looks."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    across, down = (0.45, 0.25) if wide else (0.22, 0.42)
    body = np.hypot(x / across, y / down) < 1
    core = np.hypot(x, y + 0.1) < 0.07
    grey = body * 120 + core * 100 + random.normal(0, 6, (side, side)) * body
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def save(folder: Path, name: str, pixels: Pixels) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    PillowImage.fromarray(pixels).save(path, "PNG", compress_level=1)
    return name


def write_csv(
    folder: Path, rows: Iterable[Sequence[str]], header: str = "image,label,modality,group"
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def moles(folder: Path, count: int, *, first: int = 0) -> Path:
    """A table of `count` moles: dark ones labelled nevus, red ones angioma."""
    rows = []
    for i in range(first, first + count):
        label, colour = ("nevus", DARK) if i % 2 else ("angioma", RED)
        picture = mole(i, colour, radius=0.3 + 0.02 * (i % 10))
        rows.append((save(folder, f"{i}.png", picture), label, "DMS", f"p{i // 2}"))
    return write_csv(folder, rows)


def read(path: Path) -> Image:
    try:
        return Image(np.asarray(PillowImage.open(path).convert("RGB"))[None], "PNG")
    except OSError:
        raise CaseError("The file is not a picture.") from None


def unknown(_image: Image) -> Gate:
    return Gate(domain="unknown", known_from="pixels")


def library(root: Path) -> Library:
    return Library(root, BlobStore(root / "pictures"))


def picture_exists(root: Path, key: str) -> bool:
    with PillowImage.open(BlobStore(root / "pictures").path(key)) as picture:
        picture.load()
    return True


def main() -> None:
    """Import a table in small batches and say after each how many rows are kept."""
    root, table, batch = sys.argv[1:]
    case_import._BATCH = int(batch)
    report = library(Path(root)).import_csv(
        Path(table), read, unknown, progress=lambda done, total: print(done, total, flush=True)
    )
    print("report", report.added, report.already_there, flush=True)


if __name__ == "__main__":
    main()
