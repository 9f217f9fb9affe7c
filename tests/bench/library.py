"""The case library at size: import rate, query time against exact search, recall, and reopening.

    python tests/bench/library.py [CASES]     default 10,000

Pictures for the import are drawn; the vectors of the large collection are drawn around 60 centres
in the dimension of the skin encoder, and written through the same index as an import. Exact search is
one numpy product over all vectors, in the same run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from store.cases.case import Case
from store.cases.index import open_index
from store.cases.ledger import Entries
from store.cases.library import Library
from store.cases.search import nearest
from store.encoders import built_in_encoders
from store.pictures.blobs import BlobStore
from tests.inputs.case_library import library, mole, moles, read, unknown

QUERIES = 300
PICTURES = 200


def drawn(count: int, dimension: int) -> np.ndarray:
    random = np.random.default_rng(0)
    centres = random.normal(size=(60, dimension))
    points = centres[random.integers(0, 60, count)] + random.normal(size=(count, dimension))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def times(work: Callable[[int], object], count: int) -> np.ndarray:
    taken = []
    for i in range(count):
        start = time.perf_counter()
        work(i)
        taken.append(1000 * (time.perf_counter() - start))
    return np.array(taken)


def said(name: str, taken: np.ndarray) -> None:
    print(f"{name}: median {np.median(taken):.1f} ms, p95 {np.percentile(taken, 95):.1f} ms")


def bench_import(folder: Path) -> None:
    table = moles(folder / "set", PICTURES)
    held = library(folder / "library")
    first = held.import_csv(table, read, unknown)
    again = held.import_csv(table, read, unknown)
    print(f"import: {first.added} pictures of 96 px, {first.added / first.seconds:.0f} per second")
    print(f"import again: {again.already_there / again.seconds:.0f} per second recognised as already there")


def fill(root: Path, vectors: np.ndarray) -> None:
    encoder = built_in_encoders()[0]
    start = time.perf_counter()
    for first in range(0, len(vectors), 32):
        chunk = range(first, min(first + 32, len(vectors)))
        cases = [Case(f"{i:032x}", f"label {i % 50}", "0" * 64, group=f"g{i // 2}") for i in chunk]
        with open_index(root).writing() as session:
            ids, metadata = [case.id for case in cases], [dict(case.metadata()) for case in cases]
            found = session.make_collection(encoder)
            session.add(found, Entries(ids, vectors[first : first + 32], metadata))
    print(f"index: {len(vectors) / (time.perf_counter() - start):.0f} vectors per second in batches of 32")


def bench_queries(root: Path, vectors: np.ndarray) -> None:
    encoder = built_in_encoders()[0]
    random = np.random.default_rng(1)
    queries = vectors[random.integers(0, len(vectors), QUERIES)] + random.normal(
        0, 0.03, (QUERIES, vectors.shape[1])
    )
    queries = (queries / np.linalg.norm(queries, axis=1, keepdims=True)).astype(np.float32)
    found: list[set[int]] = []

    def ask(i: int) -> None:
        with open_index(root).reading() as session:
            collection = session.collection(encoder)
            assert collection is not None
            matches = nearest(collection, queries[i], 10, None)
        found.append({int(match.case_id, 16) for match in matches})

    exact: list[set[int]] = []

    def exactly(i: int) -> None:
        similarity = vectors @ queries[i]
        best = np.argpartition(-similarity, 10)[:10]
        exact.append(set(best[np.argsort(-similarity[best])].tolist()))

    ask(0)
    found.clear()
    said(f"query of {len(vectors):,} cases, with lock and records", times(ask, QUERIES))
    said("exact numpy search", times(exactly, QUERIES))
    recall = np.mean([len(a & b) / 10 for a, b in zip(found, exact, strict=True)])
    print(f"recall@10 {recall:.4f} over {QUERIES} queries")


def bench_search(root: Path) -> None:
    held = Library(root, BlobStore(root / "pictures"))
    start = time.perf_counter()
    info = held.collections()[0]
    taken = time.perf_counter() - start
    print(f"the collection measures itself in {taken:.1f} s (once after a change): {info.sentence}")
    said(
        "Library.search of a 512 px picture, encoding included",
        times(lambda i: held.search(mole(i, side=512), "dermatology"), 40),
    )

    def reopened(_i: int) -> None:
        index = open_index(root)
        index._close()
        held.count()
        with index.reading() as session:
            collection = session.collection(built_in_encoders()[0])
            assert collection is not None
            nearest(collection, np.eye(1, built_in_encoders()[0].dimension, dtype=np.float32)[0], 6, None)

    said("first query after another process wrote", times(reopened, 5))


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        bench_import(Path(folder))
        root = Path(folder) / "large"
        vectors = drawn(count, built_in_encoders()[0].dimension)
        fill(root, vectors)
        bench_queries(root, vectors)
        bench_search(root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
