"""A conversation as the text a model was trained on, by the chat template of its file.

Templates differ in what they take: some know no system message, some want content in parts. What a template
does is tried on a small conversation; where none of our ways reaches all of it, a plain layout is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from jinja2.exceptions import TemplateError

from assistant.llm.spoken import Spoken
from assistant.llm.thoughts import closed

_PROBE = (
    Spoken("system", "probe-one"),
    Spoken("user", "probe-two"),
    Spoken("assistant", "probe-three"),
    Spoken("user", "probe-four"),
)
# What running a template may raise besides its own errors: it may do anything with what it is given.
_FAILED = (TemplateError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
_NAMES = {"system": "", "user": "User: ", "assistant": "Assistant: "}


class ChatTemplate:
    """Renders conversations.

    Args:
        source: the template in Jinja, or None.
        bos: text of the token a text begins with.
        eos: text of the token it ends with.

    Attributes:
        stops: texts at which a reply ends, besides the model's own end tokens.
        digest: SHA-256 of the template; "" without one.
    """

    def __init__(self, source: str | None, *, bos: str = "", eos: str = "") -> None:
        self.digest = hashlib.sha256(source.encode()).hexdigest() if source else ""
        self._formatter: Any = _formatter(source, bos, eos) if source else None
        ways = [(system, parts) for parts in (False, True) for system in (True, False)]
        self._way = next((way for way in ways if self._reaches(*way)), None)
        self.stops: tuple[str, ...] = () if self._way else ("\nUser:",)

    def render(self, messages: Sequence[Spoken]) -> str:
        """The text up to where the assistant's reply begins."""
        return closed(self._by_template(messages, *self._way)) if self._way else _plain(messages)

    def _reaches(self, system: bool, parts: bool) -> bool:
        if self._formatter is None:
            return False
        try:
            text = self._by_template(_PROBE, system, parts)
        except _FAILED:
            return False
        return all(one.content in text for one in _PROBE)

    def _by_template(self, messages: Sequence[Spoken], system: bool, parts: bool) -> str:
        said = list(messages) if system else _without_system(messages)
        text: str = self._formatter(
            messages=[
                {
                    "role": one.role,
                    "content": [{"type": "text", "text": one.content}] if parts else one.content,
                }
                for one in said
            ],
            # Templates of models that can think aloud: answers are to begin at once.
            enable_thinking=False,
        ).prompt
        return text


def _formatter(source: str, bos: str, eos: str) -> Any:
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    try:
        return Jinja2ChatFormatter(template=source, bos_token=bos, eos_token=eos)
    except TemplateError:
        return None


def _without_system(messages: Sequence[Spoken]) -> list[Spoken]:
    """The system text before the first question."""
    if len(messages) < 2 or messages[0].role != "system":
        return [Spoken("user", one.content) if one.role == "system" else one for one in messages]
    return [Spoken("user", f"{messages[0].content}\n\n{messages[1].content}"), *messages[2:]]


def _plain(messages: Sequence[Spoken]) -> str:
    return "".join(f"{_NAMES[one.role]}{one.content}\n\n" for one in messages) + "Assistant:"
