"""`CaseIndex`: the ledger of one library and its graphs in Chroma, for several threads and processes.

Who writes holds one file lock. The ledger is written first and the graph follows it, so a process, or a
server, that dies in between loses nothing: whoever writes next puts in what the graph lacks, or makes a torn
one again.

Who reads holds no lock. What a collection holds is read from the ledger (`Held`), and the graph is only asked
where it saves time: what it does not cover yet is compared number by number. Chroma keeps its graph in the
memory of each process and does not see what another process wrote until it is opened again (found with
chromadb 1.5.9: of 50 vectors written by another process, a reader that stayed open found none), so it is
opened again, while nobody writes, when too much is missing from it.

This file knows nothing of cases or pictures.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from store.cases.graph import GraphClosedError, OpenGraph
from store.cases.graphs import Graphs
from store.cases.held import Held, HeldCollections
from store.cases.ledger import CaseLedger, Standing
from store.cases.places import FolderPlace, Place
from store.cases.session import Session, WritingSession
from store.errors import CaseError, SetupError
from store.whole_file import writable

# Ours: a batch of an import holds the lock for a second or two.
_LOCK_TIMEOUT_S = 60.0
# Ours: a search does not wait longer for a graph to be opened; it compares number by number.
_A_MOMENT_S = 0.2
# Ours, from tests/bench/library.py: comparing a query with so many numbers takes about 6 ms of CPU, and
# asking the graph of 1,500 vectors of 6,144 numbers 9 ms.
FEW_NUMBERS = 2**24

_LEDGER_GONE = (
    "The case library's table of cases is gone, and its index cannot be made again without it. The index was "
    "kept. Put a copy of the library folder back, or move the folder away and import the cases again."
)


class CaseIndex:
    """Ledger and graphs of one library folder.

    Use `open_index`: there is one per folder and process.
    """

    def __init__(self, root: Path, place: Place | None = None) -> None:
        self._root = root
        folder = FolderPlace(root / "index")
        self._place = place or folder
        self._ledger = CaseLedger(root / "cases.sqlite3")
        self._held = HeldCollections(self._ledger)
        self._thread_lock = threading.RLock()
        self._graphs = Graphs(self._ledger, self._place, folder)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look at the newest state; nobody waits for anybody.

        Raises:
            SetupError: something cannot be opened.
        """
        with self._told():
            self._refuse_without_ledger()
            yield Session(self._ledger, self._held, self._standings())

    @contextmanager
    def writing(self) -> Iterator[WritingSession]:
        """Change something. What the graphs lack afterwards is put in; if that fails, the next time.

        Raises:
            CaseError: another process kept the library busy for a minute.
            SetupError: something cannot be opened or written.
        """
        with self._told(), self._locked():
            self._refuse_without_ledger()
            standings = self._standings()
            self._place.check()
            yield WritingSession(self._ledger, self._held, standings)
            self._graphs.follow()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody writes meanwhile, and the ledger is as this Casebook writes it."""
        with self._told(), self._locked():
            self._ledger.standings()
            yield

    def near(self, held: Held, vector: NDArray[np.float32], count: int) -> tuple[list[str], int] | None:
        """What the graph of a collection says of a unit vector ``(D,)``.

        Returns:
            The ids of about the `count` nearest, nearest first, and how many of the first rows of the
            collection were looked at; None where the graph cannot be asked now.
        """
        from chromadb.errors import ChromaError

        graph = self._graph(held.standing)
        if graph is None:
            return None
        covers = held.standing.indexed if self._place.shared else graph.covers
        if not covers:
            return None
        try:
            return graph.query(vector, min(count, covers)), min(covers, held.standing.size)
        except GraphClosedError:
            return None
        except ChromaError:
            now = self._ledger.standings().get(held.name)
            if now is not None and now.graph == graph.name:
                raise
            return None  # replaced meanwhile

    def differing(self) -> dict[str, tuple[set[str], set[str]]]:
        """The ids only in the ledger and those only in the graph, of collections where they differ."""
        found = {}
        with self._told(), self._locked():
            self._refuse_without_ledger()
            for standing in self._standings().values():
                kept = set(self._ledger.last_ids(standing.name, standing.size))
                there = self._graphs.opened(standing).ids() if standing.graph else set()
                if there != kept:
                    found[standing.name] = (kept - there, there - kept)
        return found

    def rebuild(self) -> tuple[dict[str, int], list[str]]:
        """Make every graph again in the place that is set, from the ledger, and compare it with it.

        Returns:
            How many vectors each collection has there, found equal; and the graphs that were left on a
            server that is no longer set.

        Raises:
            SetupError: the ledger is damaged, or what was put in is not what comes out; what there was stays.
        """
        with self._told(), self._locked():
            self._refuse_without_ledger()
            self._ledger.check()
            self._place.check()
            standings = self._ledger.standings().values()
            for standing in standings:
                self._graphs.make_anew(standing, verify=True)
            self._graphs.tidy()
            left = [f"{graph} at {place}" for place, graph in self._ledger.leftovers()]
        return {standing.name: standing.size for standing in standings}, left

    def _graph(self, standing: Standing) -> OpenGraph | None:
        """The graph to ask, opened if it takes no more than a moment; None where it cannot be asked."""
        found = self._graphs.held(standing.name)
        if found is not None and found.name == standing.graph:
            lacks = standing.indexed - found.covers
            if self._place.shared or lacks * standing.dimension <= FEW_NUMBERS:
                return found
        if not standing.graph:
            return None
        try:
            with self._locked(_A_MOMENT_S):
                now = self._ledger.standings().get(standing.name)
                ready = now is not None and now.graph and (self._place.shared or not now.busy)
                return self._graphs.opened(now) if now is not None and ready else None
        except CaseError:  # somebody writes
            return None

    def _standings(self) -> dict[str, Standing]:
        """How the collections stand; refused where their graphs lie in another place than the one set."""
        found = self._ledger.standings()
        for standing in found.values():
            if standing.graph and standing.place != self._place.name:
                raise SetupError(
                    f"The search index of the case library lies {_at(standing.place)}, and library_url says "
                    f"it is {_at(self._place.name)}. Move it there with: casebook library rebuild."
                )
        return found

    @contextmanager
    def _locked(self, timeout_s: float | None = None) -> Iterator[None]:
        from filelock import FileLock, Timeout

        timeout_s = _LOCK_TIMEOUT_S if timeout_s is None else timeout_s
        busy = CaseError("The case library is busy in another Casebook process. Try again.")
        if not self._thread_lock.acquire(timeout=timeout_s):
            raise busy
        try:
            with writable():
                self._root.mkdir(parents=True, exist_ok=True)
                with FileLock(self._root / "lock", timeout=timeout_s, poll_interval=0.01):
                    yield
        except Timeout as error:
            raise busy from error
        finally:
            self._thread_lock.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with self._place.answering():
                yield
        except sqlite3.Error as error:
            raise SetupError(
                "The case library's database cannot be used: the disk may be full, or the database damaged "
                "or made by a newer version. Free some space; if that does not help, put a copy of the "
                "library folder back, or move the folder away and import the cases again."
            ) from error

    def _refuse_without_ledger(self) -> None:
        """Raise if the ledger is gone and there still is what was made of it."""
        made = (self._root / "vectors", self._root / "index")
        if not self._ledger.there and any(folder.is_dir() and any(folder.iterdir()) for folder in made):
            raise SetupError(_LEDGER_GONE)


def _at(place: str) -> str:
    return f"on the server {place}" if place else "in the library folder"


@cache
def _index(root: Path, place: Hashable, process: int) -> CaseIndex:  # noqa: ARG001 - no forked child shares it
    return CaseIndex(root, cast(Place | None, place))


def open_index(root: Path, place: Place | None = None) -> CaseIndex:
    """The index of a library folder; the same object for the same folder in one process.

    Chroma shares one database object per folder and process and closes it only when its last user
    does, so a second `CaseIndex` on the folder could never open it anew.

    Args:
        root: the library folder.
        place: where its graphs lie; None for the folder itself.
    """
    return _index(root.resolve(), cast(Hashable, place), os.getpid())
