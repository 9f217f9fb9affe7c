"""Where the graphs of a library lie: in its folder, or on a Chroma server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from store.cases.graph import OpenGraph, made_collection
from store.cases.unused import blank_unused
from store.errors import SetupError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI


class Place(Protocol):
    """A place for graphs."""

    @property
    def name(self) -> str:
        """How the ledger calls it; "" for the library folder."""

    @property
    def shared(self) -> bool:
        """Whether what another process writes is seen at once, and outlives its writer whole."""

    def check(self) -> None:
        """See that it can be used.

        Raises:
            SetupError: it cannot.
        """

    def open(self, graph: str) -> OpenGraph:
        """Open a graph, made if it is not there."""

    def finish(self, graph: str) -> None:
        """Called once for a graph that was made anew and is closed."""

    def remove(self, graph: str) -> None:
        """Remove a graph that nobody has open; nothing where there is none."""

    def answering(self) -> AbstractContextManager[None]:
        """What Chroma says inside is said in a sentence."""


@dataclass(frozen=True)
class FolderPlace:
    """The library folder: a Chroma database for each graph, so that one goes without the others.

    Chroma keeps what was deleted in its queue and in the room of the graph, so whatever is taken out takes
    its whole database with it.

    Attributes:
        folder: where they lie.
    """

    folder: Path
    name: str = ""
    shared: bool = False

    def check(self) -> None:
        """A folder that cannot be used says so when it is written."""

    def open(self, graph: str) -> OpenGraph:
        """Open a graph, made if it is not there."""
        client = _connect(self.folder / graph)
        return OpenGraph(made_collection(client, graph), client.close)

    def finish(self, graph: str) -> None:
        """Blank what a new graph holds of this process's memory."""
        blank_unused(self.folder / graph)

    def tidy(self, keep: set[str]) -> None:
        """Remove everything but the databases of these graphs."""
        for path in self.folder.glob("*"):
            if path.name not in keep:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def remove(self, graph: str) -> None:
        """Remove the database of a graph."""
        shutil.rmtree(self.folder / graph, ignore_errors=True)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """What Chroma says inside is said in a sentence.

        Raises:
            SetupError: the database cannot be used.
        """
        from chromadb.errors import ChromaError

        try:
            yield
        except ChromaError as error:
            raise SetupError(
                "The case library's search index cannot be used: the disk may be full, or the index damaged. "
                "Free some space; if that does not help, make it again: casebook library rebuild."
            ) from error


def _connect(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except ChromaError:
        # Chroma 1.5.9 keeps a database that failed to open, and then fails on it whatever lies there.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise
