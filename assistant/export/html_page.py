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
    body = "\n".join(_exchange(one, copy.language) for one in copy.exchanges)
    return page(copy.title, copy.language, what, never, body)


def page(title: str, language: str, what: str, never: str, body: str) -> bytes:
    """A page that asks nobody for anything, in UTF-8.

    Args:
        title: shown, and in its head.
        language: code of its language.
        what: what the page is; empty where that is clear.
        never: what it must never be taken for.
        body: HTML.
    """
    title = escape(title)
    told = f"<p>{escape(what)}</p>" if what else ""
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{title}</title>
<style>{_style()}</style>
</head>
<body>
<header><h1>{title}</h1>{told}<p role="note">{escape(never)}</p></header>
<main>
{body}
</main>
</body>
</html>
""".encode()


def figure(data: bytes, told: str, below: str) -> str:
    """A picture in the page.

    Args:
        data: JPEG.
        told: to those who cannot see it.
        below: what stands below it.
    """
    return (
        f'<figure><img alt="{escape(told)}" src="data:image/jpeg;base64,{base64.b64encode(data).decode()}">'
        f"<figcaption>{escape(below)}</figcaption></figure>"
    )


def _exchange(one: Exchange, language: str) -> str:
    asked = escape(one.question).replace("\n", "<br>")
    said = markdown().render(answered(one, one.answer.language if one.answer else language))
    return (
        f"<article><h2>{asked}</h2>{_figures(one.attached)}"
        f'<div class="answer">{said}</div>{_figures(one.drawn)}</article>'
    )


def _figures(pictures: Sequence[Pictured]) -> str:
    return "".join(
        figure(one.data, f"{one.name}: {one.caption}", f"{one.name} · {one.caption}") for one in pictures
    )


@cache
def _style() -> str:
    return resources.files("assistant.export").joinpath("page.css").read_text("utf-8")
