"""Train the gate's pixel estimator, measure it on held-out pictures, and write its file and card.

    python -m tools.gate.train --data DATA --other PACKAGES/* --out tools/gate

DATA holds ``manifest.csv`` and the medical sets; every ``--other`` folder holds the unpacked pictures of one
desktop package. ``DATA/ood_images`` is never trained on: it is the last test. The same input gives
the same file. Needs scikit-learn (``make gate``).
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any

import numpy as np

from tools.gate.card import Measured, write_card
from tools.gate.data import OTHER, drawings, medical, others, picture_files, read_picture, scans
from tools.gate.estimator import load_estimator
from tools.gate.features import VERSION
from tools.gate.figures import (
    Rules,
    choose_rules,
    cross_validate,
    judge_blind,
    leave_collections_out,
    raw_reliability,
)
from tools.gate.fit import fit
from tools.gate.scored import kinds_of_several
from tools.gate.table import build_table
from tools.gate.verdict import judge

LOG = logging.getLogger("casebook.gate")

MODEL_VERSION = "gate-2"
"""Raise it with every change of the training; the card and the records name it."""


def main(arguments: list[str] | None = None) -> None:
    """Run the whole training. See the module's text for the arguments."""
    parser = argparse.ArgumentParser(prog="python -m tools.gate.train")
    parser.add_argument("--data", type=Path, required=True, help="folder with manifest.csv")
    parser.add_argument("--other", type=Path, nargs="*", default=[], help="one folder per desktop package")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="where gate.npz and CARD.md go"
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train(options.data, sorted(options.other), options.out)


def train(data: Path, packages: list[Path], out: Path) -> None:
    """Train on all, measure by group and by source, write ``gate.npz`` and ``CARD.md`` into `out`."""
    last_test = data / "ood_images"
    samples = medical(data) + scans(packages) + others(packages, [last_test]) + drawings()
    LOG.info("%d pictures, %d of them medical", len(samples), sum(s.label != OTHER for s in samples))
    table = build_table(samples)
    LOG.info("%d rows of %d features", *table.features.shape)
    near, far = cross_validate(samples, table), leave_collections_out(samples, table)
    checked = kinds_of_several(samples)
    rules = choose_rules([*near, *far], checked)
    LOG.info("thresholds %s", rules.thresholds)
    labels = np.array([sample.label for sample in samples])[table.sample]
    save(fit(table.features, labels), rules, out / "gate.npz")
    estimator = load_estimator(out / "gate.npz")
    measured = Measured(
        version=MODEL_VERSION,
        samples=samples,
        features=table.features.shape[1],
        rows=len(labels),
        rules=rules,
        checked=sorted(checked),
        by_group=rules.apply(near),
        by_collection=judge_blind([*near, *far], checked),
        uncalibrated=raw_reliability(far, rules.thresholds),
        last_test=[
            (path.stem, judge(estimator.estimate(read_picture(path)), rules.thresholds, rules.curves))
            for path in sorted(picture_files(last_test))
        ],
    )
    write_card(out / "CARD.md", measured, data)
    LOG.info("written to %s", out)


def save(numbers: dict[str, Any], rules: Rules, path: Path) -> None:
    """Write the numbers without pickle; weights as float16, which halves the file."""
    weights = {"linear_weight", "hidden_weight", "output_weight", "guard_axes"}
    stored = {
        name: np.asarray(value, np.float16 if name in weights else None) for name, value in numbers.items()
    }
    stored |= {f"threshold_{name}": np.array(value) for name, value in rules.thresholds.items()}
    stored |= {f"curve_{name}": value for name, value in rules.curves.items()}
    stored |= {"version": np.array(MODEL_VERSION), "features": np.array(VERSION)}
    np.savez_compressed(path, **stored)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
