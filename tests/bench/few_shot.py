"""How the strength of regularisation changes few-shot classifiers on the built-in encoders' vectors.

    python -m tests.bench.few_shot DATA_DIR

DATA_DIR holds one folder per set and a manifest.csv (set, path, label, modality, group_id). Labels with
fewer than ten groups are left out. Of rad_vqarad the modality is the label. Every line is the balanced
accuracy of cross-validation by group with its 95 % interval.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from store.cases.case import thumbnail
from store.encoders import Encoder, built_in_encoders
from tests.bench.encoders import rows
from tools.few_shot import training as few_shot_training
from tools.few_shot.training import LEAST_GROUPS, _figures

SETS = ("derm_isic2017_test256", "derm_padufes20", "rad_us_busi", "rad_vqarad")
STRENGTHS = (0.1, 1.0, 10.0, 100.0, 1000.0)


def collect(data: Path, name: str, encoder: Encoder) -> tuple[np.ndarray, list[str], list[str]]:
    vectors, labels, groups = [], [], []
    for n, row in enumerate(rows(data, name)):
        picture = np.asarray(PillowImage.open(data / name / row["path"]).convert("RGB"))
        vectors.append(encoder.encode(thumbnail(picture)))
        labels.append(row["modality"] if name == "rad_vqarad" else row["label"])
        groups.append(row["group_id"] or f"case {n}")
    return np.stack(vectors), labels, groups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    if not (data / "manifest.csv").is_file():
        sys.exit(f"There is no manifest.csv in {data}.")
    skin, grey = built_in_encoders()
    for name in SETS:
        vectors, labels, groups = collect(data, name, skin if name.startswith("derm") else grey)
        pairs = set(zip(labels, groups, strict=True))
        kept = sorted({one for one in labels if sum(label == one for label, _ in pairs) >= LEAST_GROUPS})
        at = [i for i, label in enumerate(labels) if label in kept]
        truth = np.array([kept.index(labels[i]) for i in at])
        print(f"{name}: {len(at)} cases, {', '.join(kept)}")
        for strength in STRENGTHS:
            few_shot_training._C = strength
            f = _figures(vectors[at], truth, [groups[i] for i in at], len(kept))
            print(f"  C = {strength:g}: {f.balanced_accuracy:.2f} ({f.low:.2f} to {f.high:.2f})", flush=True)


if __name__ == "__main__":
    main()
