"""Text to tokens and back, for one model; text of users and files never becomes a control token."""

from __future__ import annotations

import ctypes
import re
from typing import Any

import numpy as np

from assistant.llm.control import BREAK

_LONGEST_PIECE = 512


class Vocabulary:
    """The vocabulary of a loaded model.

    Args:
        llama: the model.

    Attributes:
        ends: ids of the tokens that end a reply.
        silent: (N,) int64, ids of the other tokens that are never text.
    """

    def __init__(self, llama: Any) -> None:
        import llama_cpp as cpp

        self._cpp, self._llama = cpp, llama
        self._pieces: dict[int, bytes] = {}
        self.pointer = cpp.llama_model_get_vocab(llama.model)
        size = cpp.llama_vocab_n_tokens(self.pointer)
        never = cpp.LLAMA_TOKEN_ATTR_CONTROL | cpp.LLAMA_TOKEN_ATTR_UNKNOWN | cpp.LLAMA_TOKEN_ATTR_UNUSED
        attributes = [cpp.llama_vocab_get_attr(self.pointer, i) for i in range(size)]
        self.ends = frozenset(i for i in range(size) if cpp.llama_vocab_is_eog(self.pointer, i))
        silent = {i for i, attribute in enumerate(attributes) if attribute & never}
        self.silent = np.array(sorted(silent - self.ends), np.int64)
        texts = sorted((self._text(i) for i in silent | self.ends), key=len, reverse=True)
        self._control = re.compile("|".join(re.escape(text) for text in texts if len(text) > 1) or r"(?!)")

    @property
    def bos(self) -> str:
        """Text of the token that a text begins with; empty if there is none."""
        return self._named(self._cpp.llama_vocab_bos(self.pointer))

    @property
    def eos(self) -> str:
        """Text of the token that a text ends with; empty if there is none."""
        return self._named(self._cpp.llama_vocab_eos(self.pointer))

    def harmless(self, text: str) -> str:
        """`text` with an invisible space inside whatever would be read as a control token."""
        while self._control.search(text):
            text = self._control.sub(lambda found: found[0][0] + BREAK + found[0][1:], text)
        return text

    def tokens(self, prompt: str) -> list[int]:
        """The tokens of a rendered prompt, control tokens included."""
        begins = bool(self.bos) and prompt.startswith(self.bos)
        add = bool(self._cpp.llama_vocab_get_add_bos(self.pointer)) and not begins
        found: list[int] = self._llama.tokenize(prompt.encode("utf-8", "replace"), add_bos=add, special=True)
        return found

    def piece(self, token: int) -> bytes:
        """The bytes that `token` adds to a text; a character may be spread over several tokens."""
        if token in self._pieces:
            return self._pieces[token]
        buffer = ctypes.create_string_buffer(_LONGEST_PIECE)
        size = self._cpp.llama_token_to_piece(self.pointer, token, buffer, _LONGEST_PIECE, 0, False)
        self._pieces[token] = buffer.raw[: max(size, 0)]
        return self._pieces[token]

    def _named(self, token: int) -> str:
        return self._text(token) if token >= 0 else ""

    def _text(self, token: int) -> str:
        return str(self._cpp.llama_vocab_get_text(self.pointer, token).decode("utf-8", "replace"))
