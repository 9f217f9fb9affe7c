"""`Held`: one collection as it stood at one moment, its cases in memory and its vectors mapped.

Every search, list and figure is made of these; none of them waits for another, or for a writer. What another
process or thread wrote is read when it is next asked for, and only that.
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from store.cases.case import Case, CaseFilter, read_case
from store.cases.ledger import CaseLedger, Standing

# Ours: a file of vectors that is gone at once twice was replaced twice; the third time something is broken.
_TRIES = 3


@dataclass(frozen=True)
class Held:
    """One collection at one moment.

    Attributes:
        standing: how it stands in the ledger.
        cases: in the order they were put in.
        row: the place of each case among them by its id.
        vectors: ``(N, D)`` float32 unit vectors, mapped.
        columns: what filters compare.
    """

    standing: Standing
    cases: list[Case]
    row: dict[str, int]
    vectors: NDArray[np.float32]
    columns: Columns

    @property
    def name(self) -> str:
        """The name of the collection."""
        return self.standing.name

    def find(self, identity: str) -> Case | None:
        """The case of that id, or None."""
        row = self.row.get(identity)
        return None if row is None else self.cases[row]

    def matching(self, where: CaseFilter | None) -> NDArray[np.bool_]:
        """Which cases fit a filter, ``(N,)``."""
        fits = np.ones(len(self.cases), bool)
        for field, wanted in (where.wanted() if where else {}).items():
            codes, values = self.columns.coded[field]
            fits &= np.isin(codes, [values[value] for value in wanted if value in values])
        if where and where.sought:
            said = zip(self.cases, self.columns.said, strict=True)
            fits &= np.array([where.sought.fits(case.label, text) for case, text in said], bool)
        return fits

    def outside(self, group_keys: set[str]) -> NDArray[np.bool_]:
        """Which cases are of none of these groups, ``(N,)``."""
        codes, values = self.columns.coded["group_key"]
        return ~np.isin(codes, [values[key] for key in group_keys if key in values])

    def with_key(self, key: str) -> bool:
        """Whether a case shows the picture kept under that key."""
        return key in self.columns.coded["key"][1]


@dataclass(frozen=True)
class Columns:
    """What filters compare, made when it is first needed.

    Attributes:
        cases: of one collection, which stay as they are.
    """

    cases: list[Case]

    @cached_property
    def coded(self) -> dict[str, tuple[NDArray[np.int32], dict[str, int]]]:
        """By name of the field: a code for each case, and the code of each value."""
        read = {
            **{name: [value(case) for case in self.cases] for name, value in CaseFilter.COMPARED.items()},
            "group_key": [case.group_key for case in self.cases],
            "key": [case.key for case in self.cases],
        }
        return {name: _coded(column) for name, column in read.items()}

    @cached_property
    def said(self) -> list[str]:
        """What is said of each case, in small letters."""
        return [case.said for case in self.cases]


class HeldCollections:
    """What one process holds of a library, brought up to date when it is asked for.

    Args:
        ledger: of the library.
    """

    def __init__(self, ledger: CaseLedger) -> None:
        self._ledger = ledger
        self._held: dict[str, Held] = {}
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def get(self, standing: Standing) -> Held | None:
        """A collection as it stands now or a moment later; None if it was dropped meanwhile."""
        held = self._held.get(standing.name)
        if held is None or held.standing.token != standing.token:
            with self._lock:
                lock = self._locks.setdefault(standing.name, threading.Lock())
            with lock:
                return self._renewed(standing.name, standing.token)
        if held.standing != standing:  # only its graph is another
            held = self._held[standing.name] = replace(held, standing=standing)
        return held

    def of(self, standing: Standing) -> Held:
        """A collection that is there, because who asks holds the lock.

        Raises:
            KeyError: it is not.
        """
        self.get(standing)
        return self._held[standing.name]

    def _renewed(self, name: str, token: str) -> Held | None:
        held = self._held.get(name)
        if held is not None and held.standing.token == token:  # another thread did it
            return held
        for left in reversed(range(_TRIES)):
            try:
                held = self._read(name, self._held.get(name))
                break
            except (OSError, ValueError) as error:
                if not left:
                    raise sqlite3.DatabaseError("the file of vectors is gone or cut short") from error
        if held is None:
            self._held.pop(name, None)
        else:
            self._held[name] = held
        return held

    def _read(self, name: str, held: Held | None) -> Held | None:
        """Read what is new since `held`, or all of it."""
        standing, told = self._ledger.news(name, held.standing.revision if held else -1)
        if standing is None:
            return None
        if held is not None and held.standing.rows != standing.rows:
            return self._read(name, None)
        cases, row = (list(held.cases), dict(held.row)) if held else ([], {})
        for identity, metadata in told:
            case = read_case(identity, metadata)
            if identity in row:
                cases[row[identity]] = case
            else:
                row[identity] = len(cases)
                cases.append(case)
        vectors = self._ledger.rows.read(standing.rows, standing.size, standing.dimension)
        return Held(standing, cases, row, vectors, Columns(cases))


def _coded(column: list[str]) -> tuple[NDArray[np.int32], dict[str, int]]:
    values: dict[str, int] = {}
    return np.array([values.setdefault(one, len(values)) for one in column], np.int32), values
