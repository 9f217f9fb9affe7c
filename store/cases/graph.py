"""`OpenGraph`: one collection in Chroma, open for any number of searches at once.

Chroma holds the vectors of a collection under the ids of its cases, and nothing else: what is known of a case
stays in the ledger, where a new label is one changed row, and where what is taken out is gone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

# Ours, from tests/bench/library.py --graphs: twice the work in construction, and twice the neighbours, find
# no more of the ten nearest among clustered vectors of 6,144 numbers, and cost up to three times the time. A
# search that keeps 100 in view finds no more than one with 60 and takes half as long again; 40 find less.
GRAPH = {"ef_construction": 100, "ef_search": 60, "max_neighbors": 16}
"""The numbers of Chroma's graph."""

# Ours: Chroma 1.5.9 makes an object of every number it gives back, 33 bytes each, and a server takes requests
# of a bounded size.
PAGE = 250


# Ours: Chroma scales unit vectors to length one once more, which changes the last digit of a float32.
_ROUNDED = 1e-6


class GraphClosedError(Exception):
    """The graph was closed meanwhile; whoever needs it opens it again."""


class OpenGraph:
    """A collection of Chroma's.

    Attributes:
        name: the graph's.
        covers: how many of the first rows of the collection it holds.

    Args:
        collection: of Chroma.
        close: lets go of what it needs.
    """

    def __init__(self, collection: Collection, close: Callable[[], None]) -> None:
        self.name = collection.name
        self.covers = 0
        self._collection = collection
        self._close = close
        self._closed = False
        self._users = 0
        self._free = threading.Condition()

    def query(self, vector: NDArray[np.float32], count: int) -> list[str]:
        """The ids of about the `count` nearest to a unit vector ``(D,)``, nearest first.

        Raises:
            GraphClosedError: it was closed meanwhile.
        """
        with self._used() as collection:
            found: Any = collection.query(query_embeddings=[vector], n_results=count, include=[])
        return list(found["ids"][0])

    def put(self, ids: list[str], vectors: NDArray[np.float32]) -> None:
        """Put vectors ``(N, D)`` in, in place of those with the same ids."""
        with self._used() as collection:
            for start in range(0, len(ids), PAGE):
                page = slice(start, start + PAGE)
                collection.upsert(ids=ids[page], embeddings=np.asarray(vectors[page]))

    def settle(self, dimension: int) -> None:
        """Wait: a query is answered once Chroma's own thread has brought graph and files up to date."""
        self.query(np.eye(1, dimension, dtype=np.float32)[0], 1)

    def ids(self) -> set[str]:
        """Everything it holds."""
        with self._used() as collection:
            return set(collection.get(include=[])["ids"])

    def differs(self, ids: list[str], vectors: NDArray[np.float32]) -> bool:
        """Whether it holds anything but these vectors ``(N, D)`` under these ids."""
        with self._used() as collection:
            if collection.count() != len(ids):
                return True
            for start in range(0, len(ids), PAGE):
                page = slice(start, start + PAGE)
                got: Any = collection.get(ids=ids[page], include=["embeddings"])
                held = dict(zip(got["ids"], np.asarray(got["embeddings"], np.float32), strict=True))
                if len(held) < len(ids[page]):
                    return True
                there = np.stack([held[identity] for identity in ids[page]])
                if not np.allclose(there, vectors[page], rtol=0, atol=_ROUNDED):
                    return True
        return False

    def close(self) -> None:
        """Close it once nobody uses it."""
        with self._free:
            if self._closed:
                return
            self._closed = True
            self._free.wait_for(lambda: not self._users)
        self._close()

    @contextmanager
    def _used(self) -> Iterator[Collection]:
        with self._free:
            if self._closed:
                raise GraphClosedError
            self._users += 1
        try:
            yield self._collection
        finally:
            with self._free:
                self._users -= 1
                self._free.notify_all()


def made_collection(client: ClientAPI, graph: str) -> Collection:
    """The collection of a graph, made if it is not there; for unit vectors compared by their cosine."""
    return client.get_or_create_collection(
        graph, configuration={"hnsw": {"space": "cosine", **GRAPH}}, embedding_function=None
    )
