"""Marks around text that is data: what comes from images, file headers, captions, cases and readers.

The marks are made of characters that no text between them can hold, so data cannot end its own marks and go
on as if it were an instruction, nor begin a chat template's own tokens such as ``<|im_start|>``.
"""

from __future__ import annotations

import re

from tools.language.sayings import say

OPEN, CLOSE = "<data>", "</data>"
# Templates that write their tokens in brackets: [INST], [/INST], [TOOL_RESULTS] …
_BRACKETED = re.compile(r"\[(?=/?[A-Z_]+\])")
_BETWEEN = re.compile(f"{OPEN}(.*){CLOSE}", re.DOTALL)


def as_data(text: str) -> str:
    """`text` between marks that it cannot forge."""
    harmless = _BRACKETED.sub("(", text.replace("<", "‹").replace(">", "›"))
    return f"{OPEN}{harmless}{CLOSE}"


def shortened(marked: str, chars: int) -> str:
    """Marked data cut to about `chars` characters, with a remark where it was cut, inside its marks."""
    found = _BETWEEN.fullmatch(marked)
    text = found[1] if found else marked
    if len(text) <= chars:
        return marked
    cut = text[:chars] + " " + say("answer.left_out", count=len(text) - chars)
    return f"{OPEN}{cut}{CLOSE}" if found else cut
