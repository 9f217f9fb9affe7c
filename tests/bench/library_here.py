"""What one build of the case library does at size; `tests/bench/library.py` asks it of this one and another.

It is run by its path with the build first on the path, so it imports nothing but that build and numpy.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

K = 10
THREADS = 30
KEPT = {"label 1": 0.01, "label 20": 0.20, "label 80": 0.80}
CPU_MS: list[float] = []
RATES: dict[str, dict[int, float]] = {}
_AT_ONCE = 4_096
_LOOKED_EVERY_S = 0.2


def labels(count: int) -> list[str]:
    """A label for each: 1, 20 and 79 % of them."""
    random = np.random.default_rng(3).random(count)
    return ["label 1" if one < 0.01 else "label 20" if one < 0.21 else "label 80" for one in random]


class Progress:
    """Tells how many rows a second were put in so far, after each tenth of them, beside what others had then.

    Args:
        name: who puts in.
        step: after how many rows, again and again.
    """

    def __init__(self, name: str, step: int) -> None:
        self._name, self._step = name, step
        self._start, self._cpu, self._last = time.perf_counter(), time.process_time(), 0.0
        self._rows = 0

    def __call__(self, done: int) -> None:
        tenth, rates = done // self._step, RATES.setdefault(self._name, {})
        if tenth < 1 or tenth in rates:
            return
        rate = rates[tenth] = done / (time.perf_counter() - self._start)
        cpu = time.process_time() - self._cpu
        last = 1000 * (cpu - self._last) / (done - self._rows)
        self._last, self._rows = cpu, done
        others = {name: of[tenth] for name, of in RATES.items() if name != self._name and tenth in of}
        beside = "".join(f"; {name} {other:.0f}, {rate / other:.2f} of it" for name, other in others.items())
        print(
            f"  {self._name}, {done:,} rows: {rate:.0f} a second so far, the last took {last:.1f} ms of CPU "
            f"each{beside}",
            flush=True,
        )


class Memory:
    """The most memory of this process while it is entered, bytes; files that are mapped do not count."""

    def __init__(self) -> None:
        self.most = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOKED_EVERY_S):
            lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
            held = next(line for line in lines if line.startswith("RssAnon:"))
            self.most = max(self.most, 1024 * int(held.split()[1]))


@contextmanager
def timed(told: dict[str, float], name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    told[name] = time.perf_counter() - start


def times_ms(work: Callable[[int], object], count: int) -> np.ndarray:
    """How long each took; with the CPU of all, which says more on a busy machine."""
    taken, cpu = [], time.process_time()
    for i in range(count):
        start = time.perf_counter()
        work(i)
        taken.append(1000 * (time.perf_counter() - start))
    CPU_MS.append(1000 * (time.process_time() - cpu) / count)
    return np.array(taken)


def said(name: str, taken: np.ndarray) -> None:
    median, last = np.median(taken), np.percentile(taken, 95)
    print(f"{name}: median {median:.1f} ms, p95 {last:.1f} ms, CPU {CPU_MS[-1]:.1f} ms", flush=True)


def threads_per_second(work: Callable[[int], object], count: int) -> tuple[float, np.ndarray]:
    """Searches a second of 30 threads that search without pause, and how long each search took."""
    taken: list[np.ndarray] = []

    def ask(first: int) -> None:
        taken.append(times_ms(lambda i: work(first + i), max(1, count // THREADS)))

    workers = [threading.Thread(target=ask, args=(31 * i,)) for i in range(THREADS)]
    start, cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    every = np.concatenate(taken)
    CPU_MS.append(1000 * (time.process_time() - cpu) / len(every))
    return len(every) / (time.perf_counter() - start), every


def likeness(vectors: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """The cosine of each vector with each query, ``(N, queries)``."""
    parts = [vectors[first : first + _AT_ONCE] @ queries.T for first in range(0, len(vectors), _AT_ONCE)]
    return np.concatenate(parts)


class EnoughError(Exception):
    """The time for putting in is over; what went in stays."""


def put_in(held: Any, folder: Path, about: Any, minutes: float, told: dict[str, float]) -> int:
    """Import the table of `folder` into a library for so long; what that took goes into `told`.

    Returns:
        How many went in.
    """
    marks: list[tuple[int, float]] = []
    tell = Progress("this build", len(np.load(folder / "vectors.npy", mmap_mode="r")) // 10)
    start, cpu = time.perf_counter(), time.process_time()

    def progress(done: int, total: int) -> None:
        marks.append((done, time.perf_counter()))
        tell(done)
        if marks[-1][1] - start > 60 * minutes and done < total:
            raise EnoughError

    with Memory() as memory, suppress(EnoughError):
        held.import_vectors(folder / "vectors.npz", folder / "labels.csv", about, progress=progress)
    added, end = marks[-1]
    told["cases"], told["import"], told["rows a second"] = added, end - start, added / (end - start)
    told["ms of CPU a row"] = 1000 * (time.process_time() - cpu) / added
    told["most memory of it, MiB"] = memory.most / 2**20
    third = len(marks) // 3
    for name, (first, last) in {"first third": (0, third), "last third": (-third - 1, -1)}.items():
        rows, seconds = (marks[last][i] - marks[first][i] for i in (0, 1))
        told[f"rows a second, {name}"] = rows / seconds
    return added


def bench_build(folder: Path, searches: int, minutes: float) -> dict[str, float]:
    """What the build on the path does with the table in `folder`; only by what both builds have."""
    from store.cases.case import CaseFilter
    from store.cases.encoding import imported
    from store.cases.library import Library
    from store.pictures.blobs import BlobStore

    told: dict[str, float] = {}
    vectors, queries = np.load(folder / "vectors.npy", mmap_mode="r"), np.load(folder / "queries.npy")
    root = Path(tempfile.mkdtemp(dir=folder))
    held, about = Library(root, BlobStore(root / "pictures")), imported("derm-foundation", "dermatology")
    count = put_in(held, folder, about, minutes, told)
    described = held.described(about.name)
    assert described is not None

    def search(i: int, where: CaseFilter | None = None) -> list[str]:
        found = held.search_vector(described, queries[i % len(queries)], k=K, where=where)
        return [match.case_id for match in found.matches]

    search(0)
    with timed(told, "relabel"):
        held.relabel(held.cases(limit=1)[0].id, "another")
    with timed(told, "search after a new label"):
        search(0)
    place = {case.id: row for row, case in enumerate(held.cases(limit=count))}
    names, alike = np.array(labels(count)), likeness(vectors[:count], queries)
    names[0] = "another"
    for name in (None, *KEPT):
        where = CaseFilter(label=(name,)) if name else None
        taken = times_ms(lambda i, where=where: search(i, where), searches)
        told[f"CPU {name or 'unfiltered'}"] = CPU_MS[-1]
        rows, hits = np.arange(count) if name is None else np.flatnonzero(names == name), 0.0
        for i in range(searches):
            best = set(rows[np.argsort(-alike[rows, i])[:K]].tolist())
            hits += len({place[one] for one in search(i, where)} & best) / K
        said(f"  {name or 'unfiltered'}, recall@10 {hits / searches:.3f}", taken)
        told[name or "unfiltered"] = float(np.median(taken))
        told[f"p95 {name or 'unfiltered'}"] = float(np.percentile(taken, 95))
        told[f"recall {name or 'unfiltered'}"] = hits / searches
    one = told["one thread"] = 1000 / float(np.mean(times_ms(search, searches)))
    told["thirty threads"], every = threads_per_second(search, max(2 * searches, 90))
    print(f"  one thread {one:.0f} searches a second, {THREADS} threads {told['thirty threads']:.0f}")
    said("  a search among thirty threads", every)
    for name, value in told.items():
        print(f"  {name}: {value:.4g}", flush=True)
    return told


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("searches", type=int)
    parser.add_argument("minutes", type=float)
    given = parser.parse_args()
    bench_build(given.folder, given.searches, given.minutes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
