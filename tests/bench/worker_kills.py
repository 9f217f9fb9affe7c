"""Ends a language model's process at random instants, and looks at what the user is left with.

    python -m tests.bench.worker_kills --times 50

The model is SmolLM2-135M-Instruct with the role “words”. Each trial is a Casebook of its own, asked about a
picture; the process is killed while it loads, while it reads the prompt, while it writes, or between two
turns, by turns and with SIGKILL, SIGSEGV, SIGABRT and SIGTERM by turns; one in five is asked again. Before
that a process is stopped and not continued (SIGSTOP) while it loads, reads and writes, and a file is set that
aborts llama.cpp. Prints a line for each phase, with what the user was told; 1 if a turn did not end with the
planner's answer and a sentence about it, or with the model's, or if a process is left.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any
from unittest import mock

import psutil

from assistant import Answer, Assistant, Settings, load_settings
from assistant.llm import trial
from assistant.llm.child import Asked, Child
from store.pictures.image import Image
from tests.assistant.llm.test_smollm2 import smollm2
from tests.children import workers
from tests.gguf.files import random_model
from tests.gguf.follower import lesion
from tools.files.decoding import Decoder

PHASES = ("loading", "reading the prompt", "writing", "idle")
SIGNALS = (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM)
QUESTION = "What is this?"
HANGS = "stopped while "
ABORTS = "a file that aborts"
TOKENS = 32
"""Longest answer: long enough to be killed in."""

_AGAIN = 0.2
"""Of how many chats one is asked once more: its process has to be started again."""

_QUIET_S = 3.0
"""Silence after which a process hangs, in the trials of one that does."""


@dataclass
class Watch:
    """Tells when a phase of the model's process begins: when what it begins with is first asked of it.

    Attributes:
        phase: to wait for.
        begins: set when it does.
        asked: what was asked, and when.
    """

    phase: str
    begins: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, float]] = field(default_factory=list)

    def sees(self, do: str) -> None:
        """Something is asked of the process."""
        self.asked.append((do, monotonic()))
        if self.phase in self.starts:
            self.begins.set()

    @property
    def starts(self) -> dict[str, float]:
        """When each phase began that has."""
        loads, steps = ([at for do, at in self.asked if do == one] for one in ("load", "step"))
        return dict(zip(PHASES, [*loads[:1], *steps[:2]] if loads else [], strict=False))

    @property
    def took_s(self) -> dict[str, float]:
        """How long each phase took."""
        ends = {at: after for (_, at), (_, after) in pairwise(self.asked)} | {
            self.starts["writing"]: self.asked[-1][1]
        }
        return {phase: ends[at] - at for phase, at in self.starts.items()}


@contextmanager
def watching(phase: str) -> Iterator[Watch]:
    """While it holds, what is asked of every model's process is seen."""
    watch, send = Watch(phase), Child.send

    def seen(child: Child, do: str, **about: Any) -> Asked:
        watch.sees(do)
        return send(child, do, **about)

    with mock.patch.object(Child, "send", seen):
        yield watch


@dataclass(frozen=True)
class Place:
    """Where trials are held.

    Attributes:
        folder: for a Casebook folder each.
        picture: that is asked about.
        planned: the planner's answer.
        longest_s: how long each phase takes when nobody ends it.
    """

    folder: Path
    picture: Image
    planned: str
    longest_s: Mapping[str, float]

    def settings(self, path: Path, name: str) -> Settings:
        """Of one trial."""
        return load_settings(
            home=self.folder / name, llm_path=path, llm_role="words", llm_threads=1, llm_max_tokens=TOKENS
        )


