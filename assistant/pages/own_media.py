"""Pictures that the page shows go to the browser for which they were drawn, and to nobody else.

Streamlit gives whatever lies under a media address to everybody, until it is cleared away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Mapping
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import Response
from streamlit.runtime import Runtime
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.scriptrunner import get_script_run_ctx

from assistant.pages.owner import name_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

Held = Mapping[str, Mapping[str, str]]
# Followed by the file's id and the ending of its kind.
_PLACE = "/media/"
# Ours: a page that is drawn anew lists its pictures again within moments.
_PATIENCE_S, _LOOKS = 2.0, 40
# The browser of each tab; None where it keeps no cookie, and so shows no name when it asks for a picture.
_BROWSERS: dict[str, str | None] = {}


def held_by_streamlit() -> Held:
    """The ids of the files that each tab shows, by tab and place in it."""
    found: Held = Runtime.instance().media_file_mgr._files_by_session_and_coord
    return found


def made_to_be_taken() -> frozenset[str]:
    """The ids of files that were made when somebody pressed a button to download them: no tab lists these."""
    known = Runtime.instance().media_file_mgr._file_metadata
    return frozenset(one for one, about in list(known.items()) if about.kind is MediaFileKind.DOWNLOADABLE)


def kept_by_streamlit() -> frozenset[str]:
    """The ids of all files that are still there, shown by a tab or not."""
    return frozenset(list(Runtime.instance().media_file_mgr._file_metadata))


def drawn_for(browser: str | None) -> None:
    """Note which browser the tab is in that is being drawn; tabs that are gone are forgotten."""
    if (here := get_script_run_ctx()) is None or not Runtime.exists():
        return
    for tab in [one for one in list(_BROWSERS) if not Runtime.instance().is_active_session(one)]:
        _BROWSERS.pop(tab, None)
    _BROWSERS[here.session_id] = browser


class OwnMedia:
    """ASGI middleware: a picture is given to the browser of a tab that shows it.

    Args:
        app: what takes the others.
        held: which tab shows which files.
        browsers: the browser of each tab.
        taken: files that were made to be downloaded; their address goes to the browser of any open tab.
        kept: all files that are still there.
    """

    def __init__(
        self,
        app: ASGIApp,
        held: Callable[[], Held] = held_by_streamlit,
        browsers: Mapping[str, str | None] = _BROWSERS,
        taken: Callable[[], Container[str]] = made_to_be_taken,
        kept: Callable[[], Container[str]] = kept_by_streamlit,
    ) -> None:
        self._app, self._held, self._browsers, self._taken, self._kept = app, held, browsers, taken, kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say that there is nothing."""
        is_media = scope["type"] == "http" and scope["path"].startswith(_PLACE)
        if is_media and not await self._is_own(scope):
            await Response(status_code=404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _is_own(self, scope: Scope) -> bool:
        file = scope["path"].removeprefix(_PLACE).partition(".")[0]
        asks = name_of(Headers(scope=scope))
        shown_in = self._tabs(file)
        if not shown_in and file in self._taken():
            return asks in list(self._browsers.values())
        for _ in range(_LOOKS):
            if shown_in or file not in self._kept():
                break
            # No tab lists it, and it is there: the page that shows it is just being drawn anew.
            await asyncio.sleep(_PATIENCE_S / _LOOKS)
            shown_in = self._tabs(file)
        return any(self._browsers[tab] == asks for tab in shown_in if tab in self._browsers)

    def _tabs(self, file: str) -> list[str]:
        """The tabs that show a file."""
        return [tab for tab, files in list(self._held().items()) if file in list(files.values())]
