"""`Lookup`: the nearest cases of one collection, with what it measures about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.cases import search
from store.cases.index import CaseIndex
from store.cases.persons import Persons
from store.cases.session import Session
from store.cases.shelf import CollectionInfo, QualityShelf, no_cases
from store.encoders import Described

_MOST_MATCHES = 100


@dataclass(frozen=True)
class Lookup:
    """What a library looks up.

    Attributes:
        shelf: where the figures are kept.
    """

    _index: CaseIndex
    shelf: QualityShelf
    _persons: Persons

    def info(self, encoder: Described) -> CollectionInfo:
        """What the collection of an encoder holds and measured about itself."""
        with self._index.reading() as session:
            return self._info(session, encoder)

    def nearest(
        self, encoder: Described, vector: NDArray[np.float32], k: int, **leave: Any
    ) -> search.SearchResult:
        """The `k` nearest cases to a unit vector ``(D,)``; see `Library.search_vector`."""
        with self._index.reading() as session:
            info, held = self._info(session, encoder), session.collection(encoder)
            if held is None:
                return search.SearchResult((), search.count_labels(info, (), leave["modality"]))
            same = held.find(leave["identity"])
            left_out = self._persons.group(leave["exclude_group"] or "") or None
            fits = search.fitting(held, leave["where"], same, left_out)
            matches = search.nearest(held, vector, max(1, min(k, _MOST_MATCHES)), fits, self._index.near)
        return search.SearchResult(matches, search.count_labels(info, matches, leave["modality"]), same)

    def _info(self, session: Session, encoder: Described) -> CollectionInfo:
        standing = session.standing(encoder)
        if standing is None:
            return no_cases(encoder)
        found = self.shelf.find(encoder.name, standing.token)
        if found is None and (held := session.collection(encoder)) is not None:
            found = self.shelf.measure(encoder, held)
        return found or no_cases(encoder)
