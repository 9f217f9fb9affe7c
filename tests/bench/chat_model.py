"""The local chat model: what its context is worth, how soon its first word comes, its memory.

    python -m tests.bench.chat_model

Times are of the clock: a model runs in a process of its own. The quick quarter of the rounds counts, and
ours and the bare model take turns, so that what else the machine does weighs on both. The model is
SmolLM2-135M-Instruct; memory is watched on a tiny one with random weights.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant.llm.local_llm import LocalLLM
from tests.assistant.llm.test_smollm2 import smollm2
from tests.bench.figures import Figure, quick_quarter, show
from tests.children import workers
from tests.gguf.files import random_model

COMMAND = "python -m tests.bench.chat_model"
HISTORY = 1200
"""Tokens of the conversation before the measured turn."""

TOKENS = 24
ROUNDS = 6
PAIRS = 12
TURNS = 200
CONTEXT = 2048
THREADS = 1
FLAT_MB = 16.0
"""Most growth after the first quarter of the turns. Ours: what Python keeps for itself moves by as much."""


def main() -> int:
    """Measure and print; 1 when a target is missed."""
    argparse.ArgumentParser(prog=COMMAND, description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = LocalLLM(path=smollm2(), context=CONTEXT, threads=THREADS, max_tokens=TOKENS)
        figures = [*_beside_bare(model), *_reuse(model)]
        model.close()
        tiny = random_model(Path(folder) / "tiny.gguf", context=CONTEXT)
        model = LocalLLM(path=tiny, context=CONTEXT, threads=THREADS, max_tokens=TOKENS)
        figures.append(_growth(model))
        model.close()
    show(figures)
    return 1 if any(one.met is False for one in figures) else 0


def _reuse(model: LocalLLM) -> list[Figure]:
    """The first word in a long chat, and that of the question after it."""
    first, after = [], []
    for n in range(ROUNDS):
        talk: list[BaseMessage] = [SystemMessage(f"Chat {n}. Be brief.")]
        while model.count_tokens(talk) < HISTORY:
            talk += [HumanMessage("What does it show? " * 4), AIMessage("A grey shape on the left. " * 4)]
        for asked, spent in (("And now?", first), ("Once more?", after)):
            spent.append(_seconds(_words(model, [*talk, HumanMessage(asked)]))[0])
    slow, quick = quick_quarter(first), quick_quarter(after)
    return [
        Figure(f"first word after {HISTORY} tokens", 1000 * slow, "ms", None, COMMAND),
        Figure("first word of the next question", 1000 * quick, "ms", None, COMMAND),
        Figure("next question ÷ first", quick / slow, "×", 0.3, COMMAND),
    ]


def _beside_bare(model: LocalLLM) -> list[Figure]:
    """The same text through ours and through llama-cpp-python's own chat completion."""
    from llama_cpp import Llama

    bare = Llama(str(model.path), n_ctx=CONTEXT, n_threads=THREADS, n_threads_batch=THREADS, verbose=False)
    ours, theirs = [], []
    for n in range(PAIRS):
        text = f"{n}. Describe what a chest radiograph shows. " * 12
        ours.append(_seconds(_words(model, [HumanMessage(text)])))
        made = bare.create_chat_completion(
            [{"role": "user", "content": text}], temperature=0.0, max_tokens=TOKENS, stream=True
        )
        theirs.append(_seconds(part["choices"][0]["delta"].get("content") or "" for part in made))
    bare.close()
    figures = []
    for i, what in enumerate(("first word", "each later word")):
        mine, plain = (quick_quarter([one[i] for one in all_]) for all_ in (ours, theirs))
        most = None if i else 1.1
        figures += [
            Figure(f"{what}", 1000 * mine, "ms", None, COMMAND),
            Figure(f"{what} of bare create_chat_completion", 1000 * plain, "ms", None, COMMAND),
            Figure(f"{what} ÷ bare", mine / plain, "×", most, COMMAND),
        ]
    return figures


def _growth(model: LocalLLM) -> Figure:
    """Memory of both processes over turns of twenty chats."""
    model.invoke("x")
    processes, early = [psutil.Process(), *workers()], 0
    for n in range(TURNS):
        model.invoke([SystemMessage("Be brief."), HumanMessage(f"chat {n % 20}: " + "words " * 40)])
        if n == TURNS // 4:
            early = sum(one.memory_info().rss for one in processes)
    grown = (sum(one.memory_info().rss for one in processes) - early) / 2**20
    return Figure(f"memory grown over turns {TURNS // 4}–{TURNS}", grown, "MiB", FLAT_MB, COMMAND)


def _words(model: LocalLLM, asked: list[BaseMessage]) -> Iterator[str]:
    return (chunk.text for chunk in model.stream(asked))


def _seconds(words: Iterable[str]) -> tuple[float, float]:
    """How long the first word took, and each later one."""
    start = time.perf_counter()
    at = [time.perf_counter() - start for word in words if word]
    return at[0], (at[-1] - at[0]) / max(len(at) - 1, 1)


if __name__ == "__main__":
    sys.exit(main())
