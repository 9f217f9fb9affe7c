"""Reading and deleting whole cases, a thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.cases.case import Case, CaseFilter, label_metadata, read_case
from store.cases.names import is_imported
from store.cases.search import case_with
from store.cases.session import Session
from store.encoders import built_in_encoders
from store.pictures.blobs import BlobStore

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

# Ours: SQLite takes a few thousand ids in one statement.
_CHUNK = 1_000
# Ours: Chroma 1.5.9 makes an object of every number on the way, 33 bytes each. All of 10,000 vectors of 6144
# numbers at once took 3.7 GB and 30 s, by pages 0.7 GB and 14 s.
_PAGE = 250


def newest(session: Session) -> list[tuple[str, Case]]:
    """Every case once, with the collection that lists it, those put in last first."""
    place = {identity: at for at, identity in enumerate(session.newest())}
    found = [(listed.name, case) for listed in _listed(session) for case in read_cases(listed)]
    return sorted(found, key=lambda pair: place.get(pair[1].id, -1))


def relabel(session: Session, identity: str, label: str) -> bool:
    """Give a case another label in every collection; whether there is such a case."""
    holding = [found for found in session.collections() if case_with(found, identity) is not None]
    for collection in holding:
        session.change(collection, identity, label_metadata(label))
    return bool(holding)


def page(session: Session, where: CaseFilter | None, limit: int, offset: int) -> list[Case]:
    """Some of the cases that fit, in the order they were put in, a collection after the other."""
    found: list[Case] = []
    for collection in _listed(session):
        ids = _ids(collection, where)
        found += _read(collection, ids[offset : offset + limit - len(found)])
        offset = max(0, offset - len(ids))
    return found


def count(session: Session, where: CaseFilter | None) -> int:
    """How many cases fit."""
    return sum(len(_ids(collection, where)) for collection in _listed(session))


def read_cases(collection: Collection) -> list[Case]:
    """All cases of a collection."""
    return _read(collection, _ids(collection, None))


def delete_cases(session: Session, wanted: set[str], where: CaseFilter | None) -> list[Case]:
    """Delete cases from every collection: those with these ids, and those that fit a filter, if one is given.

    Returns:
        What was deleted; a case of two collections twice.
    """
    deleted: list[Case] = []
    for collection in session.collections():
        gone = wanted | set(_ids(collection, where) if where else ())
        ids = [identity for identity in _ids(collection, None) if identity in gone]
        deleted += _read(collection, ids)
        for start in range(0, len(ids), _CHUNK):
            session.delete(collection, ids[start : start + _CHUNK])
    return deleted


def read_vectors(collection: Collection) -> tuple[list[Case], NDArray[np.float32]]:
    """Every case with its unit vector ``(N, D)`` float32."""
    dimension = int((collection.metadata or {})["dimension"])
    vectors = np.empty((collection.count(), dimension), np.float32)
    cases: list[Case] = []
    for start in range(0, len(vectors), _PAGE):
        got: Any = collection.get(limit=_PAGE, offset=start, include=["metadatas", "embeddings"])
        vectors[start : start + len(got["ids"])] = got["embeddings"]
        cases += [read_case(*pair) for pair in zip(got["ids"], got["metadatas"], strict=True)]
    return cases, vectors


def forget_pictures(session: Session, blobs: BlobStore, removed: list[Case]) -> None:
    """Remove kept pictures that no case shows any more (two cases may share a thumbnail)."""
    held = session.collections()
    for key in {case.key for case in removed if case.key}:
        shown = [c.get(where={"key": key}, limit=1, include=[])["ids"] for c in held]
        if not any(shown):
            blobs.remove(key)


def _listed(session: Session) -> Iterator[Collection]:
    """The collections that hold every case once: the built-in ones, then what was imported as vectors."""
    for encoder in built_in_encoders():
        collection = session.collection(encoder)
        if collection is not None:
            yield collection
    yield from (collection for collection in session.collections() if is_imported(collection.name))


def _ids(collection: Collection, where: CaseFilter | None) -> list[str]:
    return list(collection.get(where=where.where() if where else None, include=[])["ids"])


def _read(collection: Collection, ids: list[str]) -> list[Case]:
    found: list[Case] = []
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        got = collection.get(ids=chunk, include=["metadatas"])
        metadata = dict(zip(got["ids"], got["metadatas"] or [], strict=True))
        found += [read_case(identity, dict(metadata[identity])) for identity in chunk]
    return found
