"""The child process that tries a GGUF model: ``python -m assistant.llm.trial_worker``.

It takes one JSON request on standard input, loads the model and evaluates a few tokens, and answers with one
line of JSON: null, or why llama.cpp refuses the file. Dying is an answer too. It is started by
``assistant.llm.trial`` alone, ends when its input does, and limits its own time.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

from assistant.llm.engine import Engine
from assistant.llm.loading import Load, UnusableError

# Seconds between the signal that time is up and the one that nothing survives.
_GRACE_S = 5


def main() -> None:
    """Answer one request."""
    channel = _private_channel()
    with open(0, "rb", buffering=0, closefd=False) as requests:
        request = json.loads(requests.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit(request["cpu_s"])
    os.write(channel, json.dumps({"refused": _refused(request)}).encode() + b"\n")


def evaluate(load: Load, tokens: int) -> None:
    """Load a model as a chat does, evaluate `tokens` tokens, and free it.

    Raises:
        UnusableError: llama.cpp refuses the file.
    """
    engine = Engine(load)
    engine.evaluate(tokens)
    engine.close()


def _refused(request: dict[str, Any]) -> str | None:
    load = request["load"]
    try:
        evaluate(Load(**load | {"path": Path(load["path"])}), request["tokens"])
    except UnusableError as error:
        return str(error)
    return None


def _private_channel() -> int:
    """Keep standard output for the answer alone: native code may print."""
    channel = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return channel


def _end_with_parent() -> None:
    os.read(0, 1)  # nothing more is ever sent: this returns when the parent is gone
    os._exit(1)


def _limit(cpu_s: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the parent's clock is the only limit
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + _GRACE_S))


if __name__ == "__main__":
    main()
