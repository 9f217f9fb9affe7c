"""The child process in which llama.cpp runs: ``python -P -m assistant.llm.worker``.

It takes one JSON request per line on standard input, in order, and answers each with a line of JSON that
bears the request's number. Dying is an answer too. It is started by ``assistant.llm.child`` alone, and ends
when its input does. The requests, of which `load` is the first and comes once:

    load   the model, and evaluate a few tokens     ->  context, stops and template; or refused, in words
    count  the tokens of a prompt                   ->  tokens
    begin  a reply, known by this request's number  ->  nothing; or too_long, in words
    step   of a reply                               ->  piece, null while there is none; or ended: how
    leave  a reply                                  ->  nothing
"""

from __future__ import annotations

import codecs
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from assistant.llm.endings import LENGTH, STOP, PromptTooLongError
from assistant.llm.engine import Engine
from assistant.llm.grammar import Form, gbnf
from assistant.llm.loading import Load, UnusableError
from assistant.llm.spoken import Spoken
from tools.models.memory.in_memory import Notice
from tools.models.memory.residents import Resident

Message = dict[str, Any]


def main() -> None:
    """Answer requests until there are no more."""
    channel = _private_channel()
    sys.excepthook = lambda kind, _, trace: _send(channel, {"crash": _place(kind, trace)})
    requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(requests,), daemon=True).start()
    _leave_no_core()
    first = requests.get()
    start = time.perf_counter()
    load = Load(**first["load"] | {"path": Path(first["load"]["path"])})
    try:
        desk = Desk(loaded(load, first["tokens"]))
    except UnusableError as error:
        _send(channel, {"n": first["n"], "refused": str(error)})
        return
    _send(channel, {"n": first["n"], **desk.ready})
    shown = _Shown(load, first["home"], time.perf_counter() - start)
    while True:
        shown.say(in_use=desk.is_writing)
        request = requests.get()
        _send(channel, {"n": request["n"], **desk.answer(request)})


def loaded(load: Load, tokens: int) -> Engine:
    """The model as a chat uses it, once it has evaluated `tokens` tokens.

    Raises:
        UnusableError: llama.cpp refuses the file.
    """
    engine = Engine(load)
    engine.evaluate(tokens)
    return engine


class Desk:
    """Answers requests with a loaded model.

    Args:
        engine: the model.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._replies: dict[int, Generator[Message]] = {}

    @property
    def ready(self) -> Message:
        """What is to be known of the model."""
        template = self._engine.template
        return {"context": self._engine.context, "stops": template.stops, "template": template.digest}

    @property
    def is_writing(self) -> bool:
        """Whether a reply was begun and not left."""
        return bool(self._replies)

    def answer(self, request: Message) -> Message:
        """The answer to a request, except for the first of a process."""
        match request["do"]:
            case "count":
                return {"tokens": len(self._engine.prompt(_said(request)))}
            case "begin":
                return self._begin(request)
            case "step":
                return next(self._replies[request["reply"]])
            case "leave":
                self._replies.pop(request["reply"]).close()
        return {}

    def _begin(self, request: Message) -> Message:
        prompt = self._engine.prompt(_said(request))
        try:
            self._engine.require_room(len(prompt))
        except PromptTooLongError as error:
            return {"too_long": str(error)}
        self._replies[request["n"]] = self._written(prompt, request)
        return {}

    def _written(self, prompt: list[int], request: Message) -> Generator[Message]:
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        held, random = len(prompt), np.random.default_rng(request["seed"])
        grammar = gbnf(Form(**request["form"]))
        for token in self._engine.reply(prompt, grammar, temperature=request["temperature"], random=random):
            held += token is not None
            yield {"piece": None if token is None else decoder.decode(self._engine.vocabulary.piece(token))}
        yield {"ended": LENGTH if held >= self._engine.context else STOP}


def _said(request: Message) -> list[Spoken]:
    return [Spoken(role, content) for role, content in request["said"]]


class _Shown:
    """Tells other processes of this Casebook folder what is in memory here."""

    def __init__(self, load: Load, home: str | None, load_s: float) -> None:
        self._notice = Notice(Path(home)) if home else None
        self._load, self._load_s = load, load_s
        self._in_use: bool | None = None

    def say(self, *, in_use: bool) -> None:
        if self._notice and in_use != self._in_use:
            self._in_use = in_use
            device = "gpu" if self._load.gpu_layers else "cpu"
            nbytes = _resident_bytes() or self._load.path.stat().st_size
            self._notice.show([Resident(self._load.path.name, device, nbytes, self._load_s, in_use, 0)])


def _hear(requests: queue.SimpleQueue[Message]) -> None:
    """Take requests in also while native code works, so that this process ends at once with its parent."""
    with open(0, "rb", closefd=False) as pipe:
        for line in pipe:
            requests.put(json.loads(line))
    os._exit(1)


def _send(channel: int, answer: Message) -> None:
    rest = memoryview(json.dumps(answer).encode() + b"\n")
    while rest:
        rest = rest[os.write(channel, rest) :]


def _private_channel() -> int:
    """Keep standard output for answers alone: native code prints."""
    channel = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return channel


def _place(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Where it broke, in our own terms: the text of an exception may quote a chat."""
    last = traceback.extract_tb(trace)[-1]
    return f"{kind.__name__} at {Path(last.filename).name}:{last.lineno}"


def _leave_no_core() -> None:
    """What a process that died had in memory is not left in a file: it holds chats."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _resident_bytes() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
