"""A chat as files that are read without Casebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.export.as_json import as_json
from assistant.export.chat_pdf import as_pdf
from assistant.export.copies import ChatCopy, copy_of
from assistant.export.html_page import as_html
from assistant.export.markdown import as_markdown

FORMATS: Mapping[str, Callable[[ChatCopy], bytes]] = {
    ".html": as_html,
    ".pdf": as_pdf,
    ".zip": as_markdown,
    ".json": as_json,
}
"""How a copy is written, by the ending of its file: a page, PDF, Markdown with its pictures, JSON."""

__all__ = ["FORMATS", "ChatCopy", "copy_of"]
