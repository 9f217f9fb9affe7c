"""Ratings of readers on cases in two or more ways of reading, with the truth; whole, or refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from store.errors import CaseError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.intervals import Floats

COLUMNS = ("reader", "case", "modality", "truth", "rating")
"""Of a table of ratings."""
_TRUTHS = {"1": True, "0": False, "yes": True, "no": False, "true": True, "false": False}
# Ours: what a table may hold; the largest studies published have less.
_MOST_ROWS = 1_000_000


@dataclass(frozen=True)
class Rating:
    """How sure a reader was in one way of reading that a case has it, on any scale, and whether it has."""

    reader: str
    case: str
    way: str
    truth: bool
    score: float


@dataclass(frozen=True, eq=False)
class Ratings:
    """Complete ratings.

    Attributes:
        ways: at least one.
        readers: at least one.
        truth: ``(N,)`` bool, at least two of each.
        scores: ``(W, R, N)``; larger is surer.
    """

    ways: tuple[str, ...]
    readers: tuple[str, ...]
    truth: NDArray[np.bool_]
    scores: Floats


def read_ratings(text: str) -> list[Rating]:
    """The rows of a CSV table with the columns `COLUMNS`; rows without a rating are left out.

    Raises:
        CaseError: a column is missing, or a truth or a rating is none; the text says in which row.
    """
    table = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    names = {name.strip().lower(): name for name in table.fieldnames or ()}
    if missing := [name for name in COLUMNS if name not in names]:
        raise CaseError(f"The table lacks the column {missing[0]!r}. It takes {', '.join(COLUMNS)}.")
    rows = []
    for number, row in enumerate(table, 2):
        told = {name: (row[names[name]] or "").strip() for name in COLUMNS}
        if told["rating"]:
            rows.append(_rating(told, number))
        if len(rows) > _MOST_ROWS:
            raise CaseError(f"The table has more than {_MOST_ROWS:,} rows. Give a smaller one.")
    return rows


def _rating(told: dict[str, str], number: int) -> Rating:
    truth = _TRUTHS.get(told["truth"].lower())
    if truth is None or not all(told[name] for name in ("reader", "case", "modality")):
        raise CaseError(f"Row {number}: it takes a reader, a case, a modality, and a truth of 1 or 0.")
    try:
        score = float(told["rating"])
    except ValueError:
        score = np.nan
    if not np.isfinite(score):
        raise CaseError(f"Row {number}: {told['rating'][:40]!r} is no rating. It takes a number.")
    return Rating(told["reader"], told["case"], told["modality"], truth, score)


def whole(rows: Iterable[Rating], fewest_ways: int = 2) -> tuple[Ratings, int]:
    """The ratings on the cases that every reader rated in every way, and how many cases were left out.

    Args:
        rows: in any order.
        fewest_ways: that are asked for.

    Raises:
        CaseError: two ratings are of one reader, case and way; a case has two truths; there are too
            few ways, or fewer than two cases of either truth are left.
    """
    rated: dict[tuple[str, str, str], float] = {}
    truth: dict[str, bool] = {}
    for one in rows:
        if (one.way, one.reader, one.case) in rated:
            raise CaseError(f"Reader {one.reader!r} rated case {one.case!r} twice in {one.way!r}. Keep one.")
        if truth.setdefault(one.case, one.truth) != one.truth:
            raise CaseError(f"Case {one.case!r} has two truths. Give it one.")
        rated[one.way, one.reader, one.case] = one.score
    ways, readers = (tuple(dict.fromkeys(key[at] for key in rated)) for at in (0, 1))
    kept = [c for c in truth if all((way, reader, c) in rated for way in ways for reader in readers)]
    if len(ways) < fewest_ways:
        raise CaseError("To compare takes two modalities or more, such as without and with the assistant.")
    _refuse_too_few([truth[case] for case in kept])
    scores = [[[rated[way, reader, case] for case in kept] for reader in readers] for way in ways]
    held = Ratings(ways, readers, np.array([truth[case] for case in kept]), np.array(scores, float))
    return held, len(truth) - len(kept)


def _refuse_too_few(truths: Sequence[bool]) -> None:
    ill = sum(truths)
    if min(ill, len(truths) - ill) < 2:
        raise CaseError(
            f"Of the cases that every reader rated in every modality, {ill} are of truth 1 and "
            f"{len(truths) - ill} of truth 0. It takes two of each at least."
        )
