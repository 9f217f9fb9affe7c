"""Chats whose language model is killed at random instants: every turn ends well, and nothing is left running.

python -m tests.talking.kill_at_random 50     so many kills, and the count of what happened
"""

from __future__ import annotations

import argparse
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from itertools import count
from pathlib import Path

import psutil

from assistant import Answer, Assistant, load_settings
from assistant.answers.disclaimers import general
from tests.children import workers
from tests.gguf.follower import LONG, LOOKED, follower, lesion

SIGNALS = (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM)
"""What a process may die of; by turns."""

QUESTIONS = ("What is this?", "chatter on", "How large is it?")


def converse(kills: int, folder: Path, *, seed: int = 0) -> Counter[str]:
    """Hold chats until so many workers were killed; each chat begins with no worker and is asked twice.

    Args:
        kills: workers to kill.
        folder: for the model, the picture and the Casebook folders.
        seed: of the instants.

    Returns:
        How many kills, turns, answers of the model and of the planner there were.

    Raises:
        AssertionError: a turn did not end as it must, or a worker is left; says how.
    """
    happened: Counter[str] = Counter()
    dice = random.Random(seed)
    picture, model = lesion(folder / "lesion.png"), follower(folder / "f.gguf")
    whole_s: list[float] = []  # how long each question takes with nothing killed
    for n in count():
        settings = load_settings(home=folder / f"home-{n}", llm_path=model, llm_context=32768, llm_threads=1)
        with Assistant(settings) as assistant:
            which, kill = n % 3, n >= 3
            instants = sorted(dice.uniform(0, whole_s[which]) for _ in range(n % 2 + 1)) if kill else []
            start = time.monotonic()
            _asked(assistant, QUESTIONS[which], [picture], instants, happened)
            whole_s += [] if kill else [time.monotonic() - start]
            again = assistant.chat().ask("What is this?", [picture])
            assert again.text == "".join(LOOKED) or "start Casebook again" in again.notices[0], again
            assert len(workers()) <= 1
        assert not workers()
        if happened["kills"] >= kills:
            return happened
    raise AssertionError


def _asked(
    assistant: Assistant, question: str, images: list[Path], instants: list[float], happened: Counter[str]
) -> None:
    over = threading.Event()
    killer = threading.Thread(target=_kill, args=(instants, over, happened))
    killer.start()
    try:
        answer = assistant.chat().ask(question, images)
    finally:
        over.set()
        killer.join()
    _check(answer, happened)


def _kill(instants: list[float], over: threading.Event, happened: Counter[str]) -> None:
    """Kill what runs at the instants (s from now), or as soon as something does, until the turn is over."""
    start = time.monotonic()
    for instant in instants:
        over.wait(max(start + instant - time.monotonic(), 0))
        while not (found := workers()) and not over.wait(0.01):
            pass
        if over.is_set():
            return
        with suppress(psutil.NoSuchProcess):
            found[0].send_signal(SIGNALS[happened["kills"] % len(SIGNALS)])
            happened["kills"] += 1


def _check(answer: Answer, happened: Counter[str]) -> None:
    """What holds for every answer."""
    assert answer.state == "answered", answer.notices
    assert answer.text.strip(), answer
    assert general(answer.language) in answer.disclaimers
    assert not answer.by_planner or any("built-in planner answered" in one for one in answer.notices), answer
    assert LONG[0] not in answer.text, answer
    happened["turns"] += 1
    happened["answers of the planner" if answer.by_planner else "answers of the model"] += 1


def main() -> None:
    """Kill and print the count."""
    parser = argparse.ArgumentParser(prog="python -m tests.talking.kill_at_random", description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=50)
    parser.add_argument("--seed", type=int, default=0, help="of the instants")
    given = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        happened = converse(given.kills, Path(folder), seed=given.seed)
    print(", ".join(f"{number} {what}" for what, number in happened.items()), end="")
    print(f"; every turn ended well, no process is left; {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
