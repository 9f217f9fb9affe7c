"""`LocalLLM`: a GGUF file as the chat model, run by llama.cpp in a child process.

Every reply is decoded under a grammar of the tools and images that exist, so any model gives a call that can
be run, or words. The child is started at the first use. It writes one token when it is asked for one, so
that a reply that nobody reads any more costs nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field, PrivateAttr

from assistant.llm.child import Asked, Child, DiedError, Message
from assistant.llm.endings import Ended, PromptTooLongError
from assistant.llm.forms import reply_form
from assistant.llm.in_turn import Line, Place
from assistant.llm.loading import Kv, Load
from assistant.llm.protocol import Schema, spoken
from assistant.llm.running import Running
from assistant.llm.tool_model import Tools, ToolTextModel
from assistant.llm.trial import start
from tools.language.sayings import FIRST, Saying

PLAIN = Saying("models.plain", {})
"""What is said where a base model may be in use."""

_LOOK_S = 0.1
"""How often somebody who waits for a token looks whether the user has stopped."""

# Tokens of the context of a model that is only tried.
_CONTEXT = 512


class LocalLLM(ToolTextModel):
    """A chat model from a GGUF file.

    Safe to share between threads and chats: replies are written one after another, first come, first served.

    Attributes:
        path: the file.
        context: tokens of the context; fewer are used where the model was trained on fewer.
        gpu_layers: layers on the GPU; -1 for all.
        threads: CPU threads; 0 lets llama.cpp choose.
        kv: number format of the context.
        plain: whether a file without a chat template is taken.
        seed: of what is drawn, where the temperature is above 0: the same prompt gets the same reply.
        home: the Casebook folder, where it is kept how the model runs here; None keeps nothing.
    """

    path: Path
    context: int = Field(default=8192, gt=0)
    gpu_layers: int = 0
    threads: int = 0
    kv: Kv = "f16"
    plain: bool = False
    seed: int = 0
    home: Path | None = None

    _running: Running = PrivateAttr()
    _line: Line = PrivateAttr(default_factory=Line)

    def model_post_init(self, context: Any, /) -> None:
        """Nothing is started yet."""
        super().model_post_init(context)
        self._running = Running(self._load, self.home)

    @property
    def _llm_type(self) -> str:
        return "casebook-local"

    @property
    def context_length(self) -> int:
        """Tokens of a prompt and its reply together; loads the model.

        Raises:
            SetupError: it cannot be loaded.
        """
        return self._running.ready().context

    @property
    def template(self) -> str | None:
        """SHA-256 of the chat template, "" without one; None while the model is not loaded."""
        started = self._running.started
        return started.template if started else None

    def count_tokens(self, messages: Sequence[BaseMessage], tools: Tools = ()) -> int:
        """Tokens of the prompt that these messages make; loads the model.

        Raises:
            SetupError: it cannot be loaded.
        """
        said = _said(messages, [convert_to_openai_tool(tool) for tool in tools])
        return int(self._running.ask("count", said=said)[1]["tokens"])

    def check(self) -> str:
        """Start the model, let it evaluate a few tokens, and end it.

        Returns:
            Which settings of llama.cpp are in force, in a sentence.

        Raises:
            UnusableError: llama-cpp-python is missing, the file is no whole model of a kind that it knows, or
                the model does not run on this machine, or it has no chat template.
        """
        small = replace(self._load, context=min(self.context, _CONTEXT))
        started, outcome = start(small, self.home, again=True)
        if started is None:
            raise outcome.unusable(self._load)
        started.child.kill()
        return f"{outcome.sentence} {PLAIN.words(FIRST)}" if self.plain else outcome.sentence

    def close(self) -> None:
        """End the model's process, also in the middle of a reply; the next use starts another."""
        self._running.close()

    def _stops(self) -> tuple[str, ...]:
        return self._running.ready().stops

    def _pieces(
        self, messages: list[BaseMessage], tools: Sequence[Schema], choice: str
    ) -> Iterator[str | Ended | None]:
        said = _said(messages, tools)
        child, begun = self._running.ask(
            "begin",
            said=said,
            form=asdict(reply_form(messages, tools, choice)),
            temperature=self.temperature,
            seed=_drawn_from(self.seed, said),
        )
        if "too_long" in begun:
            raise PromptTooLongError(begun["too_long"])
        place = self._line.join()
        try:
            for answer in _steps(child, begun["n"], place):
                if answer is not None and "ended" in answer:
                    yield Ended(answer["ended"])
                    return
                yield answer["piece"] if answer else None
        except DiedError as died:
            raise self._running.lost(str(died)) from died
        finally:
            place.leave()
            child.send("leave", reply=begun["n"])

    @property
    def _load(self) -> Load:
        return Load(self.path.expanduser(), self.context, self.gpu_layers, self.threads, self.kv, self.plain)


def _said(messages: Sequence[BaseMessage], tools: Sequence[Schema]) -> list[tuple[str, str]]:
    return [(one.role, one.content) for one in spoken(messages, tools)]


def _drawn_from(seed: int, said: Sequence[tuple[str, str]]) -> int:
    """The seed of one reply. It hangs on nothing that was drawn before, so that it can be drawn again."""
    digest = hashlib.sha256(json.dumps([seed, *said]).encode()).digest()
    return int.from_bytes(digest[:4], "big")


def _steps(child: Child, reply: int, place: Place) -> Iterator[Message | None]:
    """Answers to steps of a reply, one by one; None while there is none, or while others have their turn.

    Raises:
        DiedError: the child is gone.
    """
    asked: Asked | None = None
    while True:
        if not place.begin():
            yield None
            continue
        asked = asked or child.send("step", reply=reply)
        try:
            answer = asked.look(_LOOK_S)
        finally:
            place.end()
        if answer is not None:
            asked = None
        yield answer
