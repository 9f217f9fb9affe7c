"""A class at work: learners with browsers of their own in one session, while the server is killed once.

    python -m tests.bench.classroom                          30 learners for ten minutes
    python -m tests.bench.classroom --learners 3 --minutes 0.7

A teacher makes a session of drawn cases; learners join by its code, and for each case look at the pictures,
describe, name a differential with confidences, commit, read the reveal and go on. Halfway the page's process
is killed (SIGKILL) and started again. What the page had drawn before is then looked for on the page and, at
the end, in the teacher's figures and in what is kept of each step. Prints how long steps took, what went
wrong and the most memory of the server. Ends with 1 if a step failed or anything is missing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from assistant import Assistant
from assistant.settings import load_settings
from assistant.teaching.answer import LearnerAnswer
from assistant.teaching.teacher import Teacher
from store.teaching.options import SessionOptions
from store.teaching.rows import SessionRow
from tests.bench.learner import Acknowledged, Learner
from tests.bench.page_visitor import PageServer
from tests.inputs.case_library import mole, save
from tests.inputs.phantom import make_phantom

TRUTHS = ("melanoma", "nevus", "angioma", "dermatofibroma")
# Ours: more cases than somebody reads in the time, so that nobody is done early.
_CASES_A_MINUTE, _FEWEST = 3, 4
_SIDE, _SLICES, _SLICE_SIDE = 512, 12, 256


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.classroom", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=10.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="classroom-") as folder:
        home = Path(folder) / "home"
        session = _prepared(home, Path(folder), max(_FEWEST, round(given.minutes * _CASES_A_MINUTE)))
        learners = [Learner(f"learner {number:02d}", session.join_code) for number in range(given.learners)]
        server = PageServer(home)
        try:
            most = _at_once(learners, server, given.minutes * 60)
        finally:
            server.stop()
        missing = _missing(home, session, learners)
    return _told(learners, missing, most)


def _prepared(home: Path, drawn: Path, cases: int) -> SessionRow:
    """A session of drawn cases: single pictures, and series of slices every third."""
    with Assistant(load_settings(home=home)) as casebook:
        teacher, made = Teacher(casebook.services, casebook.owner), []
        for number in range(cases):
            truth = TRUTHS[number % len(TRUTHS)]
            if number % 3 == 2:
                pictures = make_phantom(drawn / f"{number}", _SLICES, _SLICE_SIDE)
            else:
                pictures = drawn / save(drawn, f"{number}.png", mole(number, side=_SIDE))
            made.append(
                teacher.make.from_files(
                    [pictures],
                    diagnosis=truth,
                    history="Seen by chance.",
                    findings=["asymmetry"],
                    age_years=40,
                )
            )
        return teacher.new_session("A class", made, SessionOptions(order="random"))


def _at_once(learners: list[Learner], server: PageServer, seconds: float) -> int:
    """Let all work and kill the server halfway; the most memory that it took meanwhile, bytes."""
    begun = time.monotonic()
    threads = [threading.Thread(target=one.work, args=(server.port, begun + seconds)) for one in learners]
    for thread in threads:
        thread.start()
    most, killed = 0, False
    while any(thread.is_alive() for thread in threads):
        most = max(most, server.memory())
        if not killed and time.monotonic() > begun + seconds / 2:
            killed = True
            for one in learners:
                one.restarting.set()
            server.kill()
            server.start()
            print(f"killed after {seconds / 2:.0f} s and started again", flush=True)
        time.sleep(1.0)
    return most


def _missing(home: Path, session: SessionRow, learners: list[Learner]) -> list[str]:
    """What the page had drawn as done and is not kept."""
    with Assistant(load_settings(home=home)) as casebook:
        teacher, steps = Teacher(casebook.services, casebook.owner), casebook.services.teaching.steps
        who = {one.nickname: one for one in teacher.learners(session.id)}
        committed = {(one.learner.nickname, one.position): one.answer for one in teacher.marked(session.id)}
        lost = [f"{one.nickname} joined" for one in learners if one.done and one.nickname not in who]
        for one in learners:
            there = who.get(one.nickname)
            kept = [(step.position, step.kind, step.text) for step in steps.of(there.id)] if there else []
            for done in one.done:
                position = there.order[done.place - 1] if there else 0
                answer = committed.get((one.nickname, position))
                if not _is_kept(done, position, kept, answer):
                    lost.append(f"{one.nickname}, case {done.place}: {done.kind} {done.text}")
    return lost


def _is_kept(
    done: Acknowledged, position: int, kept: list[tuple[int, str, str]], answer: LearnerAnswer | None
) -> bool:
    if done.kind == "commit":
        said = answer.differential[0] if answer and answer.differential else None
        return said is not None and done.text == f"{said.diagnosis} {said.confidence}"
    texts = [text for at, kind, text in kept if (at, kind) == (position, done.kind)]
    return any(done.kind != "draft" or json.loads(text)["description"] == done.text for text in texts)


def _told(learners: list[Learner], missing: list[str], most: int) -> int:
    took = [step for one in learners for step in one.took]
    faults = [fault for one in learners for fault in one.faults]
    done = [one for learner in learners for one in learner.done]
    commits = sum(one.kind == "commit" for one in done)
    print(f"{len(learners)} learners, {len(took)} steps, {commits} commits, {len(faults)} errors")
    for kind in ("", *dict.fromkeys(name for name, _ in took)):
        seconds = sorted(second for name, second in took if kind in ("", name))
        if seconds:
            half, late = seconds[len(seconds) // 2], seconds[min(int(len(seconds) * 0.95), len(seconds) - 1)]
            print(f"  {kind or 'a step'}: p50 {half:.2f} s, p95 {late:.2f} s, longest {seconds[-1]:.2f} s")
    cut = sum(one.cut for one in learners)
    print(f"{cut} steps cut off by the restart and taken again; {len(done)} steps acknowledged")
    print(f"acknowledged and missing: {len(missing)}")
    print(f"the server and its children took at most {most / 2**20:,.0f} MiB")
    for line in [f"{faults.count(fault)} times: {fault}" for fault in sorted(set(faults))] + missing:
        print(f"  {line}")
    return 1 if faults or missing or not commits else 0


if __name__ == "__main__":
    sys.exit(main())
