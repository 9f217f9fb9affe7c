"""Kill processes with SIGKILL at random instants of their work, and look for what they had acknowledged.

    python -m tests.bench.kills --times 200          200 kills, over all kinds of work in turn
    python -m tests.bench.kills --full FOLDER        no kills, but FOLDER, a small disk, is nearly full

A small disk for the second, where a user may make one:
    unshare -rm sh -c "mount -t tmpfs -o size=64m disk /mnt && python -m tests.bench.kills --full /mnt"

Prints a line for each kind of work, and ends with 1 if anything acknowledged is missing, `casebook doctor
--repair` leaves something, or something other than a sentence was raised.
"""

from __future__ import annotations

import argparse
import multiprocessing as mp
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.bench.kills.look import Acknowledged
from tests.bench.kills.trial import looked, run, run_on_full_disk
from tests.bench.kills.work import WORK, Place, prepare

_FREE_BYTES = (0, 600_000)
_PRELOADED = ["tests.bench.kills.loaded"]


@dataclass
class Trial:
    """One piece of work and what became of it.

    Attributes:
        kind: of work.
        ended: how the process ended: ``killed``, ``done``, or the sentence that it was refused with.
        faults: what was found afterwards.
    """

    kind: str
    ended: str = "killed"
    faults: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kills", description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=200, help="trials in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=WORK, help="one kind of work")
    parser.add_argument("--full", type=Path, metavar="FOLDER", help="a small disk to work on, nearly full")
    given = parser.parse_args()
    mp.set_start_method("forkserver")
    mp.set_forkserver_preload(_PRELOADED)
    kinds = [given.only] if given.only else list(WORK)
    trials: list[Trial] = []
    with (
        suppress(KeyboardInterrupt),  # what was tried until then counts
        tempfile.TemporaryDirectory(prefix="kills-", dir=given.full) as name,
    ):
        for trial in _trials(Path(name), kinds, given.times, random.Random(given.seed), given.full):
            trials.append(trial)
            print(f"\r{len(trials)} of {given.times}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return _told(trials)


def _trials(
    folder: Path, kinds: list[str], times: int, chance: random.Random, full: Path | None
) -> Iterator[Trial]:
    template = _made_place(folder / "template")
    before = Acknowledged()
    if (ended := run(prepare, template, before, None)) != "done":
        raise SystemExit(f"The trials cannot be prepared: {ended}")
    seconds = {} if full else {kind: _seconds(kind, template, folder) for kind in kinds}
    for n in range(times):
        kind = kinds[n % len(kinds)]
        place = _copied(template, folder / "trial")
        told = replace(before, turns=dict(before.turns), cases=dict(before.cases), gone=set(), counts={})
        trial = Trial(kind)
        if full:
            trial.ended = run_on_full_disk(WORK[kind], place, told, chance.randint(*_FREE_BYTES))
        else:
            trial.ended = run(WORK[kind], place, told, chance.uniform(0, seconds[kind]))
        trial.faults = looked(place, told)
        if trial.ended not in ("killed", "done") and not trial.ended.startswith("refused"):
            trial.faults.append(trial.ended)
        for fault in trial.faults:
            print(f"trial {n}, {kind}, {trial.ended}: {fault}", flush=True)
        yield trial
        shutil.rmtree(place.out.parent)


def _made_place(folder: Path) -> Place:
    place = Place(folder / "data" / "home", folder / "inputs", folder / "out")
    for one in (place.home.parent, place.inputs, place.out):
        one.mkdir(parents=True)
    return place


def _copied(template: Place, folder: Path) -> Place:
    place = replace(template, home=folder / "data" / "home", out=folder / "out")
    place.out.mkdir(parents=True)
    shutil.copytree(template.home, place.home)
    return place


def _seconds(kind: str, template: Place, folder: Path) -> float:
    """How long a kind of work takes from its beginning, when nobody kills it."""
    place = _copied(template, folder / "trial")
    start = time.monotonic()
    ended = run(WORK[kind], place, Acknowledged(), None)
    seconds = time.monotonic() - start
    if ended != "done":
        raise SystemExit(f"{kind} does not work: {ended}")
    shutil.rmtree(place.out.parent)
    return seconds


def _told(trials: list[Trial]) -> int:
    print(f"{'work':20} trials  killed  refused  done  with faults")
    for kind in dict.fromkeys(one.kind for one in trials):
        mine = [one for one in trials if one.kind == kind]
        how: Counter[Any] = Counter(one.ended.partition(":")[0] for one in mine)
        faulty = sum(bool(one.faults) for one in mine)
        print(f"{kind:20} {len(mine):6} {how['killed']:7} {how['refused']:8} {how['done']:5} {faulty:12}")
    faulty = sum(bool(one.faults) for one in trials)
    print(
        f"{len(trials)} trials, {sum(one.ended == 'killed' for one in trials)} killed, {faulty} with faults"
    )
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
