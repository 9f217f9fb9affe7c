"""How well `measure_lesion` outlines lesions, against masks drawn by hand.

    python -m tests.bench.lesion DATA_DIR          Dice and refusals by label, bare skin, seconds
    python -m tests.bench.lesion DATA_DIR --fit    the weights of tools/lesion/choose.py, and Dice left out
    python -m tests.bench.lesion DATA_DIR --before CHECKOUT
                  processor time of `measure_lesion` at 12 megapixels, in turns with another checkout

DATA_DIR holds `derm_isic2017_masks` (NAME.jpg beside NAME_mask.png, drawn by experts) and
`derm_padufes20` (photographs, and masks/PAT_…_mask.png drawn by students). A refusal counts as Dice 0
in the first mean and is left out of the second. Bare skin is the largest box of each photograph that
keeps clear of the drawn mask: there, a refusal is right. Labels and patients are those of
DATA_DIR/manifest.csv; of each label, every other patient in the order of a digest was looked at when
thresholds were set, and the rest is the untouched half. The weights are from all 73; `--fit` leaves each
photograph out in turn, then fits on one set and measures on the other: figures they have not seen.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from scipy import ndimage

from tests.child import ROOT, environment
from tools.lesion.candidates import FEATURES, find_candidates
from tools.lesion.choose import VOTERS, vote
from tools.lesion.clean import prepare
from tools.lesion.maps import build_maps
from tools.lesion.segment import Lesion, segment

EXPERT, STUDENT = "derm_isic2017_masks", "derm_padufes20"
# Shrinkage per photograph; a third of it or three times as much gives nearly the same Dice left out.
RIDGE = 0.003

# Photographs that are enlarged for timing, and how often both codes take turns.
LARGE, ROUNDS = 6, 3
LARGE_PHOTOS = """
import json, sys, time
import numpy as np
from PIL import Image as PillowImage
from store.errors import ToolUseError
from store.pictures.image import Image
from tools.measure_lesion import LesionMeter
best = []
for path in sys.argv[1:]:
    pixels = np.asarray(PillowImage.open(path).convert("RGB").resize((4000, 3000)))
    times = []
    for _ in range(4):
        start = time.process_time()
        try:
            LesionMeter().measure(Image(frames=pixels[None], file_type="JPEG"), "img-1")
        except ToolUseError:
            pass
        times.append(time.process_time() - start)
    best.append(min(times[1:]))
print(json.dumps(best))
"""


@dataclass
class Scored:
    """One photograph's candidates: their numbers, masks and Dice."""

    origin: str
    truth: np.ndarray
    numbers: np.ndarray
    masks: list[np.ndarray]
    dice: np.ndarray


def pairs(data: Path) -> list[tuple[str, Path, Path]]:
    found = [(EXPERT, p, p.with_name(p.stem + "_mask.png")) for p in sorted((data / EXPERT).glob("*.jpg"))]
    for photo in sorted((data / STUDENT).glob("*.jpg")):
        mask = data / STUDENT / "masks" / f"PAT_{photo.stem.split('PAT_')[-1]}_mask.png"
        found.append((STUDENT, photo, mask))
    return [pair for pair in found if pair[2].is_file()]


def photo_of(path: Path) -> np.ndarray:
    return np.asarray(PillowImage.open(path).convert("RGB"))


def mask_of(path: Path, shape: tuple[int, int]) -> np.ndarray:
    return np.asarray(PillowImage.open(path).convert("L").resize(shape[::-1])) > 127


def dice(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))


