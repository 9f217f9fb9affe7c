"""The graphs of one library: made from the ledger, brought up to it, opened, and removed when left over.

Whoever calls holds the library's lock.
"""

from __future__ import annotations

from store.cases.graph import OpenGraph
from store.cases.ledger import CaseLedger, Standing
from store.cases.places import FolderPlace, Place
from store.cases.rows import new_name
from store.errors import SetupError


class Graphs:
    """The graphs of one library, and those of them that this process has open.

    Args:
        ledger: of the library.
        place: where the graphs lie.
        folder: the library folder's own place, from which they may have been moved.
    """

    def __init__(self, ledger: CaseLedger, place: Place, folder: FolderPlace) -> None:
        self._ledger = ledger
        self._place = place
        self._folder = folder
        self._open: dict[str, OpenGraph] = {}

    def held(self, name: str) -> OpenGraph | None:
        """The graph of a collection if it is open; for this the lock is not needed."""
        return self._open.get(name)

    def close(self) -> None:
        """Close all; they are opened again when they are needed."""
        while self._open:
            self._open.popitem()[1].close()

    def follow(self) -> None:
        """Bring every graph up to the ledger."""
        for standing in self._ledger.standings().values():
            torn = standing.busy and not self._place.shared
            if not standing.graph or torn:
                self.make_anew(standing, verify=False)
            elif standing.busy or standing.indexed < standing.size:
                graph = self.opened(standing)
                self._ledger.mark_busy(standing.name)
                self._fill(graph, standing)
                self._ledger.keep_graph(standing.name, self._place.name, graph.name, standing.size)
        self.tidy()

    def make_anew(self, standing: Standing, *, verify: bool) -> None:
        """Make a graph beside the one there is, which goes only when the new one is whole."""
        if not standing.size:
            return
        name, place = new_name(standing.name), self._place.name
        self._ledger.begin_graph(place, name)
        graph = self._place.open(name)
        try:
            self._fill(graph, standing._replace(indexed=0))
            if verify and self._differs(graph, standing):
                raise SetupError(
                    f"The new search index of {standing.name} does not hold what was put into it; the "
                    "earlier one stays. The disk, or the server, may be at fault."
                )
        finally:
            graph.close()
        self._place.finish(name)
        self._ledger.keep_graph(standing.name, place, name, standing.size)

    def _fill(self, graph: OpenGraph, standing: Standing) -> None:
        ids = self._ledger.last_ids(standing.name, standing.size - standing.indexed)
        vectors = self._ledger.rows.read(standing.rows, standing.size, standing.dimension)
        graph.put(ids, vectors[standing.indexed :])
        graph.settle(standing.dimension)
        graph.covers = standing.size

    def _differs(self, graph: OpenGraph, standing: Standing) -> bool:
        vectors = self._ledger.rows.read(standing.rows, standing.size, standing.dimension)
        return graph.differs(self._ledger.last_ids(standing.name, standing.size), vectors)

    def tidy(self) -> None:
        """Remove the graphs that no collection has any more, where they can be reached."""
        standings = self._ledger.standings().values()
        kept = {standing.graph for standing in standings if not standing.place}
        for name, graph in list(self._open.items()):
            if graph.name not in {standing.graph for standing in standings}:
                self._open.pop(name).close()
        for place, left in self._ledger.leftovers():
            if place == self._place.name:
                self._place.remove(left)
            if place in ("", self._place.name):
                self._ledger.forget_leftover(place, left)
        self._folder.tidy(kept)
        self._ledger.tidy()

    def opened(self, standing: Standing) -> OpenGraph:
        """The graph of a collection with all that is in it; who calls holds the lock."""
        found = self._open.get(standing.name)
        if found is not None:
            whole = self._place.shared or found.covers >= standing.indexed
            if found.name == standing.graph and whole:
                return found
            self._open.pop(standing.name).close()
        graph = self._place.open(standing.graph)
        graph.settle(standing.dimension)
        graph.covers = standing.indexed
        self._open[standing.name] = graph
        return graph
