"""Every word that Casebook says to models or listens for, as data beside this.

Prompts are Markdown files with ``$variables`` that `render` fills in; lists of words are TOML files in
``language``, and rules over words in ``hearing``, which `tools.language` reads and checks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

_HERE = Path(__file__).parent

SAYINGS = _HERE / "sayings"
"""Where all is that Casebook says, a folder a language; `tools.language.sayings` reads and checks it."""

CONCEPTS = _HERE / "terms" / "concepts"
"""Where the concepts of the field are, which `tools.language.vocabulary` reads and checks."""

INTENTS = _HERE / "intents"
"""Where the examples of what people say are, which `assistant.hearing.examples` reads and checks."""

UNDONE = _HERE / "undone"
"""Where the examples of what is to be left undone are; `assistant.hearing.examples` reads them too."""

CHATS = _HERE / "chats"
"""Where connected chats are, message by message; `assistant.hearing.chats` reads and checks them."""

HARKS = _HERE / "harks"
"""Where messages are that ask of what was said before; `assistant.hearing.examples` reads them too."""

TALK = _HERE / "talk"
"""Where messages are that want no tool, by what fits them; `assistant.hearing.examples` reads them too."""

QUIZ = _HERE / "quiz"
"""Where messages are that are said in a quiz, by what they want; `assistant.hearing.examples` reads them."""

LEXICON = _HERE / "lexicon"
"""Beginnings of words by what they speak of, a file a language; `assistant.hearing.lexicon` reads them."""


def render(name: str, **values: str) -> str:
    """The prompt `name` with its variables filled in.

    Raises:
        KeyError: a variable of the prompt has no value.
    """
    return _template(name).substitute(values)


def prompts() -> dict[str, str]:
    """Every prompt by its name, as it stands: variables are not filled in."""
    return {path.stem: _template(path.stem).template for path in sorted(_HERE.glob("*.md"))}


def words_file(name: str, folder: str = "language") -> Path:
    """Where the words `name` of a folder are, such as ``findings``."""
    return _HERE / folder / f"{name}.toml"


@cache
def _template(name: str) -> Template:
    return Template((_HERE / f"{name}.md").read_text(encoding="utf-8").strip())
