"""The words of a copy, as its formats share them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from assistant.answers.disclaimers import general
from assistant.export.copies import ChatCopy, Exchange
from tools.language.sayings import say

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

# Programs that read a copy make links, pictures, headings and formulas of what stands at the wrong place.
_MARKS = re.compile(r"([\\`<>\[\]$~|#!])")


def head(copy: ChatCopy) -> tuple[str, str]:
    """What the copy is, and what it must never be taken for."""
    return say("export.what", copy.language), general(copy.language)


def answered(exchange: Exchange, language: str) -> str:
    """The answer as a reader sees it, with evidence, notices and disclaimers; or that there is none."""
    said = str(exchange.answer) if exchange.answer else say("page.cut_off", language)
    return "\n\n".join([said, *exchange.gone])


def literal(text: str) -> str:
    """Text that Markdown shows as it is, line breaks kept; emphasis and lists of an answer stay."""
    return _MARKS.sub(r"\\\1", text).replace("\n", "  \n")


@cache
def markdown() -> MarkdownIt:
    """Emphasis and lists; what else Markdown knows, and HTML, stay letters."""
    from markdown_it import MarkdownIt

    return MarkdownIt("zero", {"breaks": True}).enable(["emphasis", "list", "newline", "escape"])
