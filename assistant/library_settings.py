"""What can be set about the case library: where Chroma keeps its vectors."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from store.cases.server import ServerPlace
from store.errors import SetupError
from tools.models.hub.addresses import elsewhere


class LibrarySettings(BaseModel):
    """The part of the settings that is about the case library."""

    library_url: str | None = Field(
        default=None,
        description="http(s)://HOST:PORT of a Chroma server that holds the case library's search index; "
        "default: the home folder; after a change: casebook library rebuild",
    )
    library_remote: bool = Field(
        default=False,
        description="true allows that server elsewhere: vectors of pictures leave this machine, no words",
    )
    library_token: str | None = Field(
        default=None, repr=False, description="bearer token for that server, if something there asks for one"
    )
    library_certificate: Path | None = Field(
        default=None, description="PEM file of the authority that signed that server's certificate"
    )
    library_tenant: str = Field(default="default_tenant", description="tenant on that server")
    library_database: str = Field(default="default_database", description="database of that tenant")

    @property
    def library_place(self) -> ServerPlace | None:
        """Where Chroma keeps the library's vectors; None for the library folder.

        Raises:
            SetupError: `library_url` is no such URL, or leads elsewhere without `library_remote`.
        """
        if self.library_url is None:
            return None
        _refuse_other_url(self.library_url)
        if not self.library_remote and (host := elsewhere(self.library_url)):
            raise SetupError(
                f"library_url leads to {host}: vectors of your library's pictures, and of pictures that are "
                "looked up, would leave this machine. Set library_remote to true to allow that."
            )
        return ServerPlace(
            self.library_url,
            self.library_token,
            self.library_certificate.expanduser() if self.library_certificate else None,
            self.library_tenant,
            self.library_database,
        )


def _refuse_other_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        right = right and not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        right = False
    if not right or parts.path not in ("", "/"):
        raise SetupError(
            "CASEBOOK_LIBRARY_URL (or library_url in settings.toml) takes http:// or https:// with a host "
            "and a port, like http://localhost:8000, and nothing else; a token goes into library_token."
        )
