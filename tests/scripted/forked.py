"""Runs one command of Casebook after the other, each in a process of its own; libraries are imported once.

Reads a line of JSON for each: the words after ``casebook``, the folder, variables, the terminal for its
input, and files for its output. Says its exit status. What libraries read when they are imported, such as
``HF_HUB_OFFLINE``, comes from the environment that this process was started with.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from typing import Any

# What a command with a model imports before it does anything of its own.
_LIBRARIES = (
    "torch",
    "transformers",
    "transformers.models.mllama.modeling_mllama",
    "transformers.models.paligemma.modeling_paligemma",
    "transformers.models.clip.modeling_clip",
    "peft",
    "chromadb",
    "langchain.agents",
    "sqlalchemy",
    "scipy.optimize",
    "sklearn.linear_model",
    "skimage.measure",
    "assistant.chat",
    "assistant.turn.agent",
)


def run(wish: dict[str, Any]) -> int:
    """Fork, run the command there to the end of its process, and wait for the exit status."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.setsid()
    os.dup2(os.open(wish["terminal"], os.O_RDWR), 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(wish[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.chdir(wish["folder"])
    os.environ.update(wish["environment"])
    sys.argv = ["casebook", *wish["words"]]
    from assistant.__main__ import main

    sys.exit(main())


if __name__ == "__main__":
    for library in _LIBRARIES:
        importlib.import_module(library)
    gc.freeze()
    for line in sys.stdin:
        print(run(json.loads(line)), flush=True)
