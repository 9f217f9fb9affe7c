"""A server on loopback that speaks as much of the OpenAI chat-completions protocol as a reader needs."""

from __future__ import annotations

import base64
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from PIL import Image


class _Server(ThreadingHTTPServer):
    chat: ChatServer


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        chat = self.server.chat
        chat.listed += 1
        chat.hang_up.wait(chat.list_after_s)
        if chat.leads_to and chat.leads_to[0] == "GET":
            self._lead(chat.leads_to[1])
            return
        told = {"data": [{"id": name} for name in chat.models]} if chat.models is not None else ["no", "data"]
        self._send(json.dumps(told).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.chat.asked.append(json.loads(body))
        self.server.chat.keys.append(self.headers["Authorization"])
        if self.server.chat.leads_to and self.server.chat.leads_to[0] == "POST":
            self._lead(self.server.chat.leads_to[1])
        elif isinstance(self.server.chat.fault, int):
            self.send_error(self.server.chat.fault, "secret words of the server")
        elif self.server.chat.fault == "html":
            self._send(b"data: <html>")
        elif self.server.chat.fault == "page":
            self._send(b"<html>log in</html>")
        elif self.server.chat.fault == "too long":
            self._send(b'{"error": {"message": "the request exceeds the available context size"}}', 400)
        elif self.server.chat.fault == "strange":
            self._send(b'data: {"choices": "none"}\n\n')
        else:
            self._answer()

    def _lead(self, to: str) -> None:
        self.send_response(307)
        self.send_header("Location", to + self.path.removeprefix("/v1"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self) -> None:
        self.server.chat.gate.wait(20)
        self.send_response(200)
        self.end_headers()
        replies = self.server.chat.replies
        silent = self.server.chat.fault == "silent" and not replies
        for n, piece in enumerate(replies.pop(0) if replies else self.server.chat.pieces):
            self._event({"delta": {"content": piece}, "finish_reason": None})
            if silent and n == 0:
                self.server.chat.hang_up.wait(20)
                return
        if self.server.chat.finish:
            self._event({"delta": {}, "finish_reason": self.server.chat.finish})
            self.wfile.write(b": a comment\n\ndata: [DONE]\n\n")

    def _event(self, choice: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n")
        self.wfile.flush()

    def _send(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class ChatServer:
    """Answers every question with `pieces`, in the way told by `fault`.

    Attributes:
        asked: the bodies it was sent, and `keys` the keys that came with them.
        pieces: of the answer.
        replies: pieces of the next answers, before those; they come whole when it is ``silent``.
        gate: answers wait until it is set.
        finish: its ``finish_reason``; None breaks off before it.
        fault: a status, ``silent`` (says nothing more after the first piece), ``strange``,
            ``html``, ``page``, or ``too long``.
        models: names it lists; None for a list in another form.
        list_after_s: how long that takes.
        listed: how often it was asked for them, or for anything else, without a question.
        leads_to: ``GET`` or ``POST``, and the URL that such a request is sent on to.
    """

    def __init__(self, *pieces: str) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.pieces: tuple[str, ...] = pieces
        self.replies: list[tuple[str, ...]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.finish: str | None = "stop"
        self.fault: int | str | None = None
        self.models: list[str] | None = ["llama-radiographer"]
        self.list_after_s = 0.0
        self.listed = 0
        self.leads_to: tuple[str, str] | None = None
        self.hang_up = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.chat = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Of the API."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def picture(self, number: int = -1) -> np.ndarray:
        """The pixels that came with a question, the last one by default."""
        url = self.asked[number]["messages"][0]["content"][0]["image_url"]["url"]
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))))

    def close(self) -> None:
        """Stop."""
        self.hang_up.set()
        self.gate.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()
