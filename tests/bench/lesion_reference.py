"""What `measure_lesion` gives on pictures whose diagnosis is known: figures to see its numbers beside.

    python -m tests.bench.lesion_reference DATA_DIR > tools/lesion/reference.toml

DATA_DIR holds a manifest.csv with set, path, label and modality of each picture. Every picture of a skin
lesion is measured with the outline that the tool finds; those that it refuses are counted and left out.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from store.errors import ToolUseError
from store.pictures.image import Image
from tools.measure_lesion import LesionMeter

# Set → what its pictures are (see tools/gate), and how it is called where it was published.
SETS = {
    "derm_isic2017_masks": ("DMS", "ISIC 2017"),
    "derm_isic2017_test256": ("DMS", "ISIC 2017"),
    "derm_padufes20": ("XC", "PAD-UFES-20"),
}
NAMES = ("border irregularity", "asymmetry across the long axis", "colour count")
LABELS = ("melanoma", "nevus", "seborrheic keratosis")
# Ours: half of fewer says little.
FEWEST = 5

HEAD = """\
# What the lesion measurement gave on pictures whose diagnosis is known, with outlines that it found itself:
# how many pictures, how many more it refused, the median, and the values that the middle half lies between.
# Written by `python -m tests.bench.lesion_reference`.
"""


def pictures(data: Path) -> Iterator[tuple[str, str, str, Path]]:
    """Modality, source, label and file of each picture."""
    with (data / "manifest.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if row["set"] in SETS and row["label"] in LABELS and "mask" not in row["path"]:
                yield (*SETS[row["set"]], row["label"], data / row["set"] / row["path"])


def main() -> None:
    """Print the table."""
    values: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    refused: Counter[tuple[str, str, str]] = Counter()
    for modality, source, label, path in pictures(Path(sys.argv[1])):
        pixels = np.asarray(PillowImage.open(path).convert("RGB"))
        try:
            found = LesionMeter().measure(Image(frames=pixels[None], file_type="JPEG"), "img-1").measurements
        except ToolUseError:
            refused[modality, source, label] += 1
            continue
        for one in found:
            if one.name in NAMES:
                values[one.name, modality, source, label].append(one.value)
    print(HEAD, end="")
    for (name, modality, source, label), some in sorted(values.items()):
        if len(some) < FEWEST:
            continue
        low, middle, high = np.percentile(some, (25, 50, 75))
        print(f'\n[[reference]]\nmeasure = "{name}"\nmodality = "{modality}"\nlabel = "{label}"')
        print(f'source = "{source}"\npictures = {len(some)}\nrefused = {refused[modality, source, label]}')
        print(f"median = {middle:.2f}\nmiddle_half = [{low:.2f}, {high:.2f}]")


if __name__ == "__main__":
    main()
