"""What a document is written with, whatever file it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol


class Document(Protocol):
    """Headings, words, lists, pictures and tables, from top to bottom.

    It is made with a title, the language of what Casebook says in it, and what must always stand with it.
    """

    def heading(self, text: str) -> None:
        """A heading."""

    def text(self, text: str, *, small: bool = False, keep: bool = False) -> None:
        """Words as they are, line breaks kept, with what follows if wished; nothing for none."""

    def lines(self, texts: Iterable[str]) -> None:
        """A list."""

    def pictures(self, pictures: Sequence[tuple[bytes, str]]) -> None:
        """Pictures: JPEG and caption."""

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table."""

    def file(self) -> bytes:
        """The file. The same content is the same bytes."""


class Kind(Protocol):
    """Makes a document of one kind."""

    def __call__(self, title: str, language: str, foot: str) -> Document:
        """A document with nothing in it but its title."""
