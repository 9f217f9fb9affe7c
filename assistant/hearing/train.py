"""Train the ear on the examples, judge it on writers left out, and write ``ear.npz`` and ``CARD.md``.

    python -m assistant.hearing.train --out assistant/hearing

The same examples give the same file. Needs scikit-learn (``make ears``).
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from assistant.hearing.card import write_card
from assistant.hearing.examples import Example, examples
from assistant.hearing.figures import left_out, thresholds
from assistant.hearing.fit import DANGERS, fit, fit_undone
from prompts import UNDONE
from tools.language.declined import declined

# The languages that the examples of ``prompts/undone`` are in.
ANSWERED = ("en", "de", "es")
DECLINED = "declined"
"""The intent of messages that only say what is not to be done."""
# What denies, if anything, how somebody is: a message of another intent may say besides what not to do.
NO_WISHES = ("personal", "none", "advice", "harm", "glossary", "treat_as", "limit", *DANGERS)

# Ours: clauses are short, and a few thousand of those that leave nothing undone are enough.
_LONGEST, _EVERY = 14, 5

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
    undone = fit_undone(examples(UNDONE), others_of(known))
    np.savez_compressed(out / "undone.npz", allow_pickle=False, **undone)
    write_card(out / "CARD.md", known, judged, learned["thresholds"])


def others_of(known: Sequence[Example]) -> list[Example]:
    """Messages that leave nothing undone: what is wished without a word that denies, and what is no wish."""
    denies = (declined().taking_back, declined().denying)
    return [
        one
        for one in known
        if one.language in ANSWERED
        and one.intent != DECLINED
        and len(one.text.split()) <= _LONGEST
        and crc32(one.text.encode()) % _EVERY == 0
        and (one.intent in NO_WISHES or not any(pattern.search(one.text) for pattern in denies))
    ]


if __name__ == "__main__":
    main()
