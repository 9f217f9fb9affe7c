"""Teaching cards, from ``prompts/teaching``: how to look, what to know, and where that is written.

A file holds cards of one subject. ``questions.toml`` holds the forms of questions that a card answers, the
folder ``asked`` the words in which people ask for a card.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from prompts import words_file
from store.errors import SetupError
from tools.language.lists import Whole, Words, read, read_file
from tools.language.sayings import FIRST, languages

LONGEST = 150
"""Words that a card's text may have: it is read in a chat."""

CardKind = Literal[
    "reading", "finding", "table", "view", "quality", "checklist", "skin words", "categories", "fact"
]
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


_Text = Annotated[str, Field(min_length=1)]
_Phrases = Annotated[tuple[Annotated[str, Field(pattern=r"^\S.*\S$")], ...], Field(min_length=1)]
_FACT: CardKind = "fact"
_QUESTIONS, _FOLDER, _ASKED = "questions", "teaching", "asked"


class Card(Words):
    """One teaching card.

    Attributes:
        id: its name in the data, in lower case with hyphens.
        title: what it is shown under.
        kind: what kind of thing it teaches.
        modalities: DICOM codes of the images that it is about; empty where that does not matter. DX stands
            for every radiograph.
        parts: parts of the body, as ``kinds.toml`` calls them; empty for any.
        words: findings, checklists and words that it answers to, as one pattern; a fact has none, it is
            found by how near it is to a question in its words.
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
    words: Whole | None = None
    text: Annotated[_Text, AfterValidator(_short)]
    source: Annotated[_Text, AfterValidator(_dated)]
    date: datetime.date
    limits: _Text

    @model_validator(mode="after")
    def _has_words_unless_a_fact(self) -> Card:
        if (self.kind == _FACT) == (self.words is not None):
            raise ValueError(f"a card has words to which it answers, unless its kind is {_FACT!r}")
        return self


class Form(Words):
    """A form of question that cards answer.

    Attributes:
        asked: how it is asked, as one pattern.
        not_with: what makes it a question about the image in view instead.
        kinds: the kinds of cards that answer it, the one that is preferred first.
        by_image: whether the kind of image in view decides where no card's word is said.
        advice: whether it is answered where its words ask for advice too.
    """

    asked: Whole
    not_with: Whole | None = None
    kinds: tuple[CardKind, ...]
    by_image: bool = False
    advice: bool = False


class _Questions(Words):
    forms: dict[str, Form]


class _File(Words):
    cards: Annotated[tuple[Card, ...], Field(min_length=1)]


class Told(Words):
    """What is read of a card, in one language; attributes as those of `Card`."""

    title: _Text
    text: Annotated[_Text, AfterValidator(_short)]
    limits: _Text


class _Told(Words):
    cards: dict[str, Told]


class Asked(Words):
    """How people ask for what a card tells, by language: whole questions, lay words, signs, abbreviations."""

    en: _Phrases
    de: _Phrases
    es: _Phrases


class _AskedFile(Words):
    asked: dict[str, Asked]


@cache
def cards() -> tuple[Card, ...]:
    """Every card, in the order of the files' names.

    Raises:
        SetupError: a file does not hold what it should; the text says where.
    """
    return read_cards(words_file(_QUESTIONS, _FOLDER).parent)


def told_in(card: Card, language: str) -> Told | None:
    """What is read of a card in another language than English; None where it exists in English only.

    Raises:
        SetupError: a file of that language does not hold what it should; the text says where.
    """
    return _translated(language).get(card.id)


@cache
def titles(language: str) -> dict[str, str]:
    """The titles that cards have in a language, in small letters, each with the English one."""
    by_id = {card.id: card.title for card in cards()}
    return {_bare(told.title): by_id[one] for one, told in _translated(language).items()}


def titled(text: str, language: str) -> str | None:
    """The English title of the card whose title in a language a text is, marks aside; None if it is none."""
    return titles(language).get(_bare(text))


@lru_cache(maxsize=256)
def language_of_title(text: str) -> str:
    """The language in which a text is a card's title, which asks for that card; empty if it is none."""
    return _languages_of_titles().get(_bare(text), "")


@cache
def _languages_of_titles() -> dict[str, str]:
    """Every title in small letters, with the first language that has it: each message is looked up here."""
    told = {title: one for one in reversed(languages()) for title in titles(one)}
    return told | {_bare(card.title): FIRST for card in cards()}


def _bare(title: str) -> str:
    return title.strip(' .?!¿¡„“”"»«').casefold()


@cache
def _translated(language: str) -> dict[str, Told]:
    known = {card.id for card in cards()}
    found: dict[str, Told] = {}
    for path in sorted((words_file(_QUESTIONS, _FOLDER).parent / language).glob("*.toml")):
        found |= read_file(_Told, path).cards
    if odd := sorted(set(found) - known):
        raise SetupError(f"{language}: there is no teaching card {odd[0]!r} in English.")
    return found


@cache
def forms() -> tuple[Form, ...]:
    """The forms of questions that cards answer, in the order that they are tried.

    Raises:
        SetupError: the file is missing, or does not hold what it should.
    """
    return tuple(read(_Questions, _QUESTIONS, _FOLDER).forms.values())


def read_cards(folder: Path) -> tuple[Card, ...]:
    """The cards of a folder.

    Raises:
        SetupError: a key is missing or unknown, a text too long, or two cards have one id or one title.
    """
    files = (path for path in sorted(folder.glob("*.toml")) if path.stem != _QUESTIONS)
    found = [card for path in files for card in read_file(_File, path).cards]
    _once((card.id for card in found), "id")
    _once((card.title.lower() for card in found), "title")
    return tuple(found)


def asked_in(card: Card, language: str) -> tuple[str, ...]:
    """How people ask for a card in a language; nothing where no file says so.

    Raises:
        SetupError: a file does not hold what it should; the text says where.
    """
    return getattr(_asked().get(card.id), language, ())


@cache
def _asked() -> dict[str, Asked]:
    return read_asked(words_file(_QUESTIONS, _FOLDER).parent / _ASKED, {card.id for card in cards()})


def read_asked(folder: Path, known: Collection[str]) -> dict[str, Asked]:
    """How people ask for cards, from the files of a folder.

    Args:
        folder: where the files are.
        known: the ids of the cards that there are.

    Raises:
        SetupError: a card is unknown, stands in two files or has no phrase, or a phrase asks for two cards.
    """
    found: dict[str, Asked] = {}
    for path in sorted(folder.glob("*.toml")):
        for card, phrases in read_file(_AskedFile, path).asked.items():
            if card not in known:
                raise SetupError(f"{path.name}: there is no teaching card {card!r}; take the id of one.")
            if card in found:
                raise SetupError(f"{path.name}: how {card!r} is asked for stands in two files; join them.")
            found[card] = phrases
    for language in Asked.model_fields:
        _of_one_card_each(found, language)
    return found


def _of_one_card_each(found: Mapping[str, Asked], language: str) -> None:
    """Refuses a phrase that stands under two cards: it does not say which of them is meant."""
    card_of: dict[str, str] = {}
    for card, phrases in found.items():
        for phrase in getattr(phrases, language):
            if (first := card_of.setdefault(_bare(phrase), card)) != card:
                both = f"{first!r} and {card!r}"
                raise SetupError(f"{language}: {phrase!r} asks for two teaching cards, {both}; leave one.")


def _once(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SetupError(f"Two teaching cards have the {what} {name!r}.")
        seen.add(name)
