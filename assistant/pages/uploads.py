"""How much of what visitors send is in memory: Streamlit keeps a file until it goes or its tab ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from streamlit.runtime import Runtime

from tools.language.sayings import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

Held = Mapping[str, Mapping[str, Any]]
# Followed by the tab's id and the file's.
_PLACE = "/_stcore/upload_file/"
# Ours: so many tabs may hold as much as one may before there is no room for others.
_TABS = 4


def held_by_streamlit() -> Held:
    """The files that are in memory, by tab and file."""
    found: Held = Runtime.instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
    return found


class Uploads:
    """ASGI middleware: a file for which there is no room is refused before it is received.

    Args:
        app: what takes the others.
        most_mb: the most that all tabs hold together, MiB; one may hold a quarter of it.
        held: what is in memory.
    """

    def __init__(self, app: ASGIApp, most_mb: int, held: Callable[[], Held] = held_by_streamlit) -> None:
        self._app, self._most, self._held = app, most_mb * 2**20, held
        self._coming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(_PLACE):
            await self._app(scope, receive, send)
            return
        tab = scope["path"].removeprefix(_PLACE).partition("/")[0]
        length = Headers(scope=scope).get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            await PlainTextResponse(say("limits.no_size"), status_code=411)(scope, receive, send)
        elif not self._has_room(tab, int(length)):
            await PlainTextResponse(say("limits.memory"), status_code=413)(scope, receive, send)
        else:
            await self._take(tab, int(length), scope, receive, send)

    def _has_room(self, tab: str, size: int) -> bool:
        held = self._coming.copy()
        for one, files in list(self._held().items()):
            held[one] += sum(len(file.data) for file in list(files.values()))
        return held[tab] + size <= self._most // _TABS and held.total() + size <= self._most

    async def _take(self, tab: str, size: int, scope: Scope, receive: Receive, send: Send) -> None:
        self._coming[tab] += size
        try:
            await self._app(scope, receive, send)
        finally:
            self._coming -= Counter({tab: size})
