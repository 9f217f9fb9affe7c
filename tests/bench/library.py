"""The case library at size, as ratios in one run: against bare Chroma, exact numpy, and an earlier build.

    python -m tests.bench.library [CASES] [--before FOLDER] [--graphs] [--searches N]     default 10,000

The vectors are drawn as encoders give them, 6,144 long: around 60 centres, along 48 directions, with a little
of everything else. They come in as by `casebook library import-embeddings`, so both builds do the same work.
`--before` names a checkout of an earlier build, which imports and searches the same vectors in a process of
its own. `--graphs` compares the numbers of Chroma's graph instead. Putting in tells its rate after each
tenth of the rows, and what the other had by then, so that a run that is cut off has told something.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

DIMENSION = 6_144
K = 10
THREADS = 30
PICTURES = 200
KEPT = {"label 1": 0.01, "label 20": 0.20, "label 80": 0.80}
CPU_MS: list[float] = []
RATES: dict[str, dict[int, float]] = {}
GRAPHS = ((200, 32), (100, 24), (100, 16), (64, 16))


def drawn(count: int, seed: int) -> np.ndarray:
    """``(N, 6144)`` float32 unit vectors."""
    always, random = np.random.default_rng(7), np.random.default_rng(seed)
    centres = always.normal(size=(60, DIMENSION)).astype(np.float32)
    directions = always.normal(size=(48, DIMENSION)).astype(np.float32) / np.float32(48**0.5)
    points = centres[random.integers(0, 60, count)]
    points += random.normal(0, 1.5, size=(count, 48)).astype(np.float32) @ directions
    points += random.normal(0, 0.1, size=(count, DIMENSION)).astype(np.float32)
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def labels(count: int) -> list[str]:
    """A label for each: 1, 20 and 79 % of them."""
    random = np.random.default_rng(3).random(count)
    return ["label 1" if one < 0.01 else "label 20" if one < 0.21 else "label 80" for one in random]


def write_table(folder: Path, vectors: np.ndarray, names: list[str]) -> None:
    keys = np.array([f"k{row}" for row in range(len(vectors))])
    np.savez(folder / "vectors.npz", ids=keys, embeddings=vectors)
    with (folder / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "label", "group"])
        writer.writerows(
            [key, name, f"g{row // 2}"] for row, (key, name) in enumerate(zip(keys, names, strict=True))
        )


class Progress:
    """Tells how many rows a second were put in so far, after each tenth of them, beside what others had then.

    Args:
        name: who puts in.
        total: how many rows.
    """

    def __init__(self, name: str, total: int) -> None:
        self._name, self._total, self._start = name, total, time.perf_counter()

    def __call__(self, done: int) -> None:
        tenth, rates = 10 * done // self._total, RATES.setdefault(self._name, {})
        if tenth < 1 or tenth in rates:
            return
        rate = rates[tenth] = done / (time.perf_counter() - self._start)
        others = {name: of[tenth] for name, of in RATES.items() if name != self._name and tenth in of}
        beside = "".join(f"; {name} {other:.0f}, {other / rate:.2f} of it" for name, other in others.items())
        print(f"  {self._name}, {done:,} rows: {rate:.0f} a second so far{beside}", flush=True)


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


def bench_build(folder: Path, queries: np.ndarray, searches: int) -> dict[str, float]:
    """What this build does with the table in `folder`; only by what both builds have."""
    from store.cases.case import CaseFilter
    from store.cases.encoding import imported
    from store.cases.library import Library
    from store.pictures.blobs import BlobStore

    told: dict[str, float] = {}
    root = Path(tempfile.mkdtemp(dir=folder))
    held, about = Library(root, BlobStore(root / "pictures")), imported("derm-foundation", "dermatology")
    marks: list[tuple[int, float]] = []
    tell = Progress("this build", len(np.load(folder / "vectors.npz")["ids"]))

    def progress(done: int, _: int) -> None:
        marks.append((done, time.perf_counter()))
        tell(done)

    cpu = time.process_time()
    with timed(told, "import"):
        report = held.import_vectors(folder / "vectors.npz", folder / "labels.csv", about, progress=progress)
    told["ms of CPU a row"] = 1000 * (time.process_time() - cpu) / report.added
    third = len(marks) // 3
    for name, (first, last) in {"first third": (0, third), "last third": (-third - 1, -1)}.items():
        rows, seconds = (marks[last][i] - marks[first][i] for i in (0, 1))
        told[f"rows a second, {name}"] = rows / seconds
    told["rows a second"] = report.added / told["import"]
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
    place = {case.id: row for row, case in enumerate(held.cases(limit=report.added))}
    vectors, names = np.load(folder / "vectors.npz")["embeddings"], np.array(labels(report.added))
    for name in (None, *KEPT):
        where = CaseFilter(label=(name,)) if name else None
        taken = times_ms(lambda i, where=where: search(i, where), searches)
        told[f"CPU {name or 'unfiltered'}"] = CPU_MS[-1]
        rows = np.arange(len(vectors)) if name is None else np.flatnonzero(names == name)
        rows = rows[rows > 0]  # the first has another label now
        hits = 0.0
        for i in range(searches):
            similarity = vectors[rows] @ queries[i] if name else vectors[1:] @ queries[i]
            best = set(rows[np.argsort(-similarity)[:K]].tolist())
            hits += len({place[one] for one in search(i, where)} & best) / K
        said(f"  {name or 'unfiltered'}, recall@10 {hits / searches:.3f}", taken)
        told[name or "unfiltered"] = float(np.median(taken))
        told[f"recall {name or 'unfiltered'}"] = hits / searches
    one = told["one thread"] = 1000 / float(np.mean(times_ms(search, searches)))
    told["thirty threads"], every = threads_per_second(search, max(2 * searches, 90))
    print(f"  one thread {one:.0f} searches a second, {THREADS} threads {told['thirty threads']:.0f}")
    said("  a search among thirty threads", every)
    for name, value in told.items():
        print(f"  {name}: {value:.4g}", flush=True)
    return told


def bench_pictures(folder: Path) -> None:
    """How fast pictures come in, and are recognised when they come again."""
    from tests.inputs.case_library import library, moles, read, unknown

    table, held = moles(folder / "set", PICTURES), library(folder / "pictures")
    first, again = held.import_csv(table, read, unknown), held.import_csv(table, read, unknown)
    print(f"import: {first.added} pictures of 96 px, {first.added / first.seconds:.0f} a second")
    print(f"import again: {again.already_there / again.seconds:.0f} a second recognised as already there")


def graph_of(folder: Path, construction: int, neighbours: int) -> Any:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(
        str(folder / f"{construction}-{neighbours}"), settings=Settings(anonymized_telemetry=False)
    )
    graph = {"ef_construction": construction, "ef_search": 100, "max_neighbors": neighbours}
    return client.create_collection(
        "bare", configuration={"hnsw": {"space": "cosine", **graph}}, embedding_function=None
    )


def put(collection: Any, vectors: np.ndarray) -> float:
    """Rows a second of bare Chroma, in the same batches as an import."""
    start, cpu, tell = time.perf_counter(), time.process_time(), Progress("bare Chroma", len(vectors))
    for first in range(0, len(vectors), 128):
        chunk = vectors[first : first + 128]
        collection.upsert(ids=[str(first + i) for i in range(len(chunk))], embeddings=chunk)
        tell(first + len(chunk))
    collection.query(query_embeddings=vectors[:1], n_results=1, include=[])
    print(f"  {1000 * (time.process_time() - cpu) / len(vectors):.1f} ms of CPU a row", flush=True)
    return len(vectors) / (time.perf_counter() - start)


def bench_graphs(folder: Path, vectors: np.ndarray, queries: np.ndarray) -> None:
    exact = [set(np.argsort(-(vectors @ query))[:K].tolist()) for query in queries]
    for construction, neighbours in GRAPHS:
        collection = graph_of(folder, construction, neighbours)
        rate, hits = put(collection, vectors), 0.0
        start = time.process_time()
        for query, best in zip(queries, exact, strict=True):
            got = collection.query(query_embeddings=[query], n_results=K, include=[])
            hits += len({int(one) for one in got["ids"][0]} & best) / K
        cpu = 1000 * (time.process_time() - start) / len(queries)
        recall = hits / len(queries)
        print(
            f"ef_construction {construction}, {neighbours} neighbours: {rate:.0f} rows a second, recall@10 "
            f"{recall:.3f}, {cpu:.1f} ms of CPU a search",
            flush=True,
        )


def compare(now: dict[str, float], bare: float, exact_ms: float) -> None:
    print(f"putting in, against bare Chroma: {now['rows a second'] / bare:.2f}")
    last, first = now["rows a second, last third"], now["rows a second, first third"]
    print(f"last third against the first: {last / first:.2f}")
    print(f"a search against exact numpy: {now['unfiltered'] / exact_ms:.2f}")
    for name, share in KEPT.items():
        print(f"a filter that keeps {share:.0%} against none: {now[name] / now['unfiltered']:.2f}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=int, nargs="?", default=10_000)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--graphs", action="store_true")
    parser.add_argument("--searches", type=int, default=100)
    parser.add_argument("--only", type=Path, help="used by --before")
    given = parser.parse_args()
    queries = drawn(given.searches, 2)
    if given.only:
        bench_build(given.only, queries, given.searches)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder, vectors = Path(name), drawn(given.cases, 1)
        if given.graphs:
            bench_graphs(folder, vectors, queries)
            return 0
        write_table(folder, vectors, labels(given.cases))
        bench_pictures(folder)
        exact = times_ms(lambda i: np.argpartition(-(vectors @ queries[i]), K)[:K], given.searches)
        said("exact numpy", exact)
        now = bench_build(folder, queries, given.searches)
        bare = put(graph_of(folder, *_numbers()), vectors)
        print(f"bare Chroma, the same graph numbers: {bare:.0f} rows a second", flush=True)
        compare(now, bare, float(np.median(exact)))
        if given.before:
            print(f"the build in {given.before.name}:", flush=True)
            command = [sys.executable, str(Path(__file__).resolve()), "--only", str(folder)]
            given_on = {**os.environ, "PYTHONPATH": str(given.before.resolve())}
            subprocess.run([*command, "--searches", str(given.searches)], env=given_on, check=True)
    return 0


def _numbers() -> tuple[int, int]:
    from store.cases.graph import GRAPH

    return GRAPH["ef_construction"], GRAPH["max_neighbors"]


if __name__ == "__main__":
    sys.exit(main())
