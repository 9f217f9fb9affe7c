"""How far a collection of cases can be trusted: does the nearest case share the label, and how often?

Every case is looked up among the cases of *other* groups (another patient, another lesion), because
two pictures of one mole find each other and prove nothing, and only among pictures of its own kind, because
telling an ultrasound from a radiograph is no merit: where labels go with the kind, both the share and what
chance would give say more of the mixture than of the look-alikes. No storage in this file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEAREST = 6
"""How many look-alikes are shown, and how many the precision is measured on."""

# Ours: at 20 groups the standard error of a share is at most 0.5 / √20 = 0.11; below that the number
# would say more about luck than about the collection.
_LEAST_GROUPS = 20
# Ours: 2,000 queries hold the standard error of a share under 0.5 / √2,000 = 0.011.
_MOST_QUERIES = 2_000
# Ours: a figure of a sample changes by less than its standard error while a tenth more cases come in.
_GROWTH = 1.1
# Ours: a query is near when its best look-alike is at least as similar as the sixth nearest of another
# group is to 95 % of the collection's own cases. The sixth and not the first, because a few pictures
# kept twice would raise the bar for all others, and pictures of another hospital look a little less
# alike (with the first, 1 of 19 chest radiographs was near 52 others; with the sixth, 16 of 19).
_NEAR_PERCENTILE = 5.0
# Queries compared at once: 256 × 50,000 float32 similarities are 51 MB.
_CHUNK = 256


@dataclass(frozen=True)
class Quality:
    """What a collection says about itself.

    Attributes:
        precision: share of the nearest six (of other groups) with the query's label, in [0, 1].
        chance: the same for six random cases of other groups.
        near: similarity from which a query counts as near.
        queries: how many cases were looked up.
    """

    precision: float
    chance: float
    near: float
    queries: int


def nearest_elsewhere(
    vectors: NDArray[np.float32],
    groups: Sequence[str],
    k: int,
    queries: NDArray[np.int64] | None = None,
    kinds: Sequence[str] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The `k` nearest cases of other groups and the same kind, exactly.

    Args:
        vectors: ``(N, D)`` unit vectors.
        groups: the group of each.
        k: how many.
        queries: which rows to look up; None means all.
        kinds: the kind (modality) of each; None means one for all.

    Returns:
        ``(Q, k)`` row numbers, nearest first (−1 where there are not enough such cases), and ``(Q, k)``
        similarities in [−1, 1].
    """
    _, codes = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    _, kind = np.unique(np.asarray(kinds or [""] * len(groups), dtype=str), return_inverse=True)
    rows = np.arange(len(vectors)) if queries is None else queries
    k = min(k, len(vectors))
    order, best = [], []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        similarity = vectors[chunk] @ vectors.T
        similarity[codes[chunk][:, None] == codes[None, :]] = -np.inf
        similarity[kind[chunk][:, None] != kind[None, :]] = -np.inf
        top = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
        values = np.take_along_axis(similarity, top, axis=1)
        sort = np.argsort(-values, axis=1, kind="stable")
        values = np.take_along_axis(values, sort, axis=1)
        order.append(np.where(np.isfinite(values), np.take_along_axis(top, sort, axis=1), -1))
        best.append(np.where(np.isfinite(values), values, -1))
    return np.concatenate(order).astype(np.int64), np.concatenate(best).astype(np.float32)


