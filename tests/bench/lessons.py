"""How often a stranger's question finds the teaching card that answers it, in a chat without pictures.

    python -m tests.bench.lessons

The questions (``tests/bench/blind/cards_16.csv``) were written by somebody who knew the titles of the cards
and nothing else. On the even half the bounds of `assistant.planning.lessons` were chosen; on the odd half
nothing was. A question that no card answers has the card ``none``.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from assistant.planning.conversation import Conversation
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.teaching import found

ASKED = Path(__file__).parent / "blind" / "cards_16.csv"


def shown(question: str, language: str) -> Iterator[tuple[str, ...]]:
    """The ids of the cards that a question gets: one that is shown, or several that are named."""
    talk = in_english(Conversation(question, spoken=language, language=language))
    for task in make_tasks(talk):
        named = tuple(task.detail.split())
        if task.intent == "teach":
            yield named[:1] or tuple(one.card.id for one in found(task.clause)[:1])
        elif named:
            yield named


def outcome(row: dict[str, str]) -> str:
    """What became of a question."""
    got, right = [*shown(row["text"], row["lang"])], {*row["card"].split("/")}
    if right & {one[0] for one in got if len(one) == 1}:
        return "right card shown"
    if any(right & {*one} for one in got):
        return "right card among those named"
    if got:
        return "another card shown" if any(len(one) == 1 for one in got) else "other cards named"
    return "no card"


def main() -> None:
    """Print both halves, questions with a card and without one apart."""
    with ASKED.open(newline="", encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    for half in ("even", "odd"):
        for answered in (True, False):
            those = [
                row
                for row in rows
                if crc32(row["text"].encode()) % 2 == ("even", "odd").index(half)
                and (row["card"] != "none") == answered
            ]
            counts = Counter(outcome(row) for row in those)
            told = ", ".join(f"{name} {n}" for name, n in counts.most_common())
            print(f"{half} half, {'with' if answered else 'without'} a card: {told}, of {len(those)}")


if __name__ == "__main__":
    main()
