"""The case library at size, as ratios in one run: against bare Chroma, exact numpy, and an earlier build.

    python -m tests.bench.library [CASES]                          default 10,000
    python -m tests.bench.library 100000 --bare 20000              bare Chroma with the first 20,000 of them
    python -m tests.bench.library 100000 --minutes 50              as many as go in within 50 minutes
    python -m tests.bench.library --before FOLDER                  a checkout of an earlier build
    python -m tests.bench.library --graphs                         the numbers of Chroma's graph instead

The vectors are drawn as encoders give them, 6,144 long: around 60 centres, along 48 directions, with a little
of everything else. They come in as by `casebook library import-embeddings`, so both builds do the same work.
The earlier build imports and searches them in a process of its own. Putting in tells its rate after each
tenth of the rows, and what the other had by then, so that a run that is cut off has told something. Memory is
what the process holds without the files it maps; the index is the vectors once more, in Chroma's graph.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import library_here
from tests.bench.library_here import KEPT, RATES, K, Progress, bench_build, labels, said, times_ms

DIMENSION = 6_144
GRAPHS = ((200, 32, 100), (100, 24, 100), (100, 16, 100), (100, 16, 60), (100, 16, 40), (64, 16, 60))
_AT_ONCE = 4_096


def drawn(count: int, seed: int) -> np.ndarray:
    """``(N, 6144)`` float32 unit vectors."""
    always, random = np.random.default_rng(7), np.random.default_rng(seed)
    centres = always.normal(size=(60, DIMENSION)).astype(np.float32)
    directions = always.normal(size=(48, DIMENSION)).astype(np.float32) / np.float32(48**0.5)
    points = centres[random.integers(0, 60, count)]
    points += random.normal(0, 1.5, size=(count, 48)).astype(np.float32) @ directions
    points += random.normal(0, 0.1, size=(count, DIMENSION)).astype(np.float32)
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def write_vectors(path: Path, count: int) -> np.ndarray:
    """Draw into a file, some at a time; ``(N, 6144)``, mapped."""
    vectors = np.lib.format.open_memmap(path, "w+", np.float32, (count, DIMENSION))
    for first in range(0, count, _AT_ONCE):
        vectors[first : first + _AT_ONCE] = drawn(min(_AT_ONCE, count - first), 1_000 + first)
    vectors.flush()
    return vectors


def write_table(folder: Path, vectors: np.ndarray, names: list[str]) -> None:
    keys = np.array([f"k{row}" for row in range(len(vectors))])
    np.savez(folder / "vectors.npz", ids=keys, embeddings=vectors)
    with (folder / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "label", "group"])
        writer.writerows(
            [key, name, f"g{row // 2}"] for row, (key, name) in enumerate(zip(keys, names, strict=True))
        )


def bench_exact(vectors: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """How long numpy takes that compares every number, the vectors in memory, ms."""
    held = np.array(vectors)
    taken = times_ms(lambda i: np.argpartition(-(held @ queries[i]), K)[:K], len(queries))
    said("exact numpy", taken)
    return taken


def graph_of(folder: Path, construction: int, neighbours: int, search: int) -> Any:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(
        str(folder / f"{construction}-{neighbours}-{search}"), settings=Settings(anonymized_telemetry=False)
    )
    graph = {"ef_construction": construction, "ef_search": search, "max_neighbors": neighbours}
    return client.create_collection(
        "bare", configuration={"hnsw": {"space": "cosine", **graph}}, embedding_function=None
    )


def put(collection: Any, vectors: np.ndarray, step: int) -> float:
    """Rows a second of bare Chroma, in the same batches as an import."""
    start, cpu, tell = time.perf_counter(), time.process_time(), Progress("bare Chroma", step)
    for first in range(0, len(vectors), 128):
        chunk = np.array(vectors[first : first + 128])
        collection.upsert(ids=[str(first + i) for i in range(len(chunk))], embeddings=chunk)
        tell(first + len(chunk))
    collection.query(query_embeddings=np.array(vectors[:1]), n_results=1, include=[])
    print(f"  {1000 * (time.process_time() - cpu) / len(vectors):.1f} ms of CPU a row", flush=True)
    return len(vectors) / (time.perf_counter() - start)


def bench_graphs(folder: Path, vectors: np.ndarray, queries: np.ndarray) -> None:
    alike = library_here.likeness(vectors, queries)
    exact = [set(np.argsort(-one)[:K].tolist()) for one in alike.T]
    for construction, neighbours, search in GRAPHS:
        collection = graph_of(folder, construction, neighbours, search)
        rate, hits = put(collection, vectors, len(vectors)), 0.0
        start = time.process_time()
        for query, best in zip(queries, exact, strict=True):
            got = collection.query(query_embeddings=[query], n_results=K, include=[])
            hits += len({int(one) for one in got["ids"][0]} & best) / K
        cpu = 1000 * (time.process_time() - start) / len(queries)
        recall = hits / len(queries)
        print(
            f"ef_construction {construction}, {neighbours} neighbours, ef_search {search}: {rate:.0f} rows a "
            f"second, recall@10 {recall:.4f}, {cpu:.1f} ms of CPU a search",
            flush=True,
        )


def compare(now: dict[str, float], exact: np.ndarray, step: int) -> None:
    ours, bare = RATES["this build"], RATES["bare Chroma"]
    tenth = max(set(ours) & set(bare))
    put_in = f"the first {tenth * step:,} rows"
    print(f"putting in, against bare Chroma, {put_in}: {ours[tenth] / bare[tenth]:.2f}")
    print(f"rows a second of all against those of the first tenth: {now['rows a second'] / ours[1]:.2f}")
    last, first = now["rows a second, last third"], now["rows a second, first third"]
    print(f"last third against the first: {last / first:.2f}")
    index = now["cases"] * DIMENSION * 4 / 2**20
    print(f"memory of putting in beside the index: {now['most memory of it, MiB'] - index:,.0f} MiB")
    slow = float(np.percentile(exact, 95))
    print(f"p95 of a search against that of exact numpy: {now['p95 unfiltered'] / slow:.3f}")
    for name, share in KEPT.items():
        print(f"a filter that keeps {share:.0%} against none: {now[name] / now['unfiltered']:.2f}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=int, nargs="?", default=10_000)
    parser.add_argument("--bare", type=int, help="how many of them bare Chroma takes, at least a tenth")
    parser.add_argument("--minutes", type=float, default=600.0, help="for putting in; the rest is left out")
    parser.add_argument("--before", type=Path)
    parser.add_argument("--graphs", action="store_true")
    parser.add_argument("--searches", type=int, default=100)
    given = parser.parse_args()
    queries = drawn(given.searches, 2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        vectors = write_vectors(folder / "vectors.npy", given.cases)
        if given.graphs:
            bench_graphs(folder, vectors, queries)
            return 0
        np.save(folder / "queries.npy", queries)
        write_table(folder, vectors, labels(given.cases))
        now = bench_build(folder, given.searches, given.minutes)
        count = int(now["cases"])
        exact = bench_exact(vectors[:count], queries)
        bare = put(graph_of(folder, *_numbers()), vectors[:count][: given.bare], given.cases // 10)
        print(f"bare Chroma, the same graph numbers: {bare:.0f} rows a second", flush=True)
        compare(now, exact, given.cases // 10)
        if given.before:
            print(f"the build in {given.before.name}:", flush=True)
            command = [sys.executable, str(Path(library_here.__file__).resolve()), str(folder)]
            given_on = {**os.environ, "PYTHONPATH": str(given.before.resolve())}
            subprocess.run([*command, str(given.searches), str(given.minutes)], env=given_on, check=True)
    return 0


def _numbers() -> tuple[int, int, int]:
    from store.cases.graph import GRAPH

    return GRAPH["ef_construction"], GRAPH["max_neighbors"], GRAPH["ef_search"]


if __name__ == "__main__":
    sys.exit(main())
