"""`LocalLLM`: a GGUF file as the chat model, run in this process by llama.cpp.

Every reply is decoded under a grammar of the tools and images that exist, so any model gives a call that can
be run, or words. Weights are loaded at the first use, after a trial in a process of its own.
"""

from __future__ import annotations

import codecs
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.messages import BaseMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field, PrivateAttr

from assistant.llm.endings import LENGTH, Ended
from assistant.llm.engine import Engine
from assistant.llm.grammar import reply_grammar
from assistant.llm.loading import Kv, Load
from assistant.llm.protocol import Schema, Spoken, spoken
from assistant.llm.tool_model import Tools, ToolTextModel
from assistant.llm.trial import try_out
from assistant.llm.trial_records import Outcome

PLAIN = "CASEBOOK_LLM_PLAIN is set: the chat model may be one that was not taught to answer."
"""What is said where a base model may be in use."""


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
        seed: of what is drawn, where the temperature is above 0.
        home: the Casebook folder, where it is kept what the trial found; None keeps nothing.
    """

    path: Path
    context: int = Field(default=8192, gt=0)
    gpu_layers: int = 0
    threads: int = 0
    kv: Kv = "f16"
    plain: bool = False
    seed: int = 0
    home: Path | None = None

    _engine: Engine | None = PrivateAttr(default=None)
    _outcome: Outcome | None = PrivateAttr(default=None)
    _random: np.random.Generator = PrivateAttr()
    _loading: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    def model_post_init(self, context: Any, /) -> None:
        """Begin to draw from the seed."""
        super().model_post_init(context)
        self._random = np.random.default_rng(self.seed)

    @property
    def _llm_type(self) -> str:
        return "casebook-local"

    @property
    def context_length(self) -> int:
        """Tokens of a prompt and its reply together; loads the model.

        Raises:
            SetupError: it cannot be loaded.
        """
        return self._loaded().context

    def count_tokens(self, messages: Sequence[BaseMessage], tools: Tools = ()) -> int:
        """Tokens of the prompt that these messages make; loads the model.

        Raises:
            SetupError: it cannot be loaded.
        """
        return len(self._prompt(messages, [convert_to_openai_tool(tool) for tool in tools]))

    def check(self) -> str:
        """Try the model in a process of its own, unless it is known to work; in this one nothing is loaded.

        Returns:
            Which settings of llama.cpp are in force, in a sentence.

        Raises:
            UnusableError: llama-cpp-python is missing, the file is no whole model of a kind that it knows, or
                the model does not run on this machine, or it has no chat template.
        """
        outcome = try_out(self._load, self.home, again=True)
        outcome.usable(self._load)
        return f"{outcome.sentence} {PLAIN}" if self.plain else outcome.sentence

    def close(self) -> None:
        """Free the model; the next use loads it again."""
        with self._loading:
            if self._engine:
                self._engine.close()
            self._engine = self._outcome = None

    def _stops(self) -> tuple[str, ...]:
        return self._loaded().template.stops

    def _pieces(
        self, messages: list[BaseMessage], tools: Sequence[Schema], choice: str
    ) -> Iterator[str | Ended | None]:
        engine = self._loaded()
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        prompt = self._prompt(messages, tools)
        held = len(prompt)
        tokens = engine.reply(
            prompt,
            reply_grammar(messages, tools, choice),
            temperature=self.temperature,
            random=self._random,
        )
        for token in tokens:
            held += token is not None
            yield None if token is None else decoder.decode(engine.vocabulary.piece(token))
        if held >= engine.context:
            yield Ended(LENGTH)

    def _prompt(self, messages: Sequence[BaseMessage], tools: Sequence[Schema]) -> list[int]:
        engine = self._loaded()
        said = [Spoken(one.role, engine.vocabulary.harmless(one.content)) for one in spoken(messages, tools)]
        return engine.vocabulary.tokens(engine.template.render(said))

    @property
    def _load(self) -> Load:
        return Load(self.path.expanduser(), self.context, self.gpu_layers, self.threads, self.kv, self.plain)

    def _loaded(self) -> Engine:
        with self._loading:
            if self._engine is None:
                self._outcome = self._outcome or try_out(self._load, self.home)
                self._engine = Engine(self._outcome.usable(self._load))
            return self._engine