def precision_at_k(
    order: NDArray[np.int64],
    labels: Sequence[str],
    groups: Sequence[str],
    queries: NDArray[np.int64] | None = None,
    kinds: Sequence[str] | None = None,
) -> tuple[float, float]:
    """Share of neighbours with the query's label, and the same for random cases of other groups.

    Both are among cases of the query's own kind.

    Args:
        order: rows from `nearest_elsewhere`.
        labels: label of every case.
        groups: group of every case.
        queries: which rows were looked up; None means all.
        kinds: kind of every case; None means one for all.
    """
    kinds = kinds or [""] * len(groups)
    names = np.asarray(labels, dtype=str)
    rows = np.arange(len(names)) if queries is None else queries
    real = order >= 0
    hits = (names[np.maximum(order, 0)] == names[rows][:, None]) & real
    per_kind, per_label = Counter(kinds), Counter(zip(kinds, labels, strict=True))
    per_group = Counter(zip(kinds, groups, strict=True))
    per_both = Counter(zip(kinds, labels, groups, strict=True))
    chances = []
    for row in rows:
        kind, label, group = kinds[row], labels[row], groups[row]
        others = per_kind[kind] - per_group[kind, group]
        same = per_label[kind, label] - per_both[kind, label, group]
        chances.append(same / others if others else 0.0)
    return float(hits.sum() / max(1, real.sum())), float(np.mean(chances))


@dataclass(frozen=True)
class Around:
    """What lies around the cases of a collection, whatever they are called.

    Attributes:
        size: how many cases it was measured on.
        queries: ``(Q,)`` the rows that were looked up.
        order: ``(Q, k)`` from `nearest_elsewhere`.
        similarity: ``(Q, k)`` likewise.
    """

    size: int
    queries: NDArray[np.int64]
    order: NDArray[np.int64]
    similarity: NDArray[np.float32]

    def serves(self, size: int) -> bool:
        """Whether it still says what would be measured on `size` cases of which the first are the same."""
        grown = _MOST_QUERIES < self.size < size <= _GROWTH * self.size
        return size == self.size or grown


def look_around(
    vectors: NDArray[np.float32], groups: Sequence[str], kinds: Sequence[str] | None = None
) -> Around:
    """Look up the cases of a collection, or a sample of them, among the others; see `measure_quality`."""
    queries = np.arange(len(vectors))
    if len(vectors) > _MOST_QUERIES:
        # Always the same sample, so that the sentence does not change by itself.
        queries = np.sort(np.random.default_rng(0).permutation(len(vectors))[:_MOST_QUERIES])
    return Around(len(vectors), queries, *nearest_elsewhere(vectors, groups, NEAREST, queries, kinds))


def measure_quality(
    vectors: NDArray[np.float32],
    labels: Sequence[str],
    groups: Sequence[str],
    kinds: Sequence[str] | None = None,
    around: Callable[[], Around] | None = None,
) -> Quality | None:
    """Measure a collection on itself.

    Args:
        vectors: ``(N, D)`` float32 unit vectors.
        labels: label of each case.
        groups: group of each; cases of one group never count as each other's neighbours.
        kinds: kind (modality) of each; cases of different kinds never count as each other's neighbours.
            None means one for all.
        around: gives what lies around the cases, perhaps of a few less; None looks now.

    Returns:
        None when it cannot be measured: fewer than 20 groups, or not at least two labels of one kind that
        each occur in two groups or more (a label seen in one group can never be found elsewhere).
    """
    kinds = kinds or [""] * len(groups)
    if len(set(groups)) < _LEAST_GROUPS or not _labels_compete(labels, groups, kinds):
        return None
    found = around() if around else look_around(vectors, groups, kinds)
    first = slice(found.size)
    precision, chance = precision_at_k(found.order, labels[first], groups[first], found.queries, kinds[first])
    near = float(np.percentile(found.similarity[:, -1], _NEAR_PERCENTILE))
    return Quality(precision, chance, near, len(found.queries))


def _labels_compete(labels: Sequence[str], groups: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether two labels of one kind each occur in two groups or more."""
    groups_of: dict[tuple[str, str], set[str]] = {}
    for kind, label, group in zip(kinds, labels, groups, strict=True):
        groups_of.setdefault((kind, label), set()).add(group)
    repeated = Counter(kind for (kind, _), found in groups_of.items() if len(found) >= 2)
    return any(count >= 2 for count in repeated.values())
