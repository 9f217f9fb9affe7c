"""The look-alikes of one picture in one collection. `Library.search` is the way in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.cases.case import Case, CaseFilter
from store.cases.held import Held
from store.cases.index import FEW_NUMBERS
from store.cases.quality import NEAREST
from store.cases.shelf import CollectionInfo
from store.records import Match, Neighbours

Ask = Callable[[Held, NDArray[np.float32], int], tuple[list[str], int] | None]
"""The ids of about so many nearest, and how many of the first rows were looked at; see `CaseIndex.near`."""

# Ours: how many more are asked of the graph than would do if the cases that fit lay evenly.
_SPARE, _SPARE_SHARE = 8, 1.5
# Ours, of 100,000 clustered cases in Chroma's graph: asked for 60 it finds 0.914 of the ten nearest, for 80
# 0.973, for 100 0.988 to 0.996, for 120 0.998 in half more time; of 10,000 always 0.999.
_LARGE, _IF_LARGE = 30_000, 120
# Ours: how many times more is asked when that was too few.
_WIDER = 4
# Ours: for each case found, the graph compares about so many.
_STEPS = 12
# Ours, from tests/bench/library.py: picking 2,000 rows of 10,000 takes four times as long for each number as
# reading in one go.
_PICKING = 4
# Ours: 0.8 MB of the longest vectors, which one core holds at hand; more at once took twice the time and
# three times the processor's.
_AT_ONCE = 32


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


def fitting(
    held: Held, where: CaseFilter | None, same: Case | None, exclude_group: str | None
) -> NDArray[np.bool_] | None:
    """Which cases a search is about, ``(N,)``: what was asked for, without the groups to leave out.

    None means all.
    """
    left_out = ({same.group_key} if same else set()) | (
        {f"group {exclude_group}"} if exclude_group else set()
    )
    asked = bool(where and (where.wanted() or where.sought))
    if not left_out:
        return held.matching(where) if asked else None
    return held.outside(left_out) & held.matching(where) if asked else held.outside(left_out)


def nearest(
    held: Held, vector: NDArray[np.float32], k: int, fits: NDArray[np.bool_] | None, ask: Ask
) -> tuple[Match, ...]:
    """The `k` nearest cases of a collection to a unit vector ``(D,)``, nearest first.

    Few cases are compared number by number. Of many, the graph is asked for as many as will hold `k` that
    fit if those lie evenly, and for more where they do not, until comparing all that fit costs less.

    Args:
        held: the collection.
        vector: what is looked up.
        k: how many.
        fits: which cases are meant; None for all.
        ask: the graph of the collection.
    """
    rows = np.arange(len(held.cases)) if fits is None else np.flatnonzero(fits)
    cost = 1 if _in_one_go(rows, len(held.cases)) else _PICKING
    if len(rows) * len(vector) * cost > FEW_NUMBERS:
        rows = _from_graph(held, vector, k, rows, ask)
    similarity = _similarity(held.vectors, rows, vector)
    best = np.argsort(-similarity, kind="stable")[:k]
    return tuple(_match(held.cases[rows[one]], float(similarity[one])) for one in best)


def _from_graph(
    held: Held, vector: NDArray[np.float32], k: int, rows: NDArray[np.intp], ask: Ask
) -> NDArray[np.intp]:
    """The few of `rows` that may be the nearest; all of them where the graph cannot say."""
    size = len(held.cases)
    count = max(_SPARE + int(k * _SPARE_SHARE * size / len(rows)), _IF_LARGE if size > _LARGE else 0)
    fits = np.zeros(size, bool)
    fits[rows] = True
    while count * _STEPS <= len(rows):
        answer = ask(held, vector, count)
        if answer is None:
            break
        ids, covers = answer
        found = np.array([row for one in ids if (row := held.row.get(one)) is not None], np.intp)
        found = found[fits[found]]
        tail = rows[rows >= covers]
        if len(tail) * len(vector) > FEW_NUMBERS:
            break
        if len(found) >= min(k, len(rows) - len(tail)):
            return np.union1d(found, tail)
        count *= _WIDER
    return rows


def _in_one_go(rows: NDArray[np.intp], size: int) -> bool:
    """Whether comparing all and taking those of `rows` costs less than picking them."""
    return 2 * len(rows) > size


def _similarity(
    vectors: NDArray[np.float32], rows: NDArray[np.intp], vector: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The cosine of a unit vector with those of `rows`."""
    if _in_one_go(rows, len(vectors)):
        return np.asarray(vectors @ vector)[rows]
    parts = [vectors[rows[start : start + _AT_ONCE]] @ vector for start in range(0, len(rows), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


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
