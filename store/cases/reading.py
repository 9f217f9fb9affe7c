"""Reading and deleting whole cases, over all collections."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from store.cases.case import Case, CaseFilter
from store.cases.columns import clean
from store.cases.held import Held
from store.cases.names import is_imported
from store.cases.session import Session, WritingSession
from store.encoders import built_in_encoders
from store.errors import CaseError
from store.pictures.blobs import BlobStore


def newest(session: Session) -> list[tuple[str, Case]]:
    """Every case once, with the collection that lists it, those put in last first."""
    place = {identity: at for at, identity in enumerate(session.newest())}
    found = [(listed.name, case) for listed in _listed(session) for case in listed.cases]
    return sorted(found, key=lambda pair: place.get(pair[1].id, -1))


def relabel(session: WritingSession, identity: str, label: str) -> bool:
    """Give a case another label in every collection; whether there is such a case."""
    holding = [found for found in session.collections() if found.find(identity) is not None]
    for collection in holding:
        session.change(collection, identity, {"label": label})
    return bool(holding)


def page(session: Session, where: CaseFilter | None, limit: int, offset: int) -> list[Case]:
    """Some of the cases that fit, in the order they were put in, a collection after the other."""
    found: list[Case] = []
    for collection in _listed(session):
        rows = np.flatnonzero(collection.matching(where))
        found += [collection.cases[row] for row in rows[offset : offset + limit - len(found)]]
        offset = max(0, offset - len(rows))
    return found


def one(session: Session, identity: str) -> Case:
    """The case of that id; raises `CaseError` where there is none."""
    for listed in _listed(session):
        if (case := listed.find(identity)) is not None:
            return case
    raise CaseError(f"There is no case {clean(identity, 40)!r} in the library; it may have been removed.")


def count(session: Session, where: CaseFilter | None) -> int:
    """How many cases fit."""
    return sum(int(collection.matching(where).sum()) for collection in _listed(session))


def delete_cases(session: WritingSession, wanted: set[str], where: CaseFilter | None) -> list[Case]:
    """Delete cases from every collection: those with these ids, and those that fit a filter, if one is given.

    Returns:
        What was deleted; a case of two collections twice.
    """
    deleted: list[Case] = []
    for collection in session.collections():
        fits = collection.matching(where) if where else np.zeros(len(collection.cases), bool)
        gone = [case for case, fit in zip(collection.cases, fits, strict=True) if fit or case.id in wanted]
        if gone:
            session.delete(collection, [case.id for case in gone])
        deleted += gone
    return deleted


def forget_pictures(session: Session, blobs: BlobStore, removed: list[Case]) -> None:
    """Remove kept pictures that no case shows any more (two cases may share a thumbnail)."""
    held = session.collections()
    for key in {case.key for case in removed if case.key}:
        if not any(collection.with_key(key) for collection in held):
            blobs.remove(key)


def _listed(session: Session) -> Iterator[Held]:
    """The collections that hold every case once: the built-in ones, then what was imported as vectors."""
    for encoder in built_in_encoders():
        collection = session.collection(encoder)
        if collection is not None:
            yield collection
    yield from (collection for collection in session.collections() if is_imported(collection.name))
