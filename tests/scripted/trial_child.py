"""A stand-in for the child in which a GGUF model runs: all of it is real but what happens at its start.

``python -m tests.scripted.trial_child NOTES WHAT``: WHAT happens before the model is loaded, once a
line has been added to the file NOTES: the process, whether the extra buffers were on, and what it inherited.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

from assistant.llm import worker
from assistant.llm.engine import Engine
from assistant.llm.loading import Load

MODULE = "tests.scripted.trial_child"


def command(notes: Path, what: str) -> tuple[str, ...]:
    """The command line in place of ``assistant.llm.child.COMMAND``."""
    return (sys.executable, "-P", "-m", MODULE, str(notes), what)


def tried(notes: Path) -> list[tuple[int, bool]]:
    """Process id and extra buffers of every child so far."""
    lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    return [(one["pid"], one["extra_buffers"]) for one in map(json.loads, lines)]


def about_this_process() -> dict[str, object]:
    """What it inherited: open files by what they are, Casebook's variables, its session."""
    files = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    variables = [name for name in os.environ if name.startswith("CASEBOOK_")]
    return {"files": files, "variables": variables, "session": os.getsid(0)}


def main() -> None:
    """Be the child, with another beginning."""
    notes, what = Path(sys.argv[1]), sys.argv[2]
    loaded = worker.loaded

    def happens(load: Load, tokens: int) -> Engine:
        told = {"pid": os.getpid(), "extra_buffers": load.extra_buffers, **about_this_process()}
        with notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")
        if what.startswith("SIG") and (load.extra_buffers or "with" not in what):
            os.kill(os.getpid(), signal.Signals[what.split()[0]])
        if what == "computes for ever":
            while True:
                pass
        if what == "waits for ever":
            time.sleep(600)
        if what == "fails":
            raise RuntimeError
        return loaded(load, tokens)

    worker.loaded = happens
    worker.main()


if __name__ == "__main__":
    main()