def main() -> int:
    """Stop, abort, kill; show what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.worker_kills", description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="processes to kill")
    parser.add_argument("--seed", type=int, default=0, help="of the instants")
    given = parser.parse_args()
    counts: dict[str, Counter[str]] = {}
    bad = 0
    # What was tried until it is interrupted counts.
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        place = prepared(Path(folder))
        for phase, came, faults in trials(place, given.times, random.Random(given.seed)):
            counts.setdefault(phase, Counter())[came] += 1
            bad += len(faults)
            sys.stdout.write("".join(f"{phase}: {fault}\n" for fault in faults))
            sys.stdout.flush()
            sys.stderr.write(f"\r{sum(count.total() for count in counts.values())} trials")
    for phase, count in counts.items():
        sys.stdout.write(f"{phase}: {', '.join(f'{n} {what}' for what, n in count.items())}\n")
    sys.stdout.write(f"{bad} faults\n")
    return 1 if bad else 0


def prepared(folder: Path) -> Place:
    """The picture, what the planner says of it, and how long the phases take."""
    with Decoder() as decoder:
        (picture,) = decoder.read(lesion(folder / "lesion.png"))
    with Assistant(load_settings(home=folder / "planner")) as planner:
        planned = planner.chat().ask(QUESTION, [picture]).text
    place = Place(folder, picture, planned, {})
    with watching("") as watch, Assistant(place.settings(smollm2(), "whole")) as assistant:
        assistant.chat().ask(QUESTION, [picture])
    return Place(folder, picture, planned, watch.took_s)


def trials(place: Place, times: int, dice: random.Random) -> Iterator[tuple[str, str, list[str]]]:
    """The phase of each, what answered, and what was wrong."""
    with mock.patch.object(trial, "_LEAST_S", _QUIET_S), mock.patch.object(trial, "_PER_GIB_S", 0.0):
        for phase in PHASES[:3]:
            yield HANGS + phase, *ended(place, phase, signal.SIGSTOP, dice.random(), f"stop {phase}")
    deep = random_model(place.folder / "deep.gguf", told_layers=2**20)
    with Assistant(place.settings(deep, "deep")) as assistant:
        told = [assistant.chat().ask(QUESTION, [place.picture]) for _ in range(2)]
    faults = [fault for answer in told for fault in wrong(place, answer)]
    yield ABORTS, _who(told[0]), [*faults, *left()]
    killed = n = 0
    while killed < times:
        phase = PHASES[n % len(PHASES)]
        came, faults = ended(place, phase, SIGNALS[killed % len(SIGNALS)], dice.random(), f"kill-{n}")
        killed, n = killed + (came != "too late"), n + 1
        yield phase, came, faults


def ended(place: Place, phase: str, number: signal.Signals, share: float, name: str) -> tuple[str, list[str]]:
    """One trial: who answered the turn in which a process was ended, and what was told; what is wrong."""
    over = threading.Event()
    sent: list[int] = []
    with watching(phase) as watch, Assistant(place.settings(smollm2(), name)) as assistant:
        chat = assistant.chat()
        if phase == "idle":
            first = chat.ask(QUESTION, [place.picture])
            sent += end_one(number)
            answer = chat.ask(QUESTION)
            faults = list(wrong(place, first))
        else:
            delay = share * place.longest_s.get(phase, 1.0)
            killer = threading.Thread(target=_end_at, args=(watch, delay, number, over, sent))
            killer.start()
            answer, faults = chat.ask(QUESTION, [place.picture]), []
            over.set()
            killer.join()
        faults += wrong(place, answer)
        if share < _AGAIN:
            faults += wrong(place, chat.ask(QUESTION))
        faults += [f"{len(workers())} processes"] if len(workers()) > 1 else []
    faults += left()
    return (_who(answer) if sent else "too late"), faults


def _end_at(
    watch: Watch, delay_s: float, number: signal.Signals, over: threading.Event, sent: list[int]
) -> None:
    while not watch.begins.wait(0.01):
        if over.is_set():
            return
    if not over.wait(delay_s):
        sent += end_one(number)


def end_one(number: signal.Signals) -> list[int]:
    """Send a signal to the model's process; its id."""
    with suppress(psutil.NoSuchProcess, IndexError):
        worker = workers()[0]
        worker.send_signal(number)
        return [worker.pid]
    return []


def wrong(place: Place, answer: Answer) -> Iterator[str]:
    """What is not as it must be in an answer."""
    if answer.state != "answered" or not answer.text.strip() or not answer.disclaimers:
        yield f"the turn was {answer.state}: {answer.notices}"
    if answer.by_planner and not any("planner answered" in one for one in answer.notices):
        yield f"nothing says that the planner answered: {answer.notices}"
    if answer.by_planner and place.planned not in answer.text:
        yield f"not the planner's answer: {answer.text}"
    if not answer.by_planner and answer.ungrounded:
        yield f"the model's words are not carried: {answer.text}"


def left() -> list[str]:
    """Processes that live on."""
    return [f"process {one.pid} is left" for one in workers()]


def _who(answer: Answer) -> str:
    told = re.sub(r"\b[a-z]+-\d+\b", "…", " ".join(answer.notices))
    return f"by the planner ({told})" if answer.by_planner else "by the model"


if __name__ == "__main__":
    sys.exit(main())
