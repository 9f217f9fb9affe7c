r"""A scripted conversation as it is written in a TOML file, and how such a file is read.

    [[conversation]]
    name = "A student asks how large a mole is"
    turns = [
      { user = "how big is it?", add = ["mole"], about = ["img-1"], says = ['\d+ %'] },
      { user = "thanks!", no_tools = true },
    ]

Patterns are regular expressions, case ignored. What holds for every answer (disclaimers, no millimetres
without a scale, no invented diagnosis …) is not written down; see ``standing``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.evaluation.conversations.drawings import DRAWINGS
from store.errors import CaseError
from tools.models.systems.cards import READERS


def _pattern(text: str) -> str:
    re.compile(text)
    return text


def _drawing(name: str) -> str:
    if name not in DRAWINGS:
        raise ValueError(f"there is no drawing {name!r}; there are {', '.join(DRAWINGS)}")
    return name


def _reader(name: str) -> str:
    known = [one for names in READERS.values() for one in names]
    if name not in known:
        raise ValueError(f"there is no reader {name!r}; there are {', '.join(known)}")
    return name


Pattern = Annotated[str, AfterValidator(_pattern)]


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Written):
    """What the user says, and what is expected of the answer. An expectation left out is not checked.

    Attributes:
        user: the user's words.
        add: drawings that come with them, by name.
        reader: the reading model that the user picked for this turn.
        about: the images that the tools look at; those that the text names, when no tool is called.
        tools: each must be called, whether it then runs or refuses; a pattern for the whole name.
        no_tools: whether no tool must be called.
        says: each must be found in the text.
        not_says: none may be found in the text.
        remembers: what this finds in an earlier answer, letter for letter, must stand in this one.
        declines: the text must say that something is not done, and this must be found in it: the reason.
        asks_back: whether the user must be asked for something.
        disclaims: each must be found in the disclaimers.
        state: how the turn must end.
        error: the question must not be accepted, and this must be found in the sentence that says so.
        known_failure: why the built-in planner does not meet this yet.
    """

    user: str = Field(min_length=1)
    add: tuple[Annotated[str, AfterValidator(_drawing)], ...] = ()
    reader: str | None = None
    about: tuple[str, ...] | None = None
    tools: tuple[Pattern, ...] = ()
    no_tools: bool = False
    says: tuple[Pattern, ...] = ()
    not_says: tuple[Pattern, ...] = ()
    remembers: Pattern | None = None
    declines: Pattern | None = None
    asks_back: bool = False
    disclaims: tuple[Pattern, ...] = ()
    state: Literal["answered", "stopped", "failed"] = "answered"
    error: Pattern | None = None
    known_failure: str | None = None


class Conversation(_Written):
    """One chat.

    Attributes:
        name: what happens in it.
        theme: the name of its file.
        readers: readers that are set up, scripted: pattern of a question → answer; the first that fits is
            given. No reader is set up where this is empty.
        library: whether the case library holds drawn cases; it is empty otherwise.
        turns: what is said.
    """

    name: str
    theme: str
    readers: dict[Annotated[str, AfterValidator(_reader)], dict[Pattern, str]] = {}
    library: bool = False
    turns: tuple[Turn, ...] = Field(min_length=1)


def shipped() -> tuple[Path, ...]:
    """The files that come with Casebook, one per theme."""
    return tuple(sorted(Path(__file__).parent.glob("*.toml")))


def load_conversations(files: Sequence[Path] = ()) -> tuple[Conversation, ...]:
    """Read conversations.

    Args:
        files: TOML files; those that come with Casebook by default.

    Raises:
        CaseError: a file cannot be read or is not written as a conversation is; says where and why.
    """
    return tuple(one for path in files or shipped() for one in _theme(path))


def _theme(path: Path) -> list[Conversation]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path.name} cannot be read. Check its name and that it is UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{path.name} is not TOML: {error}.") from error
    written = data.pop("conversation", None)
    if data or not isinstance(written, list):
        raise CaseError(f"{path.name} must hold [[conversation]] tables and nothing else.")
    return [_conversation(path, number, one) for number, one in enumerate(written, 1)]


def _conversation(path: Path, number: int, written: Any) -> Conversation:
    try:
        return Conversation.model_validate({**written, "theme": path.stem})
    except (ValidationError, TypeError, re.error) as error:
        name = written.get("name", "no name") if isinstance(written, dict) else "no table"
        raise CaseError(f"{path.name}, conversation {number} ({name}): {_why(error)}") from error


def _why(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "a pattern is no regular expression, or the table is none."
    first = error.errors()[0]
    where = " ".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{where} is not a name that a conversation knows."
    return f"{where}: {first['msg'].removeprefix('Value error, ')}."
