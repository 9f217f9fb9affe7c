"""A chat as one page: opened from disk, printed to PDF by any browser, with nothing fetched from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib import resources

from assistant.export.copies import ChatCopy, Exchange, Pictured
from assistant.export.words import answered, head, markdown

# No script, no picture from elsewhere: whatever a model wrote, this page asks nobody for anything.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def as_html(copy: ChatCopy) -> bytes:
    """The page, in UTF-8."""
    what, never = head(copy)
    title = escape(copy.title)
    body = "\n".join(_exchange(one, copy.language) for one in copy.exchanges)
    return f"""<!doctype html>
<html lang="{copy.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{title}</title>
<style>{_style()}</style>
</head>
<body>
<header><h1>{title}</h1><p>{escape(what)}</p><p role="note">{escape(never)}</p></header>
<main>
{body}
</main>
</body>
</html>
""".encode()


def _exchange(one: Exchange, language: str) -> str:
    asked = escape(one.question).replace("\n", "<br>")
    said = markdown().render(answered(one, one.answer.language if one.answer else language))
    return (
        f"<article><h2>{asked}</h2>{_figures(one.attached)}"
        f'<div class="answer">{said}</div>{_figures(one.drawn)}</article>'
    )


def _figures(pictures: Sequence[Pictured]) -> str:
    return "".join(
        f'<figure><img alt="{escape(f"{one.name}: {one.caption}")}" '
        f'src="data:image/jpeg;base64,{base64.b64encode(one.data).decode()}">'
        f"<figcaption>{escape(one.name)} · {escape(one.caption)}</figcaption></figure>"
        for one in pictures
    )


@cache
def _style() -> str:
    return resources.files("assistant.export").joinpath("page.css").read_text("utf-8")
