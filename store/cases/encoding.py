"""Learned encoders beside the built-in ones: the same cases described a second way, each in its collection.

The pictures come from what the library keeps, at most 512 px long: enough for encoders that look at 224 or
448 px, and the same for cases and queries. What is encoded is kept after every batch, so whatever cuts it
off, the next run goes on from there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from store.cases.case import Case
from store.cases.importing import Progress
from store.cases.index import CaseIndex
from store.cases.ledger import Entries
from store.cases.names import IMPORTED, UNKNOWN
from store.cases.session import Session, WritingSession
from store.encoders import Described, EncodedDomain, Encoder, built_in_encoders
from store.errors import CaseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Pixels

# Ours: a batch holds the library for a moment, and at most 32 × 512 × 512 pixels are in memory.
_BATCH = 32


LENGTHS: Mapping[str, int] = {"derm-foundation": 6144}
"""How long the vectors of an encoder are, where that is published. Source: card of google/derm-foundation."""


def imported(encoder: str, domain: EncodedDomain, version: str = UNKNOWN) -> Stored:
    """The collection that holds imported vectors of an encoder, apart from those made here."""
    return Stored(encoder + IMPORTED, version, "cosine", LENGTHS.get(encoder, 0), domain)


Batches = Callable[[Iterable[list[Pixels]]], Generator[NDArray[np.float32], None, None]]
"""Encodes batches: for each, in their order, unit vectors ``(N, dimension)``."""


class LearnedEncoder(Encoder, Protocol):
    """An encoder that is given many pictures at once."""

    def encode_images(self, pictures: Iterable[Pixels]) -> NDArray[np.float32]:
        """Unit vectors ``(N, dimension)`` float32 of pictures ``(H, W, 3)`` uint8."""


@dataclass(frozen=True)
class Stored:
    """What a collection says of the encoder that made it, while that encoder is not loaded."""

    name: str
    version: str
    space: str
    dimension: int
    domain: EncodedDomain
    near_floor: float | None = None


def stored(name: str, metadata: Mapping[str, Any] | None) -> Stored | None:
    """The encoder of a collection; None for a collection that does not say what it is for."""
    told = dict(metadata or {})
    if told.get("domain") not in ("radiology", "dermatology"):
        return None
    return Stored(name, str(told["version"]), str(told["space"]), int(told["dimension"]), told["domain"])


def at_hand(encoder: LearnedEncoder) -> Batches:
    """One batch after the other, here."""

    def encode(batches: Iterable[list[Pixels]]) -> Generator[NDArray[np.float32], None, None]:
        for batch in batches:
            yield encoder.encode_images(batch)

    return encode


def encode_cases(
    index: CaseIndex,
    blobs: BlobStore,
    encoder: Described,
    encode: Batches,
    progress: Progress | None,
) -> int:
    """Encode every case of the encoder's domain that it has not seen; returns how many.

    Raises:
        SetupError: the encoder's collection was made by another version of it.
    """
    sources = [one for one in built_in_encoders() if one.domain == encoder.domain]
    missing, total = _missing(index, encoder, sources)
    added, done, taken = 0, total - len(missing), deque[tuple[int, list[str]]]()
    with closing(encode(_pictures(blobs, missing, taken))) as encoded:
        for vectors in encoded:
            count, ids = taken.popleft()
            with index.writing() as session:
                added += _keep(session, encoder, sources, ids, vectors)
            done += count
            if progress:
                progress(done, total)
    return added


def _pictures(
    blobs: BlobStore, missing: list[Case], taken: deque[tuple[int, list[str]]]
) -> Iterator[list[Pixels]]:
    """The kept pictures of cases in batches; how many cases and which ids each stands for joins `taken`."""
    count = 0
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        count += len(batch)
        if there := [(case.id, path) for case in batch if (path := _path(blobs, case))]:
            taken.append((count, [identity for identity, _ in there]))
            count = 0
            yield [_picture(path) for _, path in there]


def missing_cases(session: Session, collection: str, sources: Sequence[Described]) -> int:
    """How many cases of the collections of `sources` a learned collection of their domain lacks."""
    own = session.any_collection(collection)
    about = stored(collection, own.standing.signature) if own is not None else None
    if own is None or about is None:
        return 0
    held = [session.collection(source) for source in sources if source.domain == about.domain]
    ids = {identity for one in held if one is not None for identity in one.row}
    return len(ids.difference(own.row))


def _missing(index: CaseIndex, encoder: Described, sources: Sequence[Described]) -> tuple[list[Case], int]:
    """The cases the encoder has not seen, and how many there are in all."""
    found: list[Case] = []
    with index.reading() as session:
        own = session.collection(encoder)
        for source in sources:
            collection = session.collection(source)
            found += collection.cases if collection is not None else []
    return [case for case in found if own is None or case.id not in own.row], len(found)


def _keep(
    session: WritingSession,
    encoder: Described,
    sources: Sequence[Described],
    ids: list[str],
    vectors: NDArray[np.float32],
) -> int:
    """Put vectors in, with what is known at this moment; cases removed meanwhile are left out."""
    told: dict[str, Case] = {}
    for source in sources:
        collection = session.collection(source)
        if collection is not None:
            told |= {one: case for one in ids if (case := collection.find(one)) is not None}
    own = session.collection(encoder)
    rows = [row for row, one in enumerate(ids) if one in told and (own is None or one not in own.row)]
    if rows:
        kept = [ids[row] for row in rows]
        entries = Entries(kept, vectors[rows], [dict(told[one].metadata()) for one in kept])
        session.add(session.make_collection(encoder), entries)
    return len(rows)


def _path(blobs: BlobStore, case: Case) -> Path | None:
    try:
        return blobs.path(case.key)
    except CaseError:
        return None  # removed meanwhile


def _picture(path: Path) -> Pixels:
    from PIL import Image as PillowImage

    with PillowImage.open(path) as picture:
        return np.asarray(picture.convert("RGB"))
