"""The local chat model on a stand-in: what its context is worth, what our wrapper costs, its memory.

    python -m tests.bench.chat_model

Times are of the processor, on one thread. The stand-in has random weights of a size at which evaluating a
token, not Python, takes most of the time, as with real models; ours and the bare model write as many tokens.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant.llm.local_llm import LocalLLM
from tests.bench.figures import Figure, quick_quarter, show
from tests.gguf.files import random_model

COMMAND = "python -m tests.bench.chat_model"
HISTORY = 2000
"""Tokens of the conversation before the measured turn."""

TOKENS = 48
ROUNDS = 6
PAIRS = 16
"""Rounds of the wrapper beside the bare model: their ratio is small and moves with what else runs."""

TURNS = 200
CONTEXT = 4096
FLAT_MB = 16.0
"""Most growth after the first quarter of the turns. Ours: what Python keeps for itself moves by as much."""


def main() -> int:
    """Measure and print; 1 when a target is missed."""
    argparse.ArgumentParser(prog=COMMAND, description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = random_model(Path(folder) / "bench.gguf", width=512, layers=6, context=CONTEXT)
        model = LocalLLM(path=path, context=CONTEXT, threads=1, max_tokens=TOKENS)
        figures = [*_reuse(model), *_overhead(model), _growth(model)]
        model.close()
    show(figures)
    return 1 if any(one.met is False for one in figures) else 0


def _reuse(model: LocalLLM) -> list[Figure]:
    """A follow-up in a long chat, with what the context holds and without it."""
    talk: list[BaseMessage] = [SystemMessage("Be brief.")]
    while model.count_tokens(talk) < HISTORY:
        talk += [HumanMessage("What does it show? " * 4), AIMessage("A grey shape on the left. " * 4)]
    kept, anew = [], []
    for n in range(ROUNDS):
        follow_up = [*talk, HumanMessage(f"And what of number {n}?")]
        _forget(model)
        anew.append(_seconds(lambda asked=follow_up: model.invoke(asked)))
        again = [*talk, HumanMessage(f"{n}, again?")]
        kept.append(_seconds(lambda asked=again: model.invoke(asked)))
    slow, quick = quick_quarter(anew), quick_quarter(kept)
    return [
        Figure(f"turn after {HISTORY} tokens, all evaluated again", 1000 * slow, "ms", None, COMMAND),
        Figure("the same, going on from the context", 1000 * quick, "ms", None, COMMAND),
        Figure("going on ÷ evaluating again", quick / slow, "×", 0.3, COMMAND),
    ]


def _overhead(model: LocalLLM) -> list[Figure]:
    """The same prompts through our wrapper and through llama-cpp-python's own chat completion."""
    from llama_cpp import Llama

    bare = Llama(str(model.path), n_ctx=CONTEXT, n_threads=1, n_threads_batch=1, verbose=False)
    ours, theirs = [], []
    for n in range(PAIRS):
        text = f"{n}. Describe what a chest radiograph shows. " * 8
        _forget(model)
        spent = _seconds(lambda asked=text: model.invoke([HumanMessage(asked)]))
        ours.append(spent / _written(model, text))
        start = time.process_time()
        done = bare.create_chat_completion(
            [{"role": "user", "content": text}], temperature=0.0, max_tokens=TOKENS
        )
        theirs.append((time.process_time() - start) / done["usage"]["completion_tokens"])
    bare.close()
    wrapped, plain = quick_quarter(ours), quick_quarter(theirs)
    return [
        Figure("token of our wrapper, with its share of the prompt", 1000 * wrapped, "ms", None, COMMAND),
        Figure("token of bare create_chat_completion", 1000 * plain, "ms", None, COMMAND),
        Figure("our wrapper ÷ bare", wrapped / plain, "×", 1.1, COMMAND),
    ]


def _growth(model: LocalLLM) -> Figure:
    """Memory of the process over turns of twenty chats."""
    process, early = psutil.Process(), 0
    for n in range(TURNS):
        model.invoke([SystemMessage("Be brief."), HumanMessage(f"chat {n % 20}: " + "words " * 40)])
        if n == TURNS // 4:
            early = process.memory_info().rss
    grown = (process.memory_info().rss - early) / 2**20
    return Figure(f"memory grown over turns {TURNS // 4}–{TURNS}", grown, "MiB", FLAT_MB, COMMAND)


def _written(model: LocalLLM, asked: str) -> int:
    """Tokens of the reply to `asked`, the last of which the context does not hold."""
    return model._loaded()._llama.n_tokens - model.count_tokens([HumanMessage(asked)]) + 1


def _forget(model: LocalLLM) -> None:
    """Empty the context, and what it held for other chats."""
    engine = model._loaded()
    engine._states = type(engine._states)()
    engine._llama.reset()
    engine._holder = None


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
