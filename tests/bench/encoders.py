"""How well the built-in encoders put like beside like, by group, against chance.

    python tests/bench/encoders.py DATA_DIR            measure
    python tests/bench/encoders.py DATA_DIR --fit      write centre and spread of every feature first

DATA_DIR holds one folder per set and a manifest.csv (set, path, label, modality, group_id). For every
picture the nearest six of other groups are looked up within its set; `precision` is the share of
them with its label, `chance` the same for six at random. The feature scale never sees a label; the
last lines of each encoder show that it matters little which pictures it was fitted on.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from store.cases.quality import nearest_elsewhere, precision_at_k
from store.encoders.blocks import BlockEncoder, Scale
from store.encoders.grey import GreyEncoder
from store.encoders.skin import SkinEncoder

Features = dict[str, np.ndarray]

# What the scales are fitted on, and where it comes from. Only statistics are kept, no pictures.
SOURCES = {
    "derm_isic2017_test256": "ISIC 2017 challenge, test pictures (CC0)",
    "derm_padufes20": "PAD-UFES-20 (CC BY 4.0)",
    "rad_vqarad": "VQA-RAD (CC0)",
    "rad_us_busi": "BUSI breast ultrasound (CC0)",
    "rad_cxr_hannover": "Hannover Medical School COVID-19 radiographs (CC BY 3.0)",
}
SKIN_SETS = ("derm_isic2017_test256", "derm_padufes20")
GREY_SETS = ("rad_vqarad", "rad_us_busi", "rad_cxr_hannover")
MEASURED_GREY = ("rad_vqarad", "rad_us_busi")


def rows(data: Path, name: str) -> list[dict[str, str]]:
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [r for r in csv.DictReader(file) if r["set"] == name and "mask" not in r["path"]]


def features(encoder: BlockEncoder, data: Path, name: str) -> Features:
    found = []
    start = time.perf_counter()
    for row in rows(data, name):
        picture = PillowImage.open(data / name / row["path"]).convert("RGB")
        picture.thumbnail((512, 512), PillowImage.Resampling.BOX)
        found.append(encoder.features(np.asarray(picture)))
    print(f"  {name}: {1000 * (time.perf_counter() - start) / len(found):.0f} ms per picture with decoding")
    return {block: np.stack([f[block] for f in found]) for block in found[0]}


def fit(sets: Iterable[Features]) -> Scale:
    """Median and robust spread per feature, every set with the same weight."""
    sets = list(sets)
    centre, spread = {}, {}
    for block in sets[0]:
        per_set = [s[block] for s in sets]
        middle = np.mean([np.median(x, axis=0) for x in per_set], axis=0)
        mad = np.mean([1.4826 * np.median(np.abs(x - middle), axis=0) for x in per_set], axis=0)
        std = np.mean([np.sqrt(((x - middle) ** 2).mean(axis=0)) for x in per_set], axis=0)
        # Half the standard deviation where most pictures agree (an empty bin, one part).
        spread[block] = np.maximum(np.maximum(mad, std / 2), 1e-3).astype(np.float32)
        centre[block] = middle.astype(np.float32)
    return Scale(centre, spread)


def write(scale: Scale, name: str, sets: tuple[str, ...]) -> None:
    blocks = {
        block: {
            "centre": [round(float(v), 4) for v in scale.centre[block]],
            "spread": [round(float(v), 4) for v in scale.spread[block]],
        }
        for block in scale.centre
    }
    about = "Median and robust spread of every feature; no labels were used."
    text = json.dumps({"about": about, "fitted_on": [SOURCES[name] for name in sets], "blocks": blocks})
    target = Path(__file__).parents[2] / "store" / "encoders" / f"{name}.json"
    target.write_text(text.replace('], "', '],\n"') + "\n", encoding="utf-8")


def vectors(scale: Scale, found: Features, chosen: np.ndarray | None = None) -> np.ndarray:
    count = len(next(iter(found.values())))
    index = np.arange(count) if chosen is None else chosen
    return np.stack([scale.join({block: found[block][i] for block in found}) for i in index])


def groups(table: list[dict[str, str]]) -> list[str]:
    """Group of each picture; a set with one group for all has none, so each picture is its own."""
    named = [row["group_id"] for row in table]
    return named if len(set(named)) > 1 else [row["path"] for row in table]


def report(name: str, points: np.ndarray, labels: list[str], group: list[str]) -> None:
    order, similarity = nearest_elsewhere(points, group, 6)
    precision, chance = precision_at_k(order, labels, group)
    low = float(np.percentile(similarity[:, 5], 5))
    print(
        f"  {name}: n {len(labels)}, groups {len(set(group))}, precision@6 {precision:.3f}, "
        f"chance {chance:.3f}, ratio {precision / chance:.2f}, sixth similarity p5 {low:.2f}"
    )


def split_check(sets: dict[str, Features], data: Path, measured: tuple[str, ...]) -> None:
    """Held out: queries whose features had no part in the scale. Elsewhere: scale from other sets only."""
    random = np.random.default_rng(0)
    for name in measured:
        table = rows(data, name)
        labels, group = [row["label"] for row in table], groups(table)
        ratios = []
        for _ in range(5):
            shuffled = random.permutation(len(table))
            queries, seen = np.sort(shuffled[::2]), shuffled[1::2]
            others = [found for other, found in sets.items() if other != name]
            scale = fit([*others, {block: x[seen] for block, x in sets[name].items()}])
            ratios.append(ratio(vectors(scale, sets[name]), labels, group, queries))
        elsewhere = fit([found for other, found in sets.items() if other != name])
        apart = ratio(vectors(elsewhere, sets[name]), labels, group, np.arange(len(table)))
        print(
            f"  {name}: ratio {np.mean(ratios):.2f} for queries held out of the scale (five halves: "
            f"{min(ratios):.2f}–{max(ratios):.2f}); {apart:.2f} with the scale of the other sets"
        )


def ratio(points: np.ndarray, labels: list[str], group: list[str], queries: np.ndarray) -> float:
    order, _ = nearest_elsewhere(points, group, 6, queries)
    precision, chance = precision_at_k(order, labels, group, queries)
    return precision / chance


def measure(
    encoder: BlockEncoder,
    data: Path,
    names: tuple[str, ...],
    measured: tuple[str, ...],
    refit: bool,
) -> None:
    print(encoder.name)
    sets = {name: features(encoder, data, name) for name in names}
    scale = fit(sets.values())
    if refit:
        write(scale, encoder.name, names)
        print(f"  wrote {encoder.name}.json")
    else:
        scale = encoder._scale
    for name in measured:
        table = rows(data, name)
        report(name, vectors(scale, sets[name]), [row["label"] for row in table], groups(table))
        if len({row["modality"] for row in table}) > 1:
            both = [f"{row['modality']} {row['label']}" for row in table]
            report(f"{name} (modality and label)", vectors(scale, sets[name]), both, groups(table))
    split_check(sets, data, measured)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    if not (given.data / "manifest.csv").is_file():
        print(f"No manifest.csv in {given.data}: this benchmark needs the folder of real pictures.")
        return 2
    measure(SkinEncoder(), given.data, SKIN_SETS, SKIN_SETS, given.fit)
    measure(GreyEncoder(), given.data, GREY_SETS, MEASURED_GREY, given.fit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
