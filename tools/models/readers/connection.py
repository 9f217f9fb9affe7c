"""Requests to a server that runs a reader, and in our words why one failed; none of its own words go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from store.errors import SetupError
from tools.models.hub.addresses import is_here

if TYPE_CHECKING:
    import ssl

    import httpx

CONNECT_S = 10.0
_LEAST_S = 0.1
_LONGEST_LINE = 2**20
"""Characters in one line of an answer. Ours: a line brings one token or a few, some hundred characters."""
_REFUSALS = {
    401: "asks for a key, or does not accept the one it was given. Set CASEBOOK_SERVER_KEY",
    403: "does not let this key in. Set CASEBOOK_SERVER_KEY",
    404: "knows no chat completions there, or no such model. Check the URL (it usually ends in /v1) and "
    "the name of the model",
    **dict.fromkeys(
        (301, 302, 303, 307, 308),
        "sends to another address, where Casebook does not follow. Set the URL to the address itself",
    ),
    413: "takes no picture of this size",
    429: "is too busy. Ask again later",
}


@dataclass(frozen=True)
class Connection:
    """A server of one reader.

    Attributes:
        reader: its name, for errors.
        url: of the API, without a slash at its end.
        key: sent as a bearer token; None sends none.
    """

    reader: str
    url: str
    key: str | None

    def ask(
        self,
        method: str,
        path: str,
        take: Callable[[httpx.Response], None],
        *,
        body: dict[str, Any] | None = None,
        timeout_s: float,
    ) -> None:
        """One request; `take` is given the answer while it is open.

        Raises:
            SetupError: the server cannot be reached, refuses, breaks off, or is silent for `timeout_s`.
        """
        import httpx

        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            with (
                open_client(self.url, max(timeout_s, _LEAST_S)) as client,
                client.stream(method, f"{self.url}{path}", headers=headers, json=body) as response,
            ):
                if response.status_code != 200:
                    raise self._refused(response.status_code)
                take(response)
        except httpx.TimeoutException as error:
            raise SetupError(
                f"The server of {self.reader} did not answer in time. Check that it runs."
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SetupError(
                f"The server of {self.reader} cannot be reached or broke off. Check that it runs and that "
                "its URL is right."
            ) from error

    def _refused(self, status: int) -> SetupError:
        why = _REFUSALS.get(status, "failed" if status >= 500 else "does not take such a question")
        return SetupError(f"The server of {self.reader} {why} (HTTP status {status}).")

    def strange(self) -> SetupError:
        """What to say of an answer that cannot be understood."""
        return SetupError(
            f"The server of {self.reader} does not speak the OpenAI chat-completions protocol. Check its URL."
        )


def open_client(url: str, silence_s: float) -> httpx.Client:
    """A client for the server at `url` and for no other machine.

    No proxy that is set for this machine's programs is between it and a server on this machine, and it does
    not go where a server sends it on to.

    Args:
        url: of the server.
        silence_s: longest silence.
    """
    import httpx

    timeout, elsewhere = httpx.Timeout(silence_s, connect=CONNECT_S), not is_here(url)
    return httpx.Client(
        timeout=timeout, follow_redirects=False, trust_env=elsewhere, verify=_certificates(elsewhere)
    )


@cache
def _certificates(from_outside: bool) -> ssl.SSLContext:
    """What certificates are held against: read once, as that takes longer than asking a server here.

    Args:
        from_outside: whether the environment may name others.
    """
    import httpx

    return httpx.create_ssl_context(trust_env=from_outside)


def lines(response: httpx.Response) -> Iterator[str]:
    """What follows ``data:``. Source: HTML Standard, server-sent events.

    Raises:
        httpx.DecodingError: a line does not end.
    """
    import httpx

    rest = ""
    for piece in response.iter_text():
        *whole, rest = f"{rest}{piece}".split("\n")
        if len(rest) > _LONGEST_LINE:
            raise httpx.DecodingError("a line does not end")
        for line in whole:
            if line.startswith("data:"):
                yield line.removeprefix("data:").strip()
    if rest.startswith("data:"):
        yield rest.removeprefix("data:").strip()
