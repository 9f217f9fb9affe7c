"""`ServedLLM`: a chat model on a server that speaks the OpenAI protocol (llama-server, vLLM, Ollama).

Tools are called by Casebook's own protocol in the text, so it does not matter whether the server has one for
this model. llama.cpp's servers decode under the same grammar as a local file; others are only asked to.
"""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import httpx
import openai
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from pydantic import Field

from assistant.llm.endings import BrokeOffError, Ended
from assistant.llm.forms import reply_grammar
from assistant.llm.in_turn import Place, alone, line_of
from assistant.llm.loading import UnusableError
from assistant.llm.protocol import Schema, spoken
from assistant.llm.tool_model import ToolTextModel
from store.errors import CasebookError, CaseError, SetupError
from tools.models.readers.connection import CONNECT_S, open_client

_LOOK_S = 0.1
_MESSAGES = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
CHECK_S = 2.0
"""Longest wait for the list of models where only that is asked. Ours: a server that is up has it at hand."""

# What the list of models of llama-server and of llama_cpp.server says of the owner; both take a grammar.
_INTERRUPTS = "me"
_LLAMA_CPP = ("llamacpp", _INTERRUPTS)
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
# What servers call it: llama_cpp.server and vLLM, llama-server.
_TOO_LONG = re.compile(r"context.?(?:length|size|window)|maximum context", re.I)
_REFUSALS = {
    **dict.fromkeys(
        (301, 302, 303, 307, 308),
        "sends to another address, where Casebook does not follow. Set CASEBOOK_LLM_SERVER to the address "
        "itself.",
    ),
    401: "asks for a key, or does not accept the one it was given. Set CASEBOOK_LLM_KEY.",
    403: "does not let this key in. Set CASEBOOK_LLM_KEY.",
    404: "knows no chat completions there, or no such model. Check CASEBOOK_LLM_SERVER (it usually ends in "
    "/v1) and CASEBOOK_LLM_SERVED_AS.",
    429: "is too busy. Ask again later.",
}


class ServedLLM(ToolTextModel):
    """A chat model behind a URL.

    Attributes:
        url: of the API, such as ``http://localhost:8000/v1``.
        served_as: the model's name there; None takes the only one there is.
        key: sent as a bearer token; None sends none.
        context_length: tokens that prompt and reply may have together.
        timeout_s: longest silence.
    """

    url: str
    served_as: str | None = None
    key: str | None = Field(default=None, repr=False)
    context_length: int = 8192
    timeout_s: float = 120.0

    @property
    def _llm_type(self) -> str:
        return "casebook-served"

    def check(self) -> str:
        """Ask the server for its models; there is nothing to say of how it runs them.

        Raises:
            SetupError: it cannot be reached, refuses, or does not have the model.
        """
        with alone(self.url):
            self._named(self._listed(CHECK_S))
        return ""

    def _most_pieces(self) -> int:
        # The server counts itself: llama_cpp.server may fail the next request if this one is left before its
        # end. This ends one that does not count.
        return 2 * self.max_tokens

    @cached_property
    def _served(self) -> tuple[str, str]:
        """The model's name, and what the server says of its owner."""
        return self._named(self._listed(CONNECT_S))

    @cached_property
    def _http(self) -> httpx.Client:
        return open_client(self.url, self.timeout_s)

    def _named(self, models: list[dict[str, Any]]) -> tuple[str, str]:
        names = [str(one.get("id")) for one in models]
        if self.served_as is None and len(names) != 1:
            raise SetupError(
                f"The server of the chat model has {len(names)} models: {', '.join(names[:10]) or 'none'}. "
                "Set CASEBOOK_LLM_SERVED_AS to the one that is to answer."
            )
        owners = [str(one.get("owned_by")) for one in models]
        return self.served_as or names[0], next((one for one in owners if one in _LLAMA_CPP), "")

    def _pieces(
        self, messages: list[BaseMessage], tools: Sequence[Schema], choice: str
    ) -> Iterator[str | Ended | None]:
        said = [_MESSAGES[one.role](one.content) for one in spoken(messages, tools)]

        def asked(place: Place) -> Iterator[BaseMessage]:
            name, owner = self._served
            if owner != _INTERRUPTS:
                place.leave()
            grammar = reply_grammar(messages, tools, choice) if owner in _LLAMA_CPP else None
            return self._client(name, grammar).stream(said)

        yield from _followed(asked, line_of(self.url).join())

    def _client(self, name: str, grammar: str | None) -> ChatOpenAI:
        # The name that every server knows; ChatOpenAI would send a newer one.
        body: dict[str, Any] = {"max_tokens": self.max_tokens}
        if grammar is not None:
            body["grammar"] = grammar
        return ChatOpenAI(
            model=name,
            base_url=self.url,
            api_key=self.key or "none",
            temperature=self.temperature,
            # A variable of ChatOpenAI's own would stand in the way of the client that is given.
            openai_proxy=None,
            http_client=self._http,
            timeout=self._http.timeout,
            max_retries=0,
            stream_usage=False,
            extra_body=body,
        )

    def _listed(self, timeout_s: float) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            answer = self._http.get(f"{self.url.rstrip('/')}/models", headers=headers, timeout=timeout_s)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unreachable() from error
        if answer.status_code != httpx.codes.OK:
            raise _refused(answer.status_code)
        try:
            return [dict(one) for one in answer.json()["data"]]
        except _UNREADABLE as error:
            raise _no_protocol() from error


