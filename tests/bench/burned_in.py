"""How much of the text in pixels is found and masked.

    python -m tests.bench.burned_in                 on strings drawn here, by size, contrast and angle
    python -m tests.bench.burned_in FOLDER …        and places found in real pictures

A string counts as masked if at least 90 % of the area around its letters is.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from store.pictures.image import Image
from tests.inputs.burned_in_text import ground, write
from tools.burned_in.boxes import Box
from tools.burned_in.finder import Finder
from tools.burned_in.masking import covered, masked

WORDS = (
    "Querfeldt, Anna", "14.02.1961", "MRN 4711-0815", "Dr. Weissmueller-Holm", "St. Agnes Hospital",
    "2024-03-01 10:11", "F 063Y", "0815123456",
)  # fmt: skip
SIZES, ANGLES = (10, 14, 20, 32), (0, 10, 30, 90, 270)
# Grey levels of ground and letters.
CONTRASTS = {
    "white on dark": (30, 255),
    "black on light": (200, 0),
    "grey on grey": (60, 120),
    "faint": (90, 120),
}
PICTURES = ((512, 512), (2400, 2000))
ENOUGH = 0.9


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.burned_in", description=__doc__.splitlines()[0]
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--most", type=int, default=20, help="pictures of each folder")
    given = parser.parse_args()
    finder = Finder()
    drawn(finder)
    for folder in given.folders:
        real(folder, finder, given.most)


def drawn(finder: Finder) -> None:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    seconds: dict[str, list[float]] = defaultdict(list)
    false, empty = 0, 0
    for number, (wide, high) in enumerate(PICTURES):
        for contrast, (level, grey) in CONTRASTS.items():
            for angle in ANGLES if number == 0 else (0, 90):
                pixels = ground(wide, high, seed=number, level=level)
                placed = list(_written(pixels, grey, angle))
                start = time.monotonic()
                done = masked(Image(frames=pixels[None], file_type="PNG"), finder)
                seconds[f"{wide} × {high}"].append(time.monotonic() - start)
                hidden = covered(done.places, (wide, high))
                for size, corners in placed:
                    area = covered([Box(corners)], (wide, high))
                    found = bool(hidden[area].mean() >= ENOUGH)
                    for key in (("size", f"{size} px"), ("contrast", contrast), ("angle", f"{angle}°"),
                                ("picture", f"{wide} × {high}"), ("all", "")):  # fmt: skip
                        counts[key][0] += found
                        counts[key][1] += 1
            clean = ground(wide, high, seed=number + 10, level=level)
            false += len(masked(Image(frames=clean[None], file_type="PNG"), finder).places)
            empty += 1
    for (what, which), (found, of) in sorted(counts.items()):
        print(f"{what:<10} {which:<16} {found:>4} of {of} masked ({found / of:.0%})")
    print(f"false alarms: {false} places in {empty} pictures without text")
    for size, times in seconds.items():
        print(f"seconds for a picture of {size}: median {np.median(times):.1f}")


def _written(pixels: np.ndarray, grey: int, angle: int):
    """Strings in a grid that leaves room for each at its angle."""
    high, wide = pixels.shape
    step = 120 if high < 1000 else 300
    places = [
        (x, y) for y in range(20, high - step + 1, step) for x in range(20, wide - step * 2 + 1, step * 2)
    ]
    if angle in (90, 270):
        places = [(y, x) for x, y in places]
    if angle in (10, 30):
        places = places[::2]
    for number, at in enumerate(places):
        size = SIZES[number % len(SIZES)]
        words = WORDS[(number + number // len(SIZES)) % len(WORDS)]
        yield (
            size,
            write(pixels, words, at, size=size if size < 32 or high > 1000 else 24, grey=grey, angle=angle),
        )


def real(folder: Path, finder: Finder, most: int) -> None:
    """Real pictures: nobody has marked their text, so only what was found is told."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".png", ".jpg", ".jpeg"})[
        :most
    ]
    with_text, places, times = 0, 0, []
    for path in files:
        pixels = np.asarray(PillowImage.open(path).convert("RGB"))
        start = time.monotonic()
        found = finder.find(pixels)
        times.append(time.monotonic() - start)
        with_text += bool(found)
        places += len(found)
    print(f"{folder.name}: text found in {with_text} of {len(files)} pictures, {places} places; "
          f"seconds: median {np.median(times):.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
