"""What a tool gives back: the answer in words with its disclaimers, as data, and its pictures."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable

from mcp_types import CallToolResult, ImageContent, TextContent

from assistant.answers.answer import Answer
from assistant.answers.disclaimers import general
from assistant.answers.outside import for_outside
from assistant.doorway.answer_shape import shaped
from tools.language.paths import without_places


def told(answer: Answer, pictures: Iterable[tuple[str, bytes]]) -> CallToolResult:
    """An answer as a result.

    What a tool must be told to go on with the chat is data, and words too: agents show their model the words.

    Args:
        answer: the answer.
        pictures: what belongs to it: key or image id, and the bytes of a PNG file.
    """
    shown = [
        ImageContent(data=base64.b64encode(data).decode(), mime_type="image/png", _meta={"casebook/of": name})
        for name, data in pictures
    ]
    return CallToolResult(
        content=[
            TextContent(text=str(for_outside(answer))),
            TextContent(text=json.dumps({"chat": answer.chat_id})),
            *shown,
        ],
        structured_content=shaped(answer),
        is_error=answer.state == "failed",
    )


def refused(why: Exception) -> CallToolResult:
    """A sentence on why there is no answer."""
    texts = (without_places(str(why)), general())
    return CallToolResult(content=[TextContent(text=text) for text in texts], is_error=True)
