"""The graphs of a library on a Chroma server: its URL, who may use it, and what is said when it fails."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from store.cases.graph import OpenGraph, made_collection
from store.errors import SetupError

if TYPE_CHECKING:
    import httpx
    from chromadb.api import ClientAPI

# Ours: a page of vectors is read or written in well under a second.
_TIMEOUT_S = 60.0
_PORTS = {"http": 8000, "https": 443}
_REFUSED, _BROKEN = (401, 403), (502, 503, 504)


@dataclass(frozen=True)
class ServerPlace:
    """A server started with ``chroma run``, or a service that speaks like one.

    Attributes:
        url: ``http://`` or ``https://``, with the port if it is not 8000 or 443.
        token: sent as ``Authorization: Bearer`` with every request; None for none.
        certificate: file of the authority that signed the server's certificate; None for those of the system.
        tenant: on the server; it is there.
        database: of the tenant; it is there.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    certificate: Path | None = None
    tenant: str = "default_tenant"
    database: str = "default_database"
    shared: bool = True

    @property
    def name(self) -> str:
        """The URL without what must not be told, the tenant, and the database."""
        return f"{self._address} {self.tenant}/{self.database}"

    def check(self) -> None:
        """Ask the server for the database.

        Raises:
            SetupError: it does not answer, does not let us in, or has no such database.
        """
        with self.answering():
            self._client.heartbeat()

    def open(self, graph: str) -> OpenGraph:
        """Open a graph, made if it is not there; the connection is shared by all."""
        return OpenGraph(made_collection(self._client, graph), _nothing)

    def finish(self, graph: str) -> None:
        """The server's files are its own."""

    def remove(self, graph: str) -> None:
        """Delete the collection of a graph."""
        from chromadb.errors import NotFoundError

        with suppress(NotFoundError):
            self._client.delete_collection(graph)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """What goes wrong between here and the server is said in a sentence.

        Raises:
            SetupError: the server does not answer, or answers that it cannot.
        """
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SetupError(
                f"The Chroma server of the case library, {self._address}, does not answer. What was imported "
                "is kept in the library folder. Start the server again, or set library_url to where it is."
            ) from error
        except ChromaError as error:
            raise SetupError(
                f"The Chroma server of the case library, {self._address}, could not do it. Look at its log; "
                "casebook library rebuild makes the search index there again."
            ) from error

    @cached_property
    def _client(self) -> ClientAPI:
        import chromadb
        import httpx
        from chromadb.config import Settings

        self._look()
        parts = urlsplit(self.url)
        verify = str(self.certificate) if self.certificate else None
        client = chromadb.HttpClient(
            host=self._host,
            port=self._port,
            ssl=parts.scheme == "https",
            headers=self._headers,
            tenant=self.tenant,
            database=self.database,
            settings=Settings(anonymized_telemetry=False, chroma_server_ssl_verify=verify),
        )
        # Chroma 1.5.9 waits for ever, and says what is no error of its own in a bare `Exception`.
        session: httpx.Client = cast(Any, client)._server._session
        session.timeout = httpx.Timeout(_TIMEOUT_S)
        session.event_hooks = {"response": [self._refuse]}
        return client

    def _look(self) -> None:
        """Ask for the database, whatever answers."""
        import httpx

        told = httpx.get(
            f"{self._address}/api/v2/tenants/{self.tenant}/databases/{self.database}",
            headers=self._headers,
            verify=self._verified(),
            timeout=_TIMEOUT_S,
        )
        self._refuse(told)
        if told.status_code != httpx.codes.OK:
            raise SetupError(
                f"The server at {self._address} has no database {self.database!r} of a tenant "
                f"{self.tenant!r}, or is no Chroma server. Make it there, or set library_tenant and "
                "library_database."
            )

    def _verified(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.certificate)
        except OSError as error:
            raise SetupError(
                "The file that library_certificate names is not there or is no PEM file of certificates."
            ) from error

    def _refuse(self, told: httpx.Response) -> None:
        if told.status_code in _REFUSED:
            raise SetupError(
                f"The Chroma server at {self._address} does not let Casebook in. Set library_token to what "
                "it asks for."
            )
        if told.status_code in _BROKEN:
            raise SetupError(
                f"The Chroma server at {self._address} answers with HTTP status {told.status_code}. Look at "
                "its log; what was imported is kept in the library folder."
            )

    @property
    def _port(self) -> int:
        parts = urlsplit(self.url)
        return parts.port or _PORTS[parts.scheme]

    @property
    def _host(self) -> str:
        host = urlsplit(self.url).hostname or ""
        return f"[{host}]" if ":" in host else host

    @property
    def _address(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{self._host}:{self._port}"

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def _nothing() -> None:
    """The connection to a server stays."""
