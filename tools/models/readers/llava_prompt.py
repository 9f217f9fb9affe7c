"""How a question is put to LLaVA v1: the template's words, then the ids, piece by piece.

Which template fits BabyDoctor's weights best is not known: it was trained with ``vicuna_v1``, its own
inference scripts chose ``llava_v0``, its base was tuned with ``llava_llama_2``. The first is the default and
every reading records which was used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store.errors import SetupError

IMAGE = "<image>"
"""Where the picture stands in a prompt."""

IM_START, IM_END = "<im_start>", "<im_end>"
"""Tokens that some LLaVA v1 checkpoints were trained to see around the picture."""


@dataclass(frozen=True)
class Template:
    """The words around a question.

    Attributes:
        before: up to the picture.
        after: behind the question.
        stop: text that ends an answer, beside the end token; None where there is none.
    """

    before: str
    after: str
    stop: str | None = None


# Source: llava/conversation.py of photomz/BabyDoctor (a copy of haotian-liu/LLaVA of July 2023).
TEMPLATES: dict[str, Template] = {
    "vicuna_v1": Template(
        before="A chat between a curious user and an artificial intelligence assistant. The assistant gives "
        "helpful, detailed, and polite answers to the user's questions. USER: ",
        after=" ASSISTANT:",
    ),
    "llava_v0": Template(
        before="A chat between a curious human and an artificial intelligence assistant. The assistant gives "
        "helpful, detailed, and polite answers to the human's questions.###Human: ",
        after="###Assistant:",
        stop="###",
    ),
    "llava_llama_2": Template(
        before="[INST] <<SYS>>\nYou are a helpful language and vision assistant. You are able to understand "
        "the visual content that the user provides, and assist the user with a variety of tasks using "
        "natural language.\n<</SYS>>\n\n",
        after=" [/INST]",
    ),
}
"""Template by name, the default first."""


@dataclass(frozen=True)
class Prompt:
    """A question ready for the model.

    Attributes:
        text: all of it, with ``<image>`` where the picture stands.
        before: ids up to the picture, the begin token included. The same for every question.
        after: ids behind the picture.
        template: name of the template.
        stop: text that ends the answer, or None.
    """

    text: str
    before: list[int]
    after: list[int]
    template: str
    stop: str | None


def template_named(name: str) -> Template:
    """The template called `name`.

    Raises:
        SetupError: there is none; the text names those there are.
    """
    try:
        return TEMPLATES[name]
    except KeyError:
        known = ", ".join(TEMPLATES)
        raise SetupError(f"babydoctor has no prompt template {name!r}. There are: {known}.") from None


def build_prompt(tokenizer: Any, question: str, *, template: str, im_start_end: bool) -> Prompt:
    """Put `question` behind the picture in `template` and turn both halves into ids.

    Each half is tokenized by itself, as LLaVA does: in one piece the space between them would be counted
    differently. Around ``<im_start>`` and ``<im_end>`` spaces and newlines fall away, as they did in the
    tokenizer LLaVA v1 was trained with (transformers 4.31, whose plain added tokens strip both sides).

    Args:
        tokenizer: a ``LlamaTokenizer``.
        question: the user's words, free of `control_words`.
        template: a name of `TEMPLATES`.
        im_start_end: whether the picture stands between ``<im_start>`` and ``<im_end>``.

    Raises:
        SetupError: no such template, or the tokenizer lacks the two tokens.
    """
    words = template_named(template)
    before, after = words.before, f"\n{question}{words.after}"
    picture = f"{IM_START}{IMAGE}{IM_END}" if im_start_end else IMAGE
    text = f"{before}{picture}{after}"
    if not im_start_end:
        return Prompt(
            text,
            [tokenizer.bos_token_id, *_ids(tokenizer, before)],
            _ids(tokenizer, after),
            template,
            words.stop,
        )
    start, end = (_marker(tokenizer, token) for token in (IM_START, IM_END))
    return Prompt(
        text,
        [tokenizer.bos_token_id, *_ids(tokenizer, before.rstrip()), start],
        [end, *_ids(tokenizer, after.lstrip())],
        template,
        words.stop,
    )


def control_words(tokenizer: Any) -> list[str]:
    """What a question must not hold, as the tokenizer or the template would take it for a command."""
    return [IMAGE, *tokenizer.get_added_vocab()]


def _ids(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False).input_ids)


def _marker(tokenizer: Any, token: str) -> int:
    number = tokenizer.get_added_vocab().get(token)
    if number is None:
        raise SetupError(
            f"The picture is to stand between {IM_START} and {IM_END}, but this checkpoint has no {token}. "
            "Switch im_start_end off."
        )
    return int(number)
