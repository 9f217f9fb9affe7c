"""The look-alikes of one picture in one collection. `Library.search` is the way in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.cases.case import Case, CaseFilter, join_where, read_case
from store.cases.quality import NEAREST
from store.cases.shelf import CollectionInfo
from store.records import Match, Neighbours

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    Attributes:
        matches: nearest first; never the query itself, nor a case of its group.
        neighbours: the labels of the matches as counts, and how far the collection can be trusted.
        same: the case with the query's very pixels, if it is in the library.
    """

    matches: tuple[Match, ...]
    neighbours: Neighbours
    same: Case | None = None


def case_with(collection: Collection, identity: str) -> Case | None:
    """The case called `identity`, or None."""
    got = collection.get(ids=[identity], include=["metadatas"])
    return read_case(identity, dict(got["metadatas"][0])) if got["ids"] and got["metadatas"] else None


def which(where: CaseFilter | None, same: Case | None, exclude_group: str | None) -> dict[str, Any] | None:
    """The Chroma filter of a search: what was asked for, without the groups to leave out."""
    asked = where.where() if where else None
    left_out = ({same.group_key} if same else set()) | (
        {f"group {exclude_group}"} if exclude_group else set()
    )
    others = [{"group_key": {"$ne": group}} for group in sorted(left_out)]
    return join_where([*([asked] if asked else []), *others])


def nearest(
    collection: Collection, vector: NDArray[np.float32], k: int, where: dict[str, Any] | None
) -> tuple[Match, ...]:
    """The `k` nearest cases of a collection to a unit vector ``(D,)``, nearest first."""
    got: Any = collection.query(
        query_embeddings=[vector], n_results=k, where=where, include=["metadatas", "distances"]
    )
    found = zip(got["ids"][0], got["metadatas"][0], got["distances"][0], strict=True)
    return tuple(_match(read_case(identity, dict(data)), 1.0 - float(far)) for identity, data, far in found)


def count_labels(info: CollectionInfo, matches: Sequence[Match], modality: str | None = None) -> Neighbours:
    """The labels of the matches as counts, most frequent first, nearest first among equals.

    `k` of the record belongs to its `precision`; how many matches there are is another matter.

    Args:
        info: what the collection measured about itself.
        matches: the cases found, nearest first.
        modality: of the query, where it is known: the figures are then of cases of that modality.
    """
    trust, among = info.trust(modality)
    return Neighbours(
        image_id="",
        counts=dict(Counter(match.label for match in matches).most_common()),
        near=None if info.near is None else bool(matches) and matches[0].similarity >= info.near,
        collection=info.name,
        encoder=info.encoder,
        size=info.size,
        k=NEAREST,
        precision=trust.precision,
        chance=trust.chance,
        among=among,
    )


def _match(case: Case, similarity: float) -> Match:
    return Match(
        image_id="",
        case_id=case.id,
        label=case.label,
        similarity=round(min(1.0, max(-1.0, similarity)), 4),
        key=case.key,
        caption=case.caption,
        modality=case.modality or None,
        body_part=case.body_part or None,
        group=case.group,
        source=case.source,
        licence=case.licence,
    )
