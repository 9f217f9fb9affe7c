"""A piece of work in a process of its own, killed or not, and a look at what is left in another one."""

from __future__ import annotations

import multiprocessing as mp
import shutil
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

from store.errors import CasebookError
from tests.bench.kills.look import Acknowledged, wrong
from tests.bench.kills.work import Place, enter

_LONGEST_S = 300.0


def run(work: Callable[..., None], place: Place, told: Acknowledged, kill_after_s: float | None) -> str:
    """Do a piece of work in a process, and kill it after so many seconds; returns how it ended."""
    here, there = mp.Pipe(duplex=False)
    process = mp.Process(target=_child, args=(work, place, there))
    process.start()
    there.close()
    if kill_after_s is not None:
        process.join(kill_after_s)
        process.kill()
    ended = _listen(here, told)
    process.join(_LONGEST_S)
    return ended


def _listen(here: Connection, told: Acknowledged) -> str:
    ended = "killed"
    while True:
        try:
            stage, *said = here.recv()
        except (EOFError, OSError):
            return ended
        if stage == "ended":
            ended = said[0]
        else:
            told.take(stage, *said)


def _child(work: Callable[..., None], place: Place, pipe: Connection) -> None:
    enter(place)
    try:
        work(place, lambda *said: pipe.send(said))
        pipe.send(("ended", "done"))
    except CasebookError as error:
        pipe.send(("ended", f"refused: {error}"))
    except BaseException:
        pipe.send(("ended", traceback.format_exc()))


def run_on_full_disk(work: Callable[..., None], place: Place, told: Acknowledged, free: int) -> str:
    filler = place.out.parent / "filler"
    room = shutil.disk_usage(place.out).free - free
    with filler.open("wb") as file:
        for start in range(0, max(room, 0), 2**16):
            file.write(bytes(min(2**16, room - start)))
    try:
        return run(work, place, told, None)
    finally:
        filler.unlink()


def looked(place: Place, told: Acknowledged) -> list[str]:
    here, there = mp.Pipe(duplex=False)
    process = mp.Process(target=_look, args=(place, told, there))
    process.start()
    there.close()
    try:
        found: list[str] = here.recv()
    except EOFError:
        found = ["whoever looked was ended"]
    process.join(_LONGEST_S)
    return found


def _look(place: Place, told: Acknowledged, pipe: Connection) -> None:
    enter(place)
    try:
        pipe.send(wrong(place, told))
    except BaseException:
        pipe.send([traceback.format_exc()])
