"""Runs Python modules as child processes that begin with libraries already imported: forks of this process.

    python -m tests.scripted.forked LIBRARY ...

`tests.forks` starts it, with one end of a pair of sockets as its standard input. A wish comes as JSON
(module, words, folder, environment) with four open files: the child's input, output and errors, and one in
which its number and, once it has ended, its exit status are told.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

_LONGEST_WISH = 1 << 17


def serve(wishes: socket.socket) -> dict[str, Any]:
    """Fork for each wish; in the child, what is wished. This process ends when nobody can wish any more."""
    # Whoever waits for a child is not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, files, *_ = socket.recv_fds(wishes, _LONGEST_WISH, 4)
        if not message:
            sys.exit()
        if os.fork() == 0:
            break
        for file in files:
            os.close(file)
    wishes.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, told = files
    _be_child_of_one_that_waits(told, streams)
    for number, file in enumerate(streams):
        os.dup2(file, number)
        os.close(file)
    wish: dict[str, Any] = json.loads(message)
    return wish


def _be_child_of_one_that_waits(told: int, streams: Sequence[int]) -> None:
    """Return in a child of this process, which tells of it and ends with it."""
    if child := os.fork():
        for file in (0, 1, 2, *streams):
            os.close(file)
        try:
            os.write(told, struct.pack("q", child))
            os.write(told, struct.pack("q", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))
        finally:
            os._exit(0)  # whoever asked may be gone
    os.close(told)


def become(wish: dict[str, Any]) -> None:
    """Be what a new process would be: its folder, variables, words and signals."""
    os.setsid()
    os.chdir(wish["folder"])
    os.environ.clear()
    os.environ.update(wish["environment"])
    tempfile.tempdir = None
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        was, mode = getattr(sys, name), "w" if number else "r"
        buffering = 1 if name == "stderr" else -1
        stream = open(  # noqa: SIM115  for as long as the process lives
            number, mode, buffering, encoding=was.encoding, errors=was.errors, closefd=False
        )
        setattr(sys, name, stream)
    # What is started in the background, as tests may be, has it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [wish["module"], *wish["words"]]
    runpy.run_module(wish["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    for library in sys.argv[1:]:
        importlib.import_module(library)
    gc.freeze()
    become(serve(socket.socket(fileno=os.dup(0))))
