"""What may be asked, as OpenAPI and as a page that loads nothing from elsewhere."""

from __future__ import annotations

import html
import json
from functools import cache
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from assistant.answers.disclaimers import general
from assistant.doorway.answer_shape import AnswerShape
from assistant.openai_server.requests import ChatRequest, ResponsesRequest

SPECIFICATION = "/openapi.json"
DOCS = "/docs"
_AT = "#/components/schemas/{model}"
_ABOUT = (
    "Casebook as a chat model for programs of this machine. Every reply holds its disclaimers and evidence "
    "in words, and the whole answer as data under `casebook`. It ends with a mark by which the next request "
    "finds its chat: send replies back as they came. Images are data URLs; nothing is fetched from an "
    "address. "
)
_ANSWERED: dict[str, tuple[type[BaseModel], str, str]] = {
    "/v1/chat/completions": (ChatRequest, "Answer the last message of a conversation", "chat.completion"),
    "/v1/responses": (ResponsesRequest, "Answer a message, alone or after an earlier response", "response"),
}


@cache
def specification() -> dict[str, Any]:
    """The OpenAPI document."""
    kinds: list[type[BaseModel]] = [ChatRequest, ResponsesRequest, AnswerShape]
    _, schemas = models_json_schema([(one, "validation") for one in kinds], ref_template=_AT)
    paths: dict[str, Any] = {
        path: {"post": _question(kind, about, name)} for path, (kind, about, name) in _ANSWERED.items()
    }
    paths["/v1/models"] = {"get": _look("List the models", {})}
    paths["/v1/models/{name}"] = {"get": _look("Describe a model", _named())}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Casebook", "version": version("casebook"), "description": _ABOUT + general()},
        "paths": paths,
        "security": [{"token": []}],
        "components": {
            "schemas": schemas["$defs"] | {"Error": _error()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


@cache
def page() -> str:
    """The page: every operation with what it takes, and the document itself."""
    told = specification()
    parts = [f"<h1>{told['info']['title']} {told['info']['version']}</h1>"]
    parts.append(f"<p>{html.escape(told['info']['description'])}</p>")
    for path, operations in told["paths"].items():
        for method, one in operations.items():
            parts.append(f"<h2>{method.upper()} {path}</h2><p>{html.escape(one['summary'])}.</p>")
    parts.append(f"<h2>{SPECIFICATION}</h2><pre>{html.escape(json.dumps(told, indent=1))}</pre>")
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Casebook</title><body>'
    return head + "".join(parts) + "</body></html>"


def _question(kind: type[BaseModel], about: str, name: str) -> dict[str, Any]:
    answer = {
        "type": "object",
        "required": ["id", "object", "model", "casebook"],
        "properties": {"object": {"const": name}, "casebook": _ref("AnswerShape")},
    }
    content = {"application/json": {"schema": answer}, "text/event-stream": {"schema": {"type": "string"}}}
    return {
        "summary": about,
        "operationId": name.replace(".", "_"),
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(kind.__name__)}}},
        "responses": {"200": {"description": "The reply.", "content": content}, **_refusals()},
    }


def _look(about: str, more: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    found = {"200": {"description": "What there is.", "content": content}}
    return {"summary": about, "responses": found | _refusals(), **more}


def _named() -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1}
    return {"parameters": [{"name": "name", "in": "path", "required": True, "schema": schema}]}


def _refusals() -> dict[str, Any]:
    told = {
        "400": "The request cannot be used; says why.",
        "401": "The token is missing or wrong.",
        "403": "Asked from elsewhere than this machine.",
        "404": "There is no such model.",
        "413": "The request is too long.",
        "429": "Too much is asked at once; ask later.",
        "503": "The installation cannot answer; says who can act.",
    }
    content = {"application/json": {"schema": _ref("Error")}}
    return {status: {"description": about, "content": content} for status, about in told.items()}


def _error() -> dict[str, Any]:
    text = {"type": "string"}
    about = {"message": text, "type": text, "code": text, "param": {"type": "null"}}
    error = {"type": "object", "properties": about, "required": ["message", "type", "code"]}
    return {"type": "object", "properties": {"error": error}, "required": ["error"]}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _AT.format(model=name)}
