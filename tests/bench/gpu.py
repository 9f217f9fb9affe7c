"""The two largest readers at their real size with random weights, on a GPU: memory, speed, follow-ups.

    python -m tests.bench.gpu [--folder DIR] [--tokens N]     on a machine with a CUDA device of 40 GB or more
    python -m tests.bench.gpu --small                         the same code on stand-ins, on any machine

Nothing is downloaded: Llama-3.2-11B-Vision with a LoRA adapter (r=32) and PaliGemma-3B are drawn on the
device, written in their published layout (22 GB at most at a time; the folder is emptied afterwards) and
loaded by the same code as real weights. Only the vocabulary's words are made up; its size is the real one.
Tokens are drawn, not greedy, as random weights would soon repeat themselves.

Told per reader: load time; peak memory beside what Casebook reckons with before it loads; time to the first
token; tokens per second and what share of the memory bandwidth that is, against a copy on the same device;
a second question about a picture against the first.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.real_size import Drawn, readers, write
from tools.models.systems.reading import Request, Sampling
from tools.models.weights.fit import need_of, size

QUESTIONS = ("Is there a fracture of the left wrist?", "Are the lungs clear?")
ROUNDS = 3
TOKENS = 64


def copy_bandwidth(device: str, nbytes: int) -> float:
    """Bytes read and written per second when a block is copied on the device."""
    import torch

    source = torch.ones(nbytes, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    times = []
    for _ in range(10):
        settle(device)
        start = time.perf_counter()
        target.copy_(source)
        settle(device)
        times.append(time.perf_counter() - start)
    return 2 * nbytes / min(times)


def settle(device: str) -> None:
    """Wait until the device has done what it was told."""
    if device != "cpu":
        import torch

        torch.cuda.synchronize()


def peak_bytes(device: str) -> int:
    """Most memory used so far: on the device, or by this process."""
    if device == "cpu":
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    import torch

    return torch.cuda.max_memory_allocated()


@dataclass(frozen=True)
class Speeds:
    """Medians in seconds. `first` and `later`: to one token, of a new and of a known picture; `answer` and
    `further`: to all tokens; `per_token`: between two tokens."""

    first: float
    later: float
    answer: float
    further: float
    per_token: float


def speeds(reader: Any, tokens: int) -> Speeds:
    def ask(key: int, question: str, most: int) -> tuple[float, int]:
        pixels = np.random.default_rng(key).integers(0, 255, (1024, 1024, 3), dtype=np.uint8)
        how = Sampling(max_new_tokens=most, temperature=1.0, seed=0)
        request = Request(pixels, f"picture {key}", question, how, timeout_s=600)
        settle(reader.device)
        start = time.perf_counter()
        reading = reader.read(request)
        settle(reader.device)
        return time.perf_counter() - start, reading.tokens

    ask(0, QUESTIONS[0], 2)
    rounds = []
    for number in range(1, ROUNDS + 1):
        one, _ = ask(2 * number, QUESTIONS[0], 1)
        known, _ = ask(2 * number, QUESTIONS[1], 1)
        answer, _ = ask(2 * number + 1, QUESTIONS[0], tokens)
        further, made = ask(2 * number + 1, QUESTIONS[1], tokens)
        rounds.append((one, known, answer, further, (further - known) / max(made - 1, 1)))
    return Speeds(*(statistics.median(column) for column in zip(*rounds, strict=True)))


def read_per_token(reader: Any, unread: str) -> int:
    """Bytes that a further token reads: the language model's weights, and what is kept of one picture."""
    held = sum(p.nbytes for name, p in reader._model.named_parameters() if not re.search(unread, name))
    pictures = len(reader.seen._states)
    return held + (reader.seen.nbytes // pictures if pictures else 0)


def measure(drawn: Drawn, folder: Path, device: str, tokens: int, bandwidth: float) -> None:
    from tools.models.loading import load

    start = time.perf_counter()
    path, base = write(drawn, folder, device)
    written = sum(file.stat().st_size for file in folder.rglob("*.safetensors"))
    print(f"{drawn.system}: {size(written)} of random weights written in {time.perf_counter() - start:.1f} s")
    need = need_of(drawn.system, path, base, device=device, precision="auto")
    if device != "cpu":
        import torch

        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    start = time.perf_counter()
    reader = load(drawn.system, path, base, device=device)
    settle(device)
    took = time.perf_counter() - start
    print(f"  loaded in {took:.1f} s ({size(written / took)} a second), {size(reader.nbytes)} on {device}")
    loaded = peak_bytes(device)
    found = speeds(reader, tokens)
    print(
        f"  peak memory {size(loaded)} while loading, {size(peak_bytes(device))} in all; "
        f"{size(need.nbytes)} reckoned with before"
    )
    rate, share = 1 / found.per_token, read_per_token(reader, drawn.unread) / found.per_token / bandwidth
    print(
        f"  first token of a new picture {1000 * found.first:.0f} ms, of a known one "
        f"{1000 * found.later:.0f} ms; {rate:.1f} tokens a second, {share:.0%} of the memory bandwidth"
    )
    print(
        f"  follow-up / first question: {found.later / found.first:.2f} to the first token, "
        f"{found.further / found.answer:.2f} for answers of {tokens} tokens"
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gpu", description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="stand-ins on the CPU")
    parser.add_argument("--folder", type=Path, help="where to write the weights; a temporary folder if not")
    parser.add_argument("--tokens", type=int, default=TOKENS, help=f"of the longer answers; {TOKENS}")
    given = parser.parse_args(argv)
    if any(importlib.util.find_spec(name) is None for name in ("torch", "transformers", "peft")):
        print("not measured: make models")
        return 3
    import torch

    if not given.small and not torch.cuda.is_available():
        print("not measured: there is no CUDA device here; --small runs the same code on stand-ins")
        return 3
    device = "cpu" if given.small else "cuda:0"
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        if not given.small and (free := shutil.disk_usage(name).free) < 24e9:
            print(f"not measured: {size(free)} free on the disk and 24 GB are needed; name another --folder")
            return 3
        bandwidth = copy_bandwidth(device, 1 << (26 if given.small else 31))
        what = "processor" if given.small else torch.cuda.get_device_name()
        print(f"{what}: copying moves {size(bandwidth)} a second")
        for one in readers(small=given.small):
            folder = Path(name) / one.system
            measure(one, folder, device, given.tokens, bandwidth)
            shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
