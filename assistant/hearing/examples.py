"""Examples of what people say, by what they want: ``prompts/intents``, one file per intent.

A file holds ``about``, a sentence on what belongs there, and ``said``: messages by who wrote them. What one
writer wrote is kept together, so that an ear can be judged on a writer that it has not learned from.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from prompts import INTENTS
from store.errors import SetupError
from tools.language.lists import Words, read_file


def _message(text: str) -> str:
    if text != text.strip() or not text:
        raise ValueError(f"{text!r} is no message without blanks around it")
    return text


@dataclass(frozen=True)
class Example:
    """One message: what it wants, who wrote it, and in what words.

    `writer` is the kind of person who writes English so, or the code of another language.
    """

    intent: str
    writer: str
    text: str

    @property
    def language(self) -> str:
        """The code of its language (ISO 639-1)."""
        return self.writer if len(self.writer) == 2 else "en"


class _File(Words):
    about: str
    said: dict[str, tuple[Annotated[str, AfterValidator(_message)], ...]]


def examples(folder: Path = INTENTS) -> list[Example]:
    """All examples, file by file.

    Args:
        folder: where the files are.

    Raises:
        SetupError: a file has other keys, an empty message, one twice, or one that another file has too.
    """
    found = [
        Example(path.stem, writer, text)
        for path in sorted(folder.glob("*.toml"))
        for writer, texts in read_file(_File, path).said.items()
        for text in texts
    ]
    first: dict[str, Example] = {}
    for one in found:
        other = first.setdefault(one.text.casefold(), one)
        if other is not one:
            raise SetupError(f"{one.text!r} is in {other.intent}.toml and again in {one.intent}.toml.")
    return found