def labels_of(data: Path) -> dict[str, tuple[str, str]]:
    """File name → its label, and whether it is in the half that thresholds were set by."""
    with (data / "manifest.csv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["set"] in (EXPERT, STUDENT)]
    photos = [row for row in rows if "mask" not in row["path"].lower()]
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in photos:
        groups[row["set"], row["label"]].add(row["group_id"])
    looked_at: dict[str, bool] = {}
    for _, some in sorted(groups.items()):
        for place, one in enumerate(sorted(some, key=lambda one: hashlib.sha256(one.encode()).hexdigest())):
            looked_at.setdefault(one, place % 2 == 0)
    return {row["path"]: (row["label"], looked_at[row["group_id"]]) for row in photos}


def measure(data: Path) -> None:
    labels = labels_of(data)
    scores: dict[tuple[str, str, str], list[float | None]] = defaultdict(list)
    seconds, skin = [], []
    for origin, photo, mask in pairs(data):
        pixels = photo_of(photo)
        truth = mask_of(mask, pixels.shape[:2])
        start = time.perf_counter()
        found = segment(pixels)
        seconds.append(time.perf_counter() - start)
        label, looked_at = labels[photo.name]
        value = dice(found.mask, truth) if isinstance(found, Lesion) else None
        half = "looked at" if looked_at else "untouched"
        for name in (label, "all labels"):
            scores[origin, name, half].append(value)
            scores[origin, name, "whole"].append(value)
        box = bare_skin(pixels, truth)
        if box is not None:
            skin.append(isinstance(segment(box), Lesion))
    for half in ("whole", "looked at", "untouched"):
        show(half, {key[:2]: values for key, values in sorted(scores.items()) if key[2] == half})
    print(f"bare skin: {len(skin) - sum(skin)} of {len(skin)} boxes refused, as they should be")
    print(f"seconds: median {np.median(seconds):.2f}, most {max(seconds):.2f}")


def show(half: str, scores: Mapping[tuple[str, str], Sequence[float | None]]) -> None:
    """Dice by label, a refusal as 0, and of those outlined alone."""
    print(f"{half}:{'n':>47} refused   mean  median   outlined alone")
    for (origin, label), values in scores.items():
        given = [value or 0.0 for value in values]
        answered = [value for value in values if value is not None]
        alone = f"{np.mean(answered):.3f}" if answered else "-"
        print(
            f"  {origin:22}{label:26}{len(values):4}{len(values) - len(answered):8}"
            f"{np.mean(given):8.3f}{np.median(given):8.3f}{alone:>11}"
        )


def bare_skin(pixels: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
    """The largest of 4,000 random boxes that keep clear of the mask and of black corners."""
    height, width = truth.shape
    taken = ndimage.binary_dilation(truth, iterations=max(3, int(0.04 * max(truth.shape))))
    taken |= pixels.max(2) < 50
    sums = np.pad(taken.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    random, best = np.random.default_rng(0), None
    for _ in range(4000):
        h = int(random.uniform(0.22, 0.6) * height)
        w = int(h * random.uniform(1, 1.4))
        if w >= width or h < 60 or (best and h * w <= best[0]):
            continue
        y, x = random.integers(0, height - h), random.integers(0, width - w)
        if sums[y + h, x + w] - sums[y, x + w] - sums[y + h, x] + sums[y, x] == 0:
            best = (h * w, y, x, h, w)
    return None if best is None else pixels[best[1] : best[1] + best[3], best[2] : best[2] + best[4]]


def score(data: Path) -> list[Scored]:
    scored = []
    for origin, photo, mask in pairs(data):
        maps = build_maps(prepare(photo_of(photo)))
        found = find_candidates(maps)
        truth = mask_of(mask, maps.usable.shape)
        numbers = np.stack([candidate.numbers for candidate in found])
        masks = [candidate.mask for candidate in found]
        scored.append(Scored(origin, truth, numbers, masks, np.array([dice(m, truth) for m in masks])))
    return scored


def fitted(scored: list[Scored]) -> tuple[np.ndarray, float]:
    """Ridge regression of Dice on the numbers, each photograph with the same weight."""
    numbers = np.concatenate([s.numbers for s in scored])
    target = np.concatenate([s.dice for s in scored])
    weight = np.concatenate([np.full(len(s.dice), 1 / len(s.dice)) for s in scored])
    centre, spread = np.average(numbers, axis=0, weights=weight), numbers.std(0)
    scaled, middle = (numbers - centre) / spread, float(np.average(target, weights=weight))
    normal = scaled.T @ (scaled * weight[:, None]) + RIDGE * len(scored) * np.eye(scaled.shape[1])
    slopes = np.linalg.solve(normal, scaled.T @ ((target - middle) * weight)) / spread
    return slopes, middle - float(centre @ slopes)


def outlined(one: Scored, slopes: np.ndarray, offset: float) -> float:
    scores = one.numbers @ slopes + offset
    order = np.argsort(scores)[::-1][:VOTERS]
    return dice(vote([one.masks[i] for i in order], scores[order]) > 0.5, one.truth)


def fit(data: Path) -> None:
    scored = score(data)
    slopes, offset = fitted(scored)
    print("WEIGHTS", dict(zip(FEATURES, slopes.round(4).tolist(), strict=True)), "OFFSET", round(offset, 4))
    print("without any refusals, at map size:")
    for origin in (EXPERT, STUDENT):
        own = [s for s in scored if s.origin == origin]
        left_out = [outlined(s, *fitted([o for o in scored if o is not s])) for s in own]
        across = fitted([s for s in scored if s.origin != origin])
        other = [outlined(s, *across) for s in own]
        best = np.mean([s.dice.max() for s in own])
        print(
            f"{origin}: n {len(own)}, each left out: mean Dice {np.mean(left_out):.3f}, median "
            f"{np.median(left_out):.3f}; fitted on the other set only: mean {np.mean(other):.3f}, median "
            f"{np.median(other):.3f}; best candidate: mean {best:.3f}"
        )


def compare(data: Path, before: Path) -> None:
    """Time both codes on the same photographs, in child processes that take turns."""
    photos = [str(photo) for _, photo, _ in pairs(data)[:: len(pairs(data)) // LARGE + 1]]
    times: dict[Path, list[list[float]]] = {before: [], ROOT: []}
    for _ in range(ROUNDS):
        for tree, runs in times.items():
            done = subprocess.run(
                [sys.executable, "-c", LARGE_PHOTOS, *photos],
                check=True,
                capture_output=True,
                cwd=tree,
                env=environment() | {"PYTHONPATH": str(tree)},
            )
            runs.append(json.loads(done.stdout))
    old, new = (np.min(times[tree], axis=0) for tree in (before, ROOT))
    print(f"12 megapixels: processor seconds before {np.round(old, 2)}, now {np.round(new, 2)}")
    print(f"ratio: mean {(new / old).mean():.2f}, most {(new / old).max():.2f} (target 0.33)")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--before", type=Path, help="checkout of the code to compare with")
    given = parser.parse_args()
    if not pairs(given.data):
        print(f"No {EXPERT} or {STUDENT} in {given.data}: this benchmark needs photographs with masks.")
        return 2
    if given.before:
        compare(given.data.resolve(), given.before.resolve())
    else:
        (fit if given.fit else measure)(given.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
