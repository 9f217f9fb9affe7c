"""The one address below the page that gives pixels to the viewer: to their owner, by an unguessable token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.pages.desk import installation_here
from assistant.pages.owner import name_of
from assistant.viewer.component import SLICES
from store.errors import CasebookError

if TYPE_CHECKING:
    from starlette.requests import Request


def slice_routes() -> list[Route]:
    """The routes of the viewer, for `streamlit.App`."""
    path = f"{SLICES}/{{token}}/{{index:int}}"
    return [Route(path, _values, methods=["GET"]), Route(f"{path}/shown", _shown, methods=["GET"])]


async def _values(request: Request) -> Response:
    return await run_in_threadpool(_answer, request, as_shown=False)


async def _shown(request: Request) -> Response:
    return await run_in_threadpool(_answer, request, as_shown=True)


def _answer(request: Request, *, as_shown: bool) -> Response:
    """The slice, or 404 whatever the reason: an answer must not tell what there is."""
    here, browser = installation_here(), name_of(request.headers)
    if here is None or browser is None:
        return _not_here()
    token, index = request.path_params["token"], request.path_params["index"]
    try:
        owner = here.assistant.services.conversations.browsers.owner_of(browser)
        data = here.lent.slice_bytes(token, owner, index, as_shown=as_shown)
    except CasebookError:
        return _not_here()
    return Response(data, media_type="application/octet-stream", headers={"cache-control": "no-store"})


def _not_here() -> Response:
    return PlainTextResponse("not here", status_code=404, headers={"cache-control": "no-store"})
