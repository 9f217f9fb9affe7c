"""A document as one page: opened from disk, with nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from assistant.export.html_page import figure, page


class WebSheet:
    """One page of HTML; a `Document`.

    Args:
        title: of the document, shown and in its head.
        language: of what Casebook says in it.
        foot: told below the title.
    """

    def __init__(self, title: str, language: str, foot: str) -> None:
        self._title, self._language, self._foot = title, language, foot
        self._parts: list[str] = []

    def heading(self, text: str) -> None:
        """A heading."""
        self._parts.append(f"<h2>{_words(text)}</h2>")

    def text(self, text: str, *, small: bool = False, keep: bool = False) -> None:  # noqa: ARG002 - for paper
        """Words as they are, line breaks kept; nothing for none."""
        if text:
            words = f"<small>{_words(text)}</small>" if small else _words(text)
            self._parts.append(f"<p>{words}</p>")

    def lines(self, texts: Iterable[str]) -> None:
        """A list."""
        self._parts.append(f"<ul>{''.join(f'<li>{_words(one)}</li>' for one in texts)}</ul>")

    def pictures(self, pictures: Sequence[tuple[bytes, str]]) -> None:
        """Pictures: JPEG and caption."""
        self._parts.extend(figure(data, caption or self._title, caption) for data, caption in pictures)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table."""
        cells = "".join(f'<th scope="col">{_words(one)}</th>' for one in head)
        lines = "".join(f"<tr>{''.join(f'<td>{_words(one)}</td>' for one in row)}</tr>" for row in rows)
        self._parts.append(f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>")

    def file(self) -> bytes:
        """The page, in UTF-8."""
        return page(self._title, self._language, "", self._foot, "\n".join(self._parts))


def _words(text: str) -> str:
    return escape(text).replace("\n", "<br>")
