"""Teaching cards as data: how to look, what to know, and where that is written. Checked when they are read.

A file holds cards of one subject. `questions.toml` holds the forms of questions that a card answers.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

LONGEST = 150
"""Words that a card's text may have: it is read in a chat."""

CardKind = Literal["reading", "finding", "table", "view", "quality", "checklist", "skin words", "categories"]
Modality = Literal["DX", "CT", "MR", "US", "MG", "XC", "DMS"]


def _short(text: str) -> str:
    if "\n\n" in text:
        raise ValueError("a card's text is one paragraph, without an empty line")
    if len(text.split()) > LONGEST:
        raise ValueError(f"a card's text has {len(text.split())} words; at most {LONGEST} are read in a chat")
    return text.strip()


def _dated(source: str) -> str:
    if not re.search(r"\b(?:18|19|20)\d\d\b", source):
        raise ValueError("a source names its year")
    return source


def _pattern(words: Any) -> re.Pattern[str]:
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError("no list of words")
    try:
        found = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.I)
    except re.error as error:
        raise ValueError(f"a word is no pattern: {error}") from error
    if found.match(""):
        raise ValueError("a word matches nothing at all, so it matches everywhere")
    return found


_Text = Annotated[str, Field(min_length=1)]
_Pattern = Annotated[re.Pattern[str], BeforeValidator(_pattern)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Card(_Data):
    """One teaching card.

    Attributes:
        id: its name in the data, in lower case with hyphens.
        title: what it is shown under.
        kind: what kind of thing it teaches.
        modalities: DICOM codes of the images that it is about; empty where that does not matter. DX stands
            for every radiograph.
        parts: parts of the body, as ``prompts/terms/kinds.toml`` calls them; empty for any.
        words: findings, checklists and words that it answers to, as one pattern.
        text: short steps, at most `LONGEST` words.
        source: who wrote that, where, in which year.
        date: when the card was last checked against it.
        limits: what it does not say or cannot do.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
    title: _Text
    kind: CardKind
    modalities: tuple[Modality, ...] = ()
    parts: tuple[_Text, ...] = ()
    words: _Pattern
    text: Annotated[_Text, AfterValidator(_short)]
    source: Annotated[_Text, AfterValidator(_dated)]
    date: datetime.date
    limits: _Text


class Form(_Data):
    """A form of question that cards answer.

    Attributes:
        asked: how it is asked, as one pattern.
        not_with: what makes it a question about the image in view instead.
        kinds: the kinds of cards that answer it, the one that is preferred first.
        by_image: whether the kind of image in view decides where no card's word is said.
        advice: whether it is answered where its words ask for advice too.
    """

    asked: _Pattern
    not_with: _Pattern | None = None
    kinds: tuple[CardKind, ...]
    by_image: bool = False
    advice: bool = False


class _Questions(_Data):
    forms: dict[str, Form]


class _File(_Data):
    cards: Annotated[tuple[Card, ...], Field(min_length=1)]


@cache
def cards() -> tuple[Card, ...]:
    """Every card of the files beside this, in the order of the files' names.

    Raises:
        ValueError: a file does not hold what it should; the text says where.
    """
    names = sorted(path for path in Path(__file__).parent.glob("*.toml") if path.stem != "questions")
    return read_cards({path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in names})


@cache
def forms() -> tuple[Form, ...]:
    """The forms of questions that cards answer, in the order that they are tried.

    Raises:
        ValueError: the file does not hold what it should.
    """
    path = Path(__file__).parent / "questions.toml"
    return tuple(_Questions.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).forms.values())


def read_cards(files: Mapping[str, Mapping[str, Any]]) -> tuple[Card, ...]:
    """Check what files hold and make cards of it.

    Args:
        files: what each holds, by its name.

    Raises:
        ValueError: a key is missing or unknown, a text too long, or two cards have one id or one title.
    """
    found = [card for held in files.values() for card in _File.model_validate(held).cards]
    _once((card.id for card in found), "id")
    _once((card.title.lower() for card in found), "title")
    return tuple(found)


def _once(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"Two cards have the {what} {name!r}.")
        seen.add(name)
