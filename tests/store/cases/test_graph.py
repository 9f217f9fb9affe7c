"""The graph itself, in Chroma: made with the numbers that were measured, and finding what comparing finds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from store.cases.graph import GRAPH, OpenGraph
from store.cases.places import FolderPlace

MANY, LONG = 2_000, 64


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    """Unit vectors in 20 clusters."""
    random = np.random.default_rng(4)
    points = random.normal(size=(20, LONG))[random.integers(0, 20, MANY)] + random.normal(size=(MANY, LONG))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory, vectors: NDArray[np.float32]) -> Iterator[OpenGraph]:
    """A graph of them, made, closed and opened again."""
    place = FolderPlace(tmp_path_factory.mktemp("graph"))
    made = place.open("one")
    made.put([str(row) for row in range(MANY)], vectors)
    made.settle(LONG)
    made.close()
    again = place.open("one")
    yield again
    again.close()


def test_a_graph_has_the_numbers_that_were_measured(graph: OpenGraph) -> None:
    with graph._used() as collection:
        held = dict(collection.configuration["hnsw"] or {})
    assert {name: held[name] for name in GRAPH} == GRAPH


def test_nearly_all_of_the_nearest_are_among_those_that_the_graph_names(
    graph: OpenGraph, vectors: NDArray[np.float32]
) -> None:
    asked = vectors[::20]
    nearest = np.argsort(-(asked @ vectors.T), axis=1)[:, :10]
    found = [set(graph.query(one, 23)) for one in asked]
    hits = [len({str(row) for row in rows} & names) for rows, names in zip(nearest, found, strict=True)]
    assert sum(hits) >= 0.99 * nearest.size


def test_more_are_found_than_a_search_keeps_in_view(graph: OpenGraph, vectors: NDArray[np.float32]) -> None:
    count = 5 * GRAPH["ef_search"]
    assert len(set(graph.query(vectors[0], count))) == count
