"""Train the ear on the examples, judge it on writers left out, and write ``ear.npz`` and ``CARD.md``.

    python -m assistant.hearing.train --out assistant/hearing

The same examples give the same file. Needs scikit-learn (``make ears``).
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np

from assistant.hearing.card import write_card
from assistant.hearing.examples import examples
from assistant.hearing.figures import left_out, thresholds
from assistant.hearing.fit import fit

LOG = logging.getLogger("casebook.ears")


def main(arguments: list[str] | None = None) -> None:
    """Run the whole training. See the module's text for the arguments."""
    parser = argparse.ArgumentParser(prog="python -m assistant.hearing.train")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="where ear.npz and CARD.md go"
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train(options.out)


def train(out: Path) -> None:
    """Train on all examples; judge, and set the thresholds, on one writer left out after the other."""
    known = examples()
    LOG.info("%d examples", len(known))
    judged = left_out(known)
    learned = fit(known)
    learned["thresholds"] = thresholds(judged)
    np.savez_compressed(out / "ear.npz", allow_pickle=False, **learned)
    write_card(out / "CARD.md", known, judged, learned["thresholds"])


if __name__ == "__main__":
    main()
