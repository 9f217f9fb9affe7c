"""Examples of what people say, by what they want: one file per intent, checked when it is read.

A file holds ``about``, a sentence on what belongs there, and ``said``: messages by who wrote them. What one
writer wrote is kept together, so that an ear can be judged on a writer that it has not learned from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


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


class ExampleError(ValueError):
    """A file of examples is not as it should be."""


def examples(folder: Path | None = None) -> list[Example]:
    """All examples, file by file.

    Args:
        folder: where the files are; beside this one if it is not given.

    Raises:
        ExampleError: a file has other keys, an empty message, one twice, or one that another file has too.
    """
    found = [one for path in sorted((folder or Path(__file__).parent).glob("*.toml")) for one in _read(path)]
    first: dict[str, Example] = {}
    for one in found:
        other = first.setdefault(one.text.casefold(), one)
        if other is not one:
            raise ExampleError(f"{one.text!r} is in {other.intent}.toml and again in {one.intent}.toml.")
    return found


def _read(path: Path) -> Iterator[Example]:
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ExampleError(f"{path.name} is no TOML: {error}.") from error
    if set(held) != {"about", "said"}:
        raise ExampleError(f"{path.name} has {', '.join(sorted(held))}; a file has about and said.")
    for writer, texts in held["said"].items():
        for text in texts:
            if not isinstance(text, str) or text != text.strip() or not text:
                raise ExampleError(f"{path.name}, {writer}: {text!r} is no message without blanks around it.")
            yield Example(path.stem, writer, text)
