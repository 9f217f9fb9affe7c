"""A reader on a server that speaks the OpenAI chat-completions protocol with images (vLLM and others).

The picture leaves this machine when the server is elsewhere; the evidence names the server. Nothing of the
server's own words reaches an error.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import queue
import threading
import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from store.errors import CaseError, SetupError
from store.pictures.image import Pixels
from tools.models.readers import known_answer
from tools.models.readers.connection import CONNECT_S, Connection, lines
from tools.models.readers.generation import loops
from tools.models.readers.known_answer import KnownAnswer
from tools.models.readers.served_model import ServedModel
from tools.models.systems.question import checked_question
from tools.models.systems.reading import Ending, Reading, Request, Sampling
from tools.models.systems.system import System

if TYPE_CHECKING:
    import httpx

LONGEST_EDGE = 2048
"""Pictures are sent no larger than this. Ours: no reader of the cards sees more than 1120 pixels."""

_LOOK_S = 0.1
_CHARS_PER_TOKEN = 16
"""An answer is no longer than this for each token it may have. Ours: words of a report have 2 to 6."""
_ENDINGS: dict[str, Ending] = {"stop": "complete", "length": "length"}
"""``finish_reason`` → ending. Source: OpenAI API reference, chat completions."""

_DONE = "[DONE]"


@dataclass
class _Heard:
    """What has come so far."""

    text: str = ""
    pieces: int = 0
    finish: str | None = None
    places: dict[str, int] = field(default_factory=dict)
    words: list[int] = field(default_factory=list)

    def take(self, piece: str) -> bool:
        """Add a piece; True when the text has begun to repeat itself."""
        self.text += piece
        self.pieces += 1
        self.words.append(self.places.setdefault(piece, len(self.places)))
        return loops(self.words)


class ServedReader:
    """A reader behind a URL. A `tools.models.systems.reading.Reader` that takes no memory here.

    Args:
        system: the card of what the server runs.
        url: of the API, such as ``http://localhost:8000/v1``.
        model: the model's name there; None takes the only one there is.
        key: sent as a bearer token; None sends none.
        known: what the server answered before, to see that its model is the same; None compares nothing.
    """

    stand_in = False
    nbytes = 0

    def __init__(
        self,
        system: System,
        url: str,
        *,
        model: str | None = None,
        key: str | None = None,
        known: KnownAnswer | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SetupError(
                f"The server {url!r} of {system.name} is no URL. Casebook accepts http://HOST:PORT/v1."
            )
        self.name = system.name
        self.device = f"server {parts.hostname}"
        self._system = system
        self._connection = Connection(system.name, url.rstrip("/"), key)
        self.model = ServedModel(self._connection, model, known)

    @property
    def revision(self) -> str:
        """The model's name there; which weights those are only the server's operator knows."""
        return f"served as {self.model.name}" if self.model.name else "served"

    def check(self, timeout_s: float, *, anew: bool = False) -> str:
        """Hold the server against its known answer; returns a sentence on it.

        Args:
            timeout_s: when to wait no longer.
            anew: take what it answers now for its known answer.

        Raises:
            SetupError: it cannot be reached, or is not what it was.
        """
        until = time.monotonic() + timeout_s
        request = Request(known_answer.drawn_picture(), "drawn", "", timeout_s=timeout_s)
        ask = partial(self._known_reply, request, until)
        self.model.sure(ask, request.cancelled, until, anew=anew)
        if self.model.kept is None:
            raise SetupError(f"The server of {self.name} did not answer in time. Check that it runs.")
        return self.model.kept.sentence

    def read(self, request: Request) -> Reading:
        """Answer one question about one picture.

        Raises:
            CaseError: the question is not English where it must be, or the server declined to answer it.
            SetupError: the server cannot be reached, refuses, or breaks off.
        """
        until = time.monotonic() + request.timeout_s
        question = checked_question(
            request.question,
            default=self._system.prompts[0],
            model=self.name,
            control_words=(),
            english_only=self._system.english_only,
        )
        if request.cancelled.is_set():
            return Reading("", "stopped", 0, question, "server")
        model = self.model.sure(partial(self._known_reply, request, until), request.cancelled, until)
        if model is None:
            return Reading("", "stopped" if request.cancelled.is_set() else "time", 0, question, "server")
        heard = _Heard()
        ending = self._listen(_body(model, request, question), heard, request, until)
        text = heard.text.strip()
        if ending == "complete" and not any(letter.isalnum() for letter in text):
            ending = "empty"
        return Reading(text, ending, heard.pieces, question, "server")

    def _known_reply(self, request: Request, until: float, model: str) -> str | None:
        """A digest of what is said of a drawn picture; None when `request` is stopped or its time is up."""
        drawn = replace(
            request, pixels=known_answer.drawn_picture(), sampling=known_answer.SAMPLING, on_text=None
        )
        heard = _Heard()
        ending: str
        try:
            ending = self._listen(_body(model, drawn, known_answer.QUESTION), heard, drawn, until)
        except CaseError:
            ending = "declined"
        if ending in ("stopped", "time"):
            return None
        return hashlib.sha256(f"{ending}\n{heard.text.strip()}".encode()).hexdigest()

    def _listen(self, body: dict[str, Any], heard: _Heard, request: Request, until: float) -> Ending:
        """Take what comes until the answer is over, the user stops it, or its time is up."""
        inbox: queue.SimpleQueue[str | SetupError | CaseError | None] = queue.SimpleQueue()
        left = threading.Event()
        # In a thread of its own, so that Stop does not wait for a server that says nothing.
        threading.Thread(target=self._fetch, args=(body, inbox, left, until), daemon=True).start()
        try:
            while True:
                if request.cancelled.is_set():
                    return "stopped"
                if time.monotonic() >= until:
                    return "time"
                try:
                    item = inbox.get(timeout=_LOOK_S)
                except queue.Empty:
                    continue
                if item is None or isinstance(item, Exception):
                    return self._end(item, heard)
                if (ending := self._take(item, heard, request)) is not None:
                    return ending
        finally:
            left.set()

    def _take(self, line: str, heard: _Heard, request: Request) -> Ending | None:
        piece, finish = self._parse(line)
        heard.finish = finish or heard.finish
        most = _CHARS_PER_TOKEN * request.sampling.max_new_tokens
        piece = piece[: most - len(heard.text)]
        if not piece:
            return None
        repeats = heard.take(piece)
        if request.on_text is not None:
            request.on_text(piece)
        if len(heard.text) >= most:  # the server does not keep to what it was asked for
            return "length"
        return "loop" if repeats else None

    def _end(self, item: SetupError | CaseError | None, heard: _Heard) -> Ending:
        if item is not None:
            raise item
        if heard.finish is None:
            raise SetupError(f"The server of {self.name} broke off in the middle of its answer. Ask again.")
        if heard.finish not in _ENDINGS:
            raise CaseError(f"The server of {self.name} declined to answer this. Ask in other words.")
        return _ENDINGS[heard.finish]

    def _parse(self, line: str) -> tuple[str, str | None]:
        """The text in one line of the stream, and why the answer ended if it did."""
        try:
            choices = json.loads(line)["choices"]
            if not choices:
                return "", None
            piece, finish = choices[0]["delta"].get("content") or "", choices[0].get("finish_reason")
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise self._connection.strange() from error
        return str(piece), None if finish is None else str(finish)

    def _fetch(
        self,
        body: dict[str, Any],
        inbox: queue.SimpleQueue[str | SetupError | CaseError | None],
        left: threading.Event,
        until: float,
    ) -> None:
        """Send the question and pass the lines of the answer on; the last thing passed on is its end."""

        def pass_on(response: httpx.Response) -> None:
            for line in lines(response):
                if left.is_set() or line == _DONE:
                    return
                inbox.put(line)

        try:
            # Longer than the limit of the answer, whose end is told as such.
            timeout_s = until - time.monotonic() + CONNECT_S
            self._connection.ask("POST", "/chat/completions", pass_on, body=body, timeout_s=timeout_s)
        except (SetupError, CaseError) as error:
            inbox.put(error)
        else:
            inbox.put(None)


def _body(model: str, request: Request, question: str) -> dict[str, Any]:
    picture = {"type": "image_url", "image_url": {"url": _data_url(request.pixels)}}
    return {
        "model": model,
        "stream": True,
        # The picture comes first: some models' templates let the words before it see nothing.
        "messages": [{"role": "user", "content": [picture, {"type": "text", "text": question}]}],
        **_sampling(request.sampling),
    }


def _sampling(sampling: Sampling) -> dict[str, Any]:
    body: dict[str, Any] = {"max_tokens": sampling.max_new_tokens, "temperature": sampling.temperature}
    given: dict[str, Any] = {"seed": sampling.seed}
    if sampling.temperature > 0:
        # min_p is an extension of vLLM and others; it is sent only where it is asked for.
        given |= {"top_p": sampling.top_p, "min_p": sampling.min_p or None}
    return body | {name: value for name, value in given.items() if value is not None}


def _data_url(pixels: Pixels) -> str:
    from PIL import Image

    picture = Image.fromarray(pixels)
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return f"data:image/png;base64,{base64.b64encode(kept.getvalue()).decode()}"
