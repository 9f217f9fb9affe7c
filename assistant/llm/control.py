"""What chat templates write between messages, made harmless where it stands in a message.

A user, a file header, a caption, a reader or an earlier reply may hold such a token. Whoever renders the
conversation would take it for the end of that message and the beginning of another, so it is broken by a
space that is not seen. The families are ChatML, Llama 2 and 3, Gemma, Mistral and Phi, what is written
like them, and the role words of plain layouts.
"""

from __future__ import annotations

import re

BREAK = "\u200b"
"""The invisible space."""

# Source: the chat templates of the families' published tokenizer settings.
_TOKENS = re.compile(
    r"<(?=[|｜]|/?(?!data>)\w+>|</?SYS>>)"  # <|im_start|>, <start_of_turn>, </s>, <<SYS>>; not our own <data>
    r"|\[(?=/?[A-Z_]+\])"  # [INST], [TOOL_CALLS]
)
_ROLES = re.compile(
    r"^(?P<before>[\s>#*]*)(?P<first>[a-z])(?P<rest>(?<=u)ser|(?<=h)uman|(?<=a)ssistant|(?<=s)ystem|(?<=b)ot|"
    r"(?<=a)i|(?<=m)odel|(?<=i)nstructions?|(?<=r)esponse)(?=[\s*]*:)",
    re.I | re.M,
)


def harmless(text: str) -> str:
    """`text` with an invisible space inside whatever a template might have written."""
    text = _TOKENS.sub(lambda found: found[0] + BREAK, text)
    return _ROLES.sub(rf"\g<before>\g<first>{BREAK}\g<rest>", text)
