"""How the grounding check fares on answers that strangers wrote.

    python -m tests.bench.grounding_strangers [FILE …] [-v]

Without a file the three sets in ``blind``, from which the check has learned since. Their first runs, on the
check as it was then: 70 of 120 errors found and 32 of 80 true answers marked; 75 of 120 and 27 of 80; 101 of
130 and 33 of 90. The fourth to the sixth, from which it has not learned: 84 of 120 and 7 of 80; 63 of 120 and
25 of 80; 74 of 120 and 1 of 80. The seventh, on which rules were mended: 91 of 120 and 14 of 80. Its writer
did not say which words are wrong: its `error` is the whole answer, and any mark in one counts as found. The
eighth, on the same check: 83 of 120 and 14 of 80. The ninth, on rules mended since: 84 of 120 and 18 of 80.
The tenth, on rules mended on the ninth: 74 of 120 and 22 of 80.

Last of each file: what a user would see of these answers, of which only whole sentences that are carried are
shown.
"""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.grounding import carried
from tests.grounding.judge import report
from tests.grounding.strangers import FOLDER, SETS, Written, written


def main() -> None:
    """Print the figures of each file."""
    files = [Path(one) for one in sys.argv[1:] if one != "-v"]
    for file in files or [FOLDER / f"grounding_{n}.json" for n in SETS]:
        answers = written(file)
        print(report(file.stem, answers, verbose="-v" in sys.argv))
        print(shown(answers))


def shown(answers: list[Written]) -> str:
    """How many planted errors would be shown, and how much of the true answers."""
    told = [(one, carried(one.answer, one.facts)) for one in answers]
    wrong = [one.answer[slice(*one.wrong)] in text for one, text in told if one.wrong]
    true = [(len(text.split()), len(one.answer.split())) for one, text in told if not one.wrong]
    kept, written_of = (sum(column) for column in zip(*true, strict=True))
    return f"shown: {sum(wrong)} of {len(wrong)} errors; {kept / written_of:.0%} of the words of true answers"


if __name__ == "__main__":
    main()
