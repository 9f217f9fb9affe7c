"""Whether the agent over the built-in planner is exactly as good as the reader it asks, on VQA-RAD.

    python -m tests.bench.fidelity FOLDER/rad_vqarad/qa.json [--share 70] [--limit N]

The reader is scripted: it knows the answers and gives SHARE of a hundred rightly, always the same ones, if
it is asked the very question about the very picture. What `casebook eval` then finds missing in the agent is
lost between the question and the reader, or between the reader and the answer. Closed questions are those
that the set itself calls so; exit 1 unless the two are right on the same of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Hashable
from pathlib import Path

from assistant import Assistant, evaluate, load_settings
from assistant.evaluation.layouts import convert
from assistant.evaluation.questions import read_questions
from assistant.evaluation.report import headline
from assistant.evaluation.results import MARKS
from tests.scripted.evaluation import KnowingReaders, reading
from tools.models.systems.reading import Request


class KnowingPictures(KnowingReaders):
    """Knows each answer by the picture and the words of the question; blanks between them do not matter."""

    def key(self, request: Request) -> Hashable:
        return hashlib.sha256(request.pixels.tobytes()).hexdigest(), " ".join(request.question.split())


def answers(assistant: Assistant, questions: Path) -> dict[Hashable, str]:
    """The right answer of every question, by what `KnowingPictures` is asked."""
    pictures: dict[Path, str] = {}
    known: dict[Hashable, str] = {}
    for one in read_questions(questions):
        (path,) = one.images
        if path not in pictures:
            (image,) = assistant.services.decoder.read(path)
            pictures[path] = hashlib.sha256(image.pixels.tobytes()).hexdigest()
        known.setdefault((pictures[path], " ".join(one.words.split())), one.answer)
    return known


def main() -> int:
    """Convert, ask, show; 1 when the agent and the reader differ on a closed question."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fidelity", description=__doc__)
    parser.add_argument("questions", type=Path, metavar="QA.json", help="VQA-RAD, its pictures beside it")
    parser.add_argument("--share", type=int, default=70, help="of a hundred, how many the reader gets right")
    parser.add_argument("--limit", type=int, help="ask only the first so many")
    given = parser.parse_args()
    closed = {
        str(row["qid"])
        for row in json.loads(given.questions.read_text(encoding="utf-8"))
        if row["answer_type"].strip().upper() == "CLOSED"
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        # A picture whose text was masked would be another than the reader alone gets.
        Assistant(load_settings(home=Path(folder) / "home", burned_in="off")) as assistant,
    ):
        path = Path(folder) / "questions.jsonl"
        convert("vqa-rad", given.questions, path)
        with reading(KnowingPictures(answers(assistant, path), given.share)):
            done = evaluate(path, out=Path(folder) / "out", assistant=assistant, limit=given.limit)
        rows = [json.loads(line) for line in (done.folder / MARKS).read_text(encoding="utf-8").splitlines()]
        sys.stdout.write(f"{headline(done.summary)}\n")
    counts = Counter((row["reader"]["right"], row["agent"]["right"]) for row in rows if row["id"] in closed)
    sys.stdout.write(
        f"Closed by the set's own word: {sum(counts.values())}; both right {counts[True, True]}, "
        f"both wrong {counts[False, False]}, only the reader {counts[True, False]}, "
        f"only the agent {counts[False, True]}.\n"
    )
    for one in done.summary["differing"]:
        sys.stdout.write(f"line {one['line']}: {one['question']} ({', '.join(one['tools']) or 'no tool'})\n")
    return 0 if counts[True, False] == counts[False, True] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
