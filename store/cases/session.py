"""What is done with Chroma and the ledger while `CaseIndex` holds the library's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from store.cases.ledger import CaseLedger, Entries
from store.encoders import Described
from store.errors import SetupError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

# Ours, found with tests/bench/library.py: recall@10 of 1.00 at 10,000 cases; Chroma's own 100/100/16
# are made for larger collections.
_GRAPH = {"ef_construction": 200, "ef_search": 200, "max_neighbors": 32}

# Ours: SQLite takes a few thousand ids in one statement, and vectors are large.
_AT_ONCE = 250

LEDGER_GONE = (
    "The case library's table of cases is gone, and its index cannot be made again without it. The index was "
    "kept. Put a copy of the library folder back, or move the folder away and import the cases again."
)


class Session:
    """Chroma and the ledger, while the lock is held.

    Attributes:
        token: changes with every write to the library.
        forgets: whether something was taken away, of which Chroma keeps copies.
    """

    def __init__(self, client: ClientAPI, ledger: CaseLedger, token: str) -> None:
        self._client = client
        self._ledger = ledger
        self.token = token
        self.forgets = False

    def collection(self, encoder: Described) -> Collection | None:
        """The collection of an encoder to look into, or None if nothing was put in yet.

        Raises:
            SetupError: it was made by another version of the encoder.
        """
        found = self.any_collection(encoder.name)
        if found is not None:
            _check(dict(found.metadata or {}), encoder)
        return found

    def any_collection(self, name: str) -> Collection | None:
        """The collection called `name`, whatever made it, or None."""
        if name not in [found.name for found in self._client.list_collections()]:
            return None
        return self._client.get_collection(name, embedding_function=None)

    def collections(self) -> list[Collection]:
        """Every collection, whatever made it."""
        return [
            self._client.get_collection(found.name, embedding_function=None)
            for found in self._client.list_collections()
        ]

    def newest(self) -> list[str]:
        """The ids of all cases, those put in last first.

        Raises:
            SetupError: the ledger is gone; looking into it would make an empty one.
        """
        self._refuse_without_ledger()
        return self._ledger.newest()

    def make_collection(self, encoder: Described) -> Collection:
        """The collection of an encoder, made if it is not there."""
        found = self.collection(encoder)
        if found is not None:
            return found
        told = {**_signature(encoder), "domain": encoder.domain}
        self._ledger.add_collection(encoder.name, told)
        return create(self._client, encoder.name, told)

    def add(self, collection: Collection, entries: Entries) -> None:
        """Put cases in: all of them or, if this is cut off, none."""
        self._ledger.add(collection.name, entries)
        upsert(collection, entries)

    def change(self, collection: Collection, identity: str, metadata: dict[str, str]) -> None:
        """Change some of a case's metadata."""
        self.forgets = True
        self._ledger.change(collection.name, identity, metadata)
        collection.update(ids=[identity], metadatas=[dict(metadata)])

    def delete(self, collection: Collection, ids: list[str]) -> None:
        """Delete cases; at most a thousand, for SQLite's sake."""
        self.forgets = True
        self._ledger.delete(collection.name, ids)
        collection.delete(ids=ids)

    def drop(self, name: str) -> None:
        """Delete the collection called `name`, whatever made it."""
        self.forgets = True
        self._ledger.drop(name)
        self._client.delete_collection(name)

    def differing(self) -> dict[str, tuple[set[str], set[str]]]:
        """Per collection where they differ: the ids that only the ledger has, and those only the index has.

        Raises:
            SetupError: the ledger is gone.
        """
        self._refuse_without_ledger()
        found = {}
        index = {one.name: one for one in self.collections()}
        for name in {*index, *self._ledger.collections()}:
            there = set(index[name].get(include=[])["ids"]) if name in index else set()
            kept = self._ledger.ids(name)
            if there != kept:
                found[name] = (kept - there, there - kept)
        return found

    def complete_ledger(self) -> None:
        """Write into the ledger what only the index has, and have the index made again from it."""
        self.forgets = True
        for name, (_, only_there) in self.differing().items():
            if not only_there:
                continue
            collection = self._client.get_collection(name, embedding_function=None)
            self._ledger.add_collection(name, dict(collection.metadata or {}))
            ids = sorted(only_there)
            for start in range(0, len(ids), _AT_ONCE):
                got: Any = collection.get(
                    ids=ids[start : start + _AT_ONCE], include=["metadatas", "embeddings"]
                )
                vectors = np.asarray(got["embeddings"], np.float32)
                told = [dict(one) for one in got["metadatas"]]
                self._ledger.add(name, Entries(list(got["ids"]), vectors, told))

    def _refuse_without_ledger(self) -> None:
        if not self._ledger.there and self._client.count_collections():
            raise SetupError(LEDGER_GONE)

    def settle(self) -> None:
        """Wait until Chroma has written what it writes by itself."""
        for found in self._client.list_collections():
            settle(found)


def create(client: ClientAPI, name: str, signature: dict[str, Any]) -> Collection:
    """Make a collection with what is told of its encoder."""
    return client.create_collection(
        name,
        metadata=signature,
        configuration={"hnsw": {"space": "cosine", **_GRAPH}},
        embedding_function=None,
    )


def upsert(collection: Collection, entries: Entries) -> None:
    """Put entries into Chroma alone, in place of those with the same ids."""
    collection.upsert(
        ids=entries.ids, embeddings=entries.vectors, metadatas=[dict(m) for m in entries.metadatas]
    )


def settle(collection: Collection) -> None:
    """Wait: a query is answered once Chroma's own thread has brought the graph, and its files, up to date."""
    dimension = int((collection.metadata or {})["dimension"])
    collection.query(query_embeddings=[[1.0, *[0.0] * (dimension - 1)]], n_results=1, include=[])


def _signature(encoder: Described) -> dict[str, Any]:
    return {
        "encoder": encoder.name,
        "version": encoder.version,
        "space": encoder.space,
        "dimension": encoder.dimension,
    }


def _check(metadata: dict[str, Any], encoder: Described) -> None:
    wanted = _signature(encoder)
    made_with = {key: metadata.get(key) for key in wanted}
    if made_with != wanted:
        raise SetupError(
            f"The collection {encoder.name} was made with {_words(made_with)}; this Casebook has "
            f"{_words(wanted)}. Their vectors cannot be compared. Drop the collection with "
            f'Library.drop("{encoder.name}") and import its cases again; for a learned encoder: casebook '
            f"library encode {encoder.name} --again."
        )


def _words(made: dict[str, Any]) -> str:
    return f"{made['encoder']} version {made['version']} ({made['dimension']} numbers, {made['space']} space)"
