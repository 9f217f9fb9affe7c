"""A chat as Markdown beside its pictures, in one zip."""

from __future__ import annotations

import io
import zipfile

from assistant.export.copies import ChatCopy, Exchange, Pictured
from assistant.export.words import answered, head, literal


def as_markdown(copy: ChatCopy) -> bytes:
    """A zip with ``chat.md`` and the pictures that it shows."""
    files: dict[str, bytes] = {}
    what, never = head(copy)
    parts = [f"# {literal(copy.title)}", literal(what), f"> {literal(never)}"]
    for n, one in enumerate(copy.exchanges, 1):
        parts += _exchange(one, copy.language, n, files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("chat.md", "\n\n".join(parts) + "\n")
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def _exchange(one: Exchange, language: str, n: int, files: dict[str, bytes]) -> list[str]:
    asked = " ".join(one.question.split())
    return [
        f"## {literal(asked)}",
        *(_figure(picture, f"{n}-{place}", files) for place, picture in enumerate(one.attached, 1)),
        literal(answered(one, language)),
        *(_figure(picture, f"{n}-drawn-{place}", files) for place, picture in enumerate(one.drawn, 1)),
    ]


def _figure(picture: Pictured, number: str, files: dict[str, bytes]) -> str:
    name = f"pictures/{number}.jpg"
    files[name] = picture.data
    return f"![{literal(f'{picture.name}: {picture.caption}')}]({name})"
