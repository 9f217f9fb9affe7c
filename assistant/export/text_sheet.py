"""A document as one file of Markdown; its pictures are in it, at the end."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

from assistant.export.words import literal


class TextSheet:
    """One file of Markdown; a `Document`.

    Args:
        title: of the document.
        language: of what Casebook says in it; Markdown does not tell it.
        foot: told below the title.
    """

    def __init__(self, title: str, language: str, foot: str) -> None:  # noqa: ARG002 - as others
        self._parts = [f"# {_line(title)}", f"> {_line(foot)}"]
        self._pictures: list[str] = []

    def heading(self, text: str) -> None:
        """A heading."""
        self._parts.append(f"## {_line(text)}")

    def text(self, text: str, *, small: bool = False, keep: bool = False) -> None:  # noqa: ARG002 - for paper
        """Words as they are, line breaks kept; nothing for none."""
        if text:
            self._parts.append(literal(text))

    def lines(self, texts: Iterable[str]) -> None:
        """A list."""
        self._parts.append("\n".join(f"- {_line(one)}" for one in texts))

    def pictures(self, pictures: Sequence[tuple[bytes, str]]) -> None:
        """Pictures: JPEG and caption."""
        for data, caption in pictures:
            name = f"picture-{len(self._pictures) + 1}"
            self._pictures.append(f"[{name}]: data:image/jpeg;base64,{base64.b64encode(data).decode()}")
            self._parts.append(f"![{_line(caption)}][{name}]")
            self.text(caption)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table, as GitHub's Markdown has it."""
        lines = [head, ["---"] * len(head), *rows]
        self._parts.append("\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines))

    def file(self) -> bytes:
        """The file, in UTF-8."""
        return ("\n\n".join([*self._parts, *self._pictures]) + "\n").encode()


def _line(text: str) -> str:
    return literal(" ".join(text.split()))


def _cell(text: str) -> str:
    return text if text == "---" else _line(text)
