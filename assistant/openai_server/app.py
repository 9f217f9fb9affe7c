"""The app: where programs ask, and where they are told what may be asked."""

from __future__ import annotations

import logging
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from assistant.doorway.asking import Asking
from assistant.doorway.guard import Guard, error_response
from assistant.openai_server import completions, responses
from assistant.openai_server.answering import MODEL, Wanted, begun
from assistant.openai_server.described import DOCS, SPECIFICATION, page, specification
from assistant.openai_server.reply import Reply
from assistant.openai_server.requests import ChatRequest, Message, ResponsesRequest, read_request, said_in
from store.errors import BusyError, CasebookError, CaseError, SetupError
from tools.language.paths import without_places
from tools.language.sayings import say

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from assistant.answers.events import Event
    from assistant.chat import Assistant
    from assistant.doorway.token import Token

OWNER = "api"
"""Whose chats they are that programs hold here."""

_LOG = logging.getLogger("casebook")
# Base64 takes four bytes for three: files of 48 MiB in one conversation, all of which is sent every time.
_MOST_BYTES = 64 * 2**20
# A minute is what most limits are of; whoever has to wait less is told in the sentence.
_RETRY = {"Retry-After": "60"}


class _Form(Protocol):
    async def whole(
        self, events: AsyncGenerator[Event, None], reply: Reply, model: str
    ) -> dict[str, Any]: ...

    def streamed(
        self, events: AsyncGenerator[Event, None], reply: Reply, model: str
    ) -> AsyncIterator[str]: ...


def build_app(assistant: Assistant, token: Token) -> ASGIApp:
    """The app of an installation, for programs of this machine that know the token."""
    asking = Asking(assistant.for_owner(OWNER))
    routes = [
        Route("/v1/chat/completions", partial(_chat, asking), methods=["POST"]),
        Route("/v1/responses", partial(_respond, asking), methods=["POST"]),
        Route("/v1/models", partial(_models, asking), methods=["GET"]),
        Route("/v1/models/{name:path}", partial(_model, asking), methods=["GET"]),
        Route(SPECIFICATION, _specification, methods=["GET"]),
        Route(DOCS, _docs, methods=["GET"]),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={CasebookError: _told, HTTPException: _not_there, Exception: _broken},
    )
    return Guard(app, token, _MOST_BYTES, (SPECIFICATION, DOCS))


async def _chat(asking: Asking, request: Request) -> Response:
    given = read_request(ChatRequest, await request.body())
    wanted = Wanted(said_in(given.messages), given.model)
    return await _answered(asking, wanted, completions, stream=bool(given.stream))


async def _respond(asking: Asking, request: Request) -> Response:
    given = read_request(ResponsesRequest, await request.body())
    messages = [Message(role="user", content=given.input)] if isinstance(given.input, str) else given.input
    wanted = Wanted(said_in(messages), given.model, given.previous_response_id)
    return await _answered(asking, wanted, responses, stream=bool(given.stream))


async def _answered(asking: Asking, wanted: Wanted, form: _Form, *, stream: bool) -> Response:
    if wanted.model not in (names := await run_sync(_names, asking)):
        return _no_model(names)
    events, reply = await begun(asking, wanted), Reply(wanted.said)
    if not stream:
        return JSONResponse(await form.whole(events, reply, wanted.model))
    lines = form.streamed(events, reply, wanted.model)
    return StreamingResponse(lines, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _models(asking: Asking, _request: Request) -> Response:
    names = await run_sync(_names, asking)
    return JSONResponse({"object": "list", "data": [_about(name) for name in names]})


async def _model(asking: Asking, request: Request) -> Response:
    names = await run_sync(_names, asking)
    name = request.path_params["name"]
    return JSONResponse(_about(name)) if name in names else _no_model(names)


async def _specification(_request: Request) -> Response:
    return JSONResponse(specification())


async def _docs(_request: Request) -> Response:
    return HTMLResponse(page(), headers={"Content-Security-Policy": "default-src 'none'"})


def _names(asking: Asking) -> list[str]:
    readers = asking.assistant.services.readers.set_up()
    return [MODEL, *(f"{MODEL}/{name}" for name in readers)]


def _about(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "casebook"}


def _no_model(names: list[str]) -> Response:
    return error_response(404, f"There is no such model. Models: {', '.join(names)}.", "model_not_found")


async def _told(_request: Request, error: Exception) -> Response:
    said = without_places(str(error))
    if isinstance(error, BusyError):
        return error_response(429, said, "rate_limit_exceeded", _RETRY)
    if isinstance(error, CaseError):
        return error_response(400, said, "cannot_be_used")
    return error_response(503 if isinstance(error, SetupError) else 400, said, "not_set_up")


async def _not_there(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return error_response(
        status, f"Nothing is asked here in this way. {SPECIFICATION} says what is.", "not_there"
    )


async def _broken(_request: Request, error: Exception) -> Response:
    reference = uuid.uuid4().hex[:8]
    _LOG.error("a request failed (reference %s)", reference, exc_info=error)
    return error_response(500, say("turn.failed", reference=reference), "failed")
