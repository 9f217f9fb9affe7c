"""Counts what strangers wished for with which picture, and writes ``prompts/language/wished.toml``.

python -m tests.bench.wished
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from assistant.planning.scene import scene_of
from prompts import words_file
from tests.bench.strangers import pictures, rows

NAMED = {"file_facts": "facts", "other": "unclear", "declined": "unclear"}
"""What the rounds call what the planner calls otherwise."""
ROUNDS = range(1, 10)
"""The rounds that are counted: the tenth stays unseen."""
ABOUT = """# How many messages of strangers wished for what, by the kind of picture that came with them.
# Where either of two was meant, half of each. `python -m tests.bench.wished` counts again.
"""


def counted(rounds: tuple[int, ...] = ROUNDS) -> Mapping[str, Mapping[str, float]]:
    """By kind of picture: intents with the number of messages."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in (one for number in rounds for one in rows("questions", number)):
        meant = row["right"].split("/")
        for one in meant:
            found[scene_of(pictures(row["images"]))][NAMED.get(one, one)] += 1 / len(meant)
    return {
        scene: {name: round(found[scene][name], 2) for name in sorted(found[scene])}
        for scene in sorted(found)
    }


def written(counts: Mapping[str, Mapping[str, float]]) -> str:
    """The file."""
    parts = (
        f"\n[seen_with.{scene}]\n" + "".join(f"{name} = {count:g}\n" for name, count in found.items())
        for scene, found in counts.items()
    )
    return ABOUT + "".join(parts)


if __name__ == "__main__":
    words_file("wished").write_text(written(counted()), encoding="utf-8")