Asked = Callable[[Place], Iterator[BaseMessage]]
Heard = queue.Queue[str | Ended | BaseException]


def _followed(asked: Asked, place: Place) -> Iterator[str | Ended | None]:
    """The pieces of the answer; None at every moment without one, so that a silent server can be left."""
    heard: Heard = queue.Queue()
    left = threading.Event()
    # A thread of its own: the words are this model's, and callbacks of the turn must not see them twice.
    listener = threading.Thread(
        target=_listen, args=(asked, place, heard, left), name="chat model server", daemon=True
    )
    listener.start()
    try:
        while True:
            try:
                found = heard.get(timeout=_LOOK_S)
            except queue.Empty:
                yield None
                continue
            if isinstance(found, BaseException):
                raise found
            yield found
            if isinstance(found, Ended):
                return
    finally:
        left.set()


def _listen(asked: Asked, place: Place, heard: Heard, left: threading.Event) -> None:
    """Put the pieces, then the end or what went wrong, into `heard`, until the reader has left."""
    begun, end = False, None
    try:
        while not place.begin():
            if left.is_set():
                return
        for chunk in asked(place):
            if left.is_set():
                return
            begun, end = True, chunk.response_metadata.get("finish_reason", end)
            heard.put(str(chunk.text))
        heard.put(Ended(end) if end else BrokeOffError("its server ended the reply early"))
    except CasebookError as error:
        heard.put(error)
    except (openai.OpenAIError, httpx.HTTPError, *_UNREADABLE) as error:
        told = _error(error, begun=begun)
        told.__cause__ = error
        heard.put(told)
    finally:
        place.leave()


def _error(error: BaseException, *, begun: bool) -> CasebookError:
    if isinstance(error, (openai.APITimeoutError, httpx.TimeoutException)):
        return CaseError("The server of the chat model did not answer in time. Ask again, or ask for less.")
    if begun:
        return BrokeOffError(type(error).__name__)
    if isinstance(error, openai.APIStatusError):
        if error.status_code == httpx.codes.BAD_REQUEST and _TOO_LONG.search(str(error)):
            return _too_long()
        return _refused(error.status_code)
    return _no_protocol() if isinstance(error, _UNREADABLE) else _unreachable()


def _too_long() -> UnusableError:
    return UnusableError(
        "The server of the chat model says that this conversation does not fit into its context. Set "
        "CASEBOOK_LLM_CONTEXT to the number of tokens that the server was started with."
    )


def _no_protocol() -> SetupError:
    return SetupError(
        "What answers at CASEBOOK_LLM_SERVER does not speak the OpenAI protocol. Check the address (such as "
        "http://localhost:8000/v1): perhaps it is a web page, or a login stands before the server."
    )


def _refused(status: int) -> SetupError:
    what = _REFUSALS.get(status, f"answered with an error (HTTP {status}). Its own log says why.")
    return SetupError(f"The server of the chat model {what}")


def _unreachable() -> SetupError:
    return SetupError(
        "The server of the chat model cannot be reached, or broke off. Check that it runs, and "
        "CASEBOOK_LLM_SERVER (such as http://localhost:8000/v1)."
    )
