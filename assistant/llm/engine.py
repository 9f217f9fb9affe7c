"""One GGUF model in memory: its context, what the context holds, and the tokens it writes.

What the context holds from earlier is not evaluated again. Several replies may share it, but by turns at
every token they would be slow. It is used in ``assistant.llm.worker`` alone. Tools are known to
``assistant.llm.tool_model``.
"""

from __future__ import annotations

import ctypes
from collections.abc import Generator, Sequence

import numpy as np

from assistant.llm.endings import LEAST_ROOM, PromptTooLongError
from assistant.llm.loading import Load, library, loaded, no_template
from assistant.llm.sampling import Logits, Sampler
from assistant.llm.spoken import Spoken
from assistant.llm.states import SavedStates, State, Tokens, shared
from assistant.llm.template import ChatTemplate
from assistant.llm.vocabulary import Vocabulary

LEAST_KEPT = 64
"""Tokens worth keeping when another chat takes the context. Ours: below, evaluating again is as quick."""


class Engine:
    """A loaded model.

    Args:
        load: the file and how it is loaded.

    Attributes:
        context: tokens it can hold.
        vocabulary: its tokens.
        template: its chat template.

    Raises:
        UnusableError: llama-cpp-python is missing, the file cannot be loaded like this, or it has no chat
            template and none is asked for.
    """

    def __init__(self, load: Load) -> None:
        self._cpp = library()
        self._llama = loaded(load)
        trained = self._cpp.llama_model_n_ctx_train(self._llama.model)
        self.context: int = min(self._llama.n_ctx(), trained or self._llama.n_ctx())
        self.vocabulary = Vocabulary(self._llama)
        source = self._llama.metadata.get("tokenizer.chat_template")
        if not (source or load.plain):
            self.close()
            raise no_template(load.path)
        self.template = ChatTemplate(source, bos=self.vocabulary.bos, eos=self.vocabulary.eos)
        self._states = SavedStates()
        self._holder: Sampler | None = None

    def prompt(self, said: Sequence[Spoken]) -> list[int]:
        """The tokens of a conversation; its messages bring in none that is not text."""
        harmless = [Spoken(one.role, self.vocabulary.harmless(one.content)) for one in said]
        return self.vocabulary.tokens(self.template.render(harmless))

    def reply(
        self, prompt: list[int], grammar: str, *, temperature: float, random: np.random.Generator
    ) -> Generator[int | None]:
        """Write a reply, to its end or the end of the context; the reader may leave earlier.

        Args:
            prompt: tokens.
            grammar: GBNF that the reply keeps to.
            temperature: 0 takes the likeliest token.
            random: draws, where the temperature is above 0.

        Yields:
            Tokens; None after every step without one, so that the reader can stop a long prompt.

        Raises:
            PromptTooLongError: nothing would be left for the reply.
        """
        self.require_room(len(prompt))
        tokens = list(prompt)
        sampler = Sampler(self.vocabulary.pointer, grammar, temperature=temperature, random=random)
        try:
            while len(tokens) < self.context:
                token = self._step(tokens, sampler)
                if token in self.vocabulary.ends:
                    return
                if token is not None:
                    tokens.append(token)
                yield token
        finally:
            sampler.close()

    def require_room(self, prompt_tokens: int) -> None:
        """Check that a prompt of so many tokens leaves room for a reply.

        Raises:
            PromptTooLongError: it does not.
        """
        if prompt_tokens + LEAST_ROOM > self.context:
            raise PromptTooLongError(
                f"This conversation has {prompt_tokens} tokens and the chat model holds {self.context}, of "
                f"which {LEAST_ROOM} are for the answer. Ask in a new chat, or set CASEBOOK_LLM_CONTEXT to "
                "more if the model was made for it."
            )

    def evaluate(self, tokens: int) -> None:
        """Evaluate `tokens` tokens together and one alone, as of a prompt and a reply; keep nothing."""
        ids = [number % self._llama.n_vocab() for number in range(tokens + 1)]
        for batch in (ids[:-1], ids[-1:]):
            self._llama.eval(batch)
            self._logits()
        self._truncate(0)

    def close(self) -> None:
        """Free the model."""
        self._llama.close()

    def _step(self, tokens: list[int], sampler: Sampler) -> int | None:
        """Evaluate one batch; the next token once all are evaluated, else None."""
        if self._holder is not sampler:
            self._go_on_from(np.array(tokens, np.int32))
            self._holder = sampler
        held = self._llama.n_tokens
        if held < len(tokens):
            self._llama.eval(tokens[held : held + self._llama.n_batch])
            if self._llama.n_tokens < len(tokens):
                return None
        token = sampler.pick(self._logits())
        if token is None:
            return next(iter(self.vocabulary.ends))
        if token not in self.vocabulary.ends:
            sampler.accept(token)
        return token

    def _logits(self) -> Logits:
        scores = self._cpp.llama_get_logits_ith(self._llama.ctx, -1)
        logits = np.ctypeslib.as_array(scores, shape=(self._llama.n_vocab(),)).copy()
        logits[self.vocabulary.silent] = -np.inf
        return logits

    def _go_on_from(self, tokens: Tokens) -> None:
        """Make the context hold as much of the beginning of `tokens` as it, or a saved state, has."""
        held: Tokens = self._llama.input_ids[: self._llama.n_tokens]
        common = shared(held, tokens)
        if common < len(held) / 2 and len(held) >= LEAST_KEPT:
            self._save(held.copy())
        if state := self._states.best(tokens, above=common):
            common = shared(state.tokens, tokens) if self._restore(state) else 0
        self._truncate(min(common, len(tokens) - 1))

    def _truncate(self, keep: int) -> None:
        """Forget what is behind the first `keep` tokens; everything, where the model cannot forget a part."""
        memory = self._cpp.llama_get_memory(self._llama.ctx)
        if not (keep and self._cpp.llama_memory_seq_rm(memory, 0, keep, -1)):
            self._cpp.llama_memory_clear(memory, False)
            keep = 0
        self._llama.n_tokens = keep

    def _save(self, held: Tokens) -> None:
        size = self._cpp.llama_state_seq_get_size(self._llama.ctx, 0)
        buffer = (ctypes.c_uint8 * size)()
        written = self._cpp.llama_state_seq_get_data(self._llama.ctx, buffer, size, 0)
        if written:
            self._states.keep(State(held, bytes(memoryview(buffer)[:written])))

    def _restore(self, state: State) -> bool:
        buffer = (ctypes.c_uint8 * len(state.data)).from_buffer_copy(state.data)
        read = self._cpp.llama_state_seq_set_data(self._llama.ctx, buffer, len(state.data), 0)
        self._llama.input_ids[: len(state.tokens)] = state.tokens
        return bool(read)
