"""What one person's use costs: the figures that docs/growth.md reckons with.

    python -m tests.bench.capacity [--chats 20]

Chats of eight turns over a drawn photograph each, answered by the built-in planner through the Python
interface, in one process. Prints CPU seconds of a turn, what a chat and its image leave on the disk, and what
the process grows by. Nothing here reads with a model: that costs what the model costs.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from assistant import Assistant, load_settings
from assistant.arenas import share_memory
from tests.inputs.drawn_lesion import ellipse, paint, skin

QUESTIONS = (
    "What is this?",
    "Measure it.",
    "Is it sharp enough?",
    "Any melanoma?",
    "What does asymmetry mean?",
    "How many cases are in the library?",
    "Which tools have you used?",
    "Thanks.",
)
MB = 2**20


def photograph(path: Path, seed: int) -> None:
    """A drawn lesion on skin, 900 × 1200; no two are the same."""
    spot = ellipse(190, 150, centre=(450, 600), size=(900, 1200))
    Image.fromarray(paint(skin(900, 1200, seed=seed), spot)).save(path)


def size(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


def cpu_s() -> float:
    """CPU seconds of this process and of those that it ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def resident_mb() -> float:
    """Memory of this process now."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise AssertionError("this system does not tell a process's memory")


def main() -> int:
    """Ask, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capacity", description=__doc__)
    parser.add_argument("--chats", type=int, default=20)
    given = parser.parse_args()
    share_memory()  # as the page and the servers do
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name), Path(name) / "home"
        paths = [folder / f"{n}.png" for n in range(given.chats + 1)]
        for n, path in enumerate(paths):
            photograph(path, n)
        with Assistant(load_settings(home=home)) as assistant:
            first = assistant.chat()
            for n, question in enumerate(QUESTIONS):  # imports and caches
                first.ask(question, [paths[-1]] if n == 0 else [])
            memory, kept = resident_mb(), size(home)
            images = size(home / "images")
            cpu, began = cpu_s(), time.monotonic()
            for path in paths[:-1]:
                chat = assistant.chat()
                for n, question in enumerate(QUESTIONS):
                    chat.ask(question, [path] if n == 0 else [])
            turns = given.chats * len(QUESTIONS)
            cpu, seconds = cpu_s() - cpu, time.monotonic() - began
            grown, more = resident_mb() - memory, size(home) - kept
            pictures = size(home / "images") - images
        sys.stdout.write(
            f"{given.chats} chats of {len(QUESTIONS)} turns over one photograph of 900 × 1200 each\n"
            f"CPU a turn: {1000 * cpu / turns:.0f} ms; by the clock {1000 * seconds / turns:.0f} ms\n"
            f"disk a chat: {more / given.chats / MB:.2f} MB, its image {pictures / given.chats / MB:.2f} MB\n"
            f"memory: {memory:.0f} MB after a chat, {grown / given.chats:.2f} MB more for each further one\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
