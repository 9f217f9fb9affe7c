"""How the grounding check fares on answers that strangers wrote.

    python -m tests.bench.grounding_strangers [FILE …] [-v]

Without a file the three sets in ``blind``, from which the check has learned since. Their first runs, on the
check as it was then: 70 of 120 errors found and 32 of 80 true answers marked; 75 of 120 and 27 of 80; 101 of
130 and 33 of 90. The fourth to the sixth, from which it has not learned: 84 of 120 and 7 of 80; 63 of 120 and
25 of 80; 74 of 120 and 1 of 80.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.grounding.judge import report
from tests.grounding.strangers import FOLDER, SETS, written


def main() -> None:
    """Print the figures of each file."""
    files = [Path(one) for one in sys.argv[1:] if one != "-v"]
    for file in files or [FOLDER / f"grounding_{n}.json" for n in SETS]:
        print(report(file.stem, written(file), verbose="-v" in sys.argv))


if __name__ == "__main__":
    main()
