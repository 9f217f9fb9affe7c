"""Write tiny GGUF models: one with random weights, and one that follows a script by looking tokens up.

The script is a table "after this token comes that one", held by the embeddings: attention and feed-forward
weights are zero, so a token's embedding reaches the output unchanged, and the output row of the next token
is that embedding. Which line of the script begins a reply is chosen by the chat template, a part of the file
like the weights. Everything else is llama.cpp's own: tokenizer, template, evaluation, sampler.
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from gguf import GGUFWriter, TokenType

CHATML = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
ROLES = ("<|system|>", "<|user|>", "<|assistant|>")
_SPACE = "\u2581"


def random_model(
    path: Path,
    *,
    seed: int = 0,
    template: str | None = CHATML,
    context: int = 8192,
    calls: float = 0.0,
    pieces: Sequence[str] = (),
    width: int = 32,
    layers: int = 1,
    told_layers: int | None = None,
) -> Path:
    """A model with random weights, which writes whatever the grammar lets it.

    Args:
        path: of the file.
        seed: of the weights.
        template: for chats; None writes a file without one.
        context: tokens the model says it was made for.
        pieces: texts that are one token, besides single letters.
        width: of the model.
        layers: of the model.
        told_layers: what the file says of them, where that is not true.
        calls: how much it leans to the brace that begins a call and the quote that ends an argument.
    """
    words = _Words(pieces=pieces)
    random = np.random.default_rng(seed)
    table = random.normal(size=(len(words), width)).astype(np.float32)
    out = random.normal(size=(len(words), width)).astype(np.float32)
    table[:, 0], out[:, 0] = 4.0, 0.0
    out[words.id("{"), 0] = out[words.id('"'), 0] = calls
    return _write(
        path, words, table, out, template, context, layers=layers, told_layers=told_layers, noise=random
    )


def scripted_model(
    path: Path,
    lines: dict[str, Sequence[str]],
    *,
    choose: str,
    layers: int = 1,
    context: int = 8192,
) -> Path:
    """A model that writes one of `lines`.

    Args:
        path: of the file.
        lines: pieces of each line by its name; a piece that occurs in several is followed by the same one.
        choose: Jinja that sets ``line`` to a name from ``last``, the content of the last message.
        layers: more take longer to evaluate.
        context: the model was made for.
    """
    words = _Words(
        control=[f"<|{name}|>" for name in lines],
        pieces=[piece for line in lines.values() for piece in line],
    )
    # llama_cpp.server loses what is longer.
    assert all(len(piece.encode()) <= 32 for line in lines.values() for piece in line)
    random, width = np.random.default_rng(7), 256
    table = random.normal(size=(len(words), width)).astype(np.float32)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    out = np.zeros_like(table)
    for name, line in lines.items():
        path_of_line = [f"<|{name}|>", *line, "</s>"]
        for before, after in itertools.pairwise(path_of_line):
            out[words.id(after)] += table[words.id(before)]
    template = (
        "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}</s>{% endfor %}"
        "{% set last = messages[-1].content %}" + choose + "{{ '<|' + line + '|>' }}"
    )
    return _write(path, words, table, out, template, context, layers=layers)


class _Words:
    """The vocabulary: control tokens, all bytes, printable ASCII, whole pieces."""

    def __init__(self, control: Sequence[str] = (), pieces: Sequence[str] = ()) -> None:
        self.texts: list[str] = []
        self.kinds: list[int] = []
        self._add(TokenType.UNKNOWN, "<unk>")
        self._add(TokenType.CONTROL, "<s>", "</s>", *ROLES, *control)
        self._add(TokenType.BYTE, *(f"<0x{byte:02X}>" for byte in range(256)))
        printable = string.digits + string.ascii_letters + string.punctuation
        self._add(TokenType.NORMAL, _SPACE, *printable)
        self._add(TokenType.USER_DEFINED, *(one for one in dict.fromkeys(pieces) if len(one) > 1))

    def __len__(self) -> int:
        return len(self.texts)

    def id(self, text: str) -> int:
        return self.texts.index(text)

    def _add(self, kind: TokenType, *texts: str) -> None:
        self.texts += texts
        self.kinds += [kind] * len(texts)


def _write(
    path: Path,
    words: _Words,
    table: np.ndarray,
    out: np.ndarray,
    template: str | None,
    context: int,
    *,
    layers: int = 1,
    told_layers: int | None = None,
    noise: np.random.Generator | None = None,
) -> Path:
    width = table.shape[1]
    deep = 4 * width
    writer = GGUFWriter(str(path), "llama")
    writer.add_name("stand-in")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers if told_layers is None else told_layers)
    writer.add_feed_forward_length(deep)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_rope_dimension_count(width)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(words))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(words.texts)
    writer.add_token_scores([0.0] * len(words))
    writer.add_token_types(words.kinds)
    writer.add_bos_token_id(words.id("<s>"))
    writer.add_eos_token_id(words.id("</s>"))
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    if template is not None:
        writer.add_chat_template(template)

    def weights(*shape: int) -> np.ndarray:
        made = np.zeros(shape, np.float32) if noise is None else noise.normal(size=shape) / np.sqrt(shape[-1])
        return made.astype(np.float32)

    writer.add_tensor("token_embd.weight", table)
    writer.add_tensor("output.weight", out)
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    for layer in range(layers):
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(width, np.float32))
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", weights(width, width))
        for name, shape in (
            ("ffn_gate", (deep, width)),
            ("ffn_up", (deep, width)),
            ("ffn_down", (width, deep)),
        ):
            writer.add_tensor(f"blk.{layer}.{name}.weight", weights(*shape))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
