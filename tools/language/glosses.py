"""What a question says in another language, in the English words that the rules know: ``prompts/glosses``.

It is no translation: words and forms of questions have an English one each, and a question that holds any
other word has none, so that nothing is made of half a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Annotated

from pydantic import AfterValidator

from prompts import words_file
from tools.language.lists import Whole, Words, read
from tools.language.rules import filled
from tools.language.sayings import FIRST, offered
from tools.language.teaching_cards import titled, titles
from tools.language.vocabulary import names, vocabulary

_AS_THEY_ARE = re.compile(r"img-?\d+|\d+(?:[.,]\d+)?(?:st|nd|rd|th|mm|cm|px)?|[A-Z]\d{0,2}", re.I)
_WORD, _GAP = re.compile(r"[^\W_](?:[\w'’/-]*[^\W_])?"), re.compile(r"[^\w]+|_")
_SENTENCE = re.compile(r"(?<=[.!?;:,\n])\s+")
# Ours: the longest names of concepts and titles of cards have more words than any rule needs.
_LONGEST = 9


def _form(written: str) -> str:
    re.compile(written)
    return written


class _Form(Words):
    """How a question is asked, with groups and pieces, and how English asks it, with the groups' numbers."""

    asked: Annotated[str, AfterValidator(_form)]
    says: str


class _Gloss(Words):
    """What a file holds; ``de.toml`` says what each key is for."""

    endings: str
    idle: Whole
    pieces: dict[str, str]
    joins: dict[str, Whole]
    forms: tuple[_Form, ...]
    words: dict[str, Whole]


@lru_cache(maxsize=256)
def in_english(text: str, language: str) -> str | None:
    """A question in the English words that the rules know; None where one of its words has none.

    Args:
        text: the question.
        language: what it is in, a folder of ``prompts/sayings``.
    """
    if language not in _languages():
        return None
    if whole := offered(text, language) or titled(text, language):
        return whole
    told = [_clause(one, language) for one in _SENTENCE.split(text.replace("’", "'").strip())]
    return None if None in told else " ".join(filter(None, told))


def heard_as(text: str, language: str) -> str:
    """A question as the rules hear it: in English words if all of it has some, else as it was written."""
    return in_english(text, language) or text


def _clause(text: str, language: str) -> str | None:
    """A clause by its form, else its words, else its parts."""
    body, mark = re.fullmatch(r"[¿¡\s]*(.*?)(\W*)", text, re.S).groups()  # type: ignore[union-attr]
    for asked, says in _forms(language):
        if found := asked.fullmatch(body):
            held = [_clause(group, language) if group else "" for group in found.groups()]
            if None not in held:
                return re.sub(r"\s+", " ", says.format(*held)).strip() + mark
    if (said := _words(body, language)) is not None:
        return said + mark
    for joint, pattern in _read(language).joins.items():
        first, *rest = pattern.split(body, maxsplit=1)
        if rest and first.strip():
            held = [_clause(first.strip(), language), _clause(rest[0].strip(), language)]
            return None if None in held else f"{held[0]} {joint} {held[1]}{mark}"
    return None


def _words(body: str, language: str) -> str | None:
    told, at = [], 0
    while at < len(body):
        if gap := _GAP.match(body, at):
            told.append(gap[0])
            at = gap.end()
            continue
        found = _longest(body, at, language)
        if found is None:
            return None
        english, at = found
        told.append(english)
    return re.sub(r"\s+", " ", "".join(told)).strip()


def _longest(body: str, at: int, language: str) -> tuple[str, int] | None:
    """The English of the longest words that begin here, and where they end."""
    held = _read(language)
    found = [(one.end(), english) for english, words in held.words.items() if (one := words.match(body, at))]
    found += [(one.end(), "") for one in (held.idle.match(body, at),) if one]
    found += _named(body, at, language)
    if found:
        end, english = max(found, key=lambda one: one[0])
        return english, end
    same = _AS_THEY_ARE.match(body, at)
    word = _WORD.match(body, at)
    if same and (word is None or same.end() == word.end()):
        return same[0], same.end()
    if word and vocabulary().find(word[0]):
        return word[0], word.end()
    return None


def _named(body: str, at: int, language: str) -> list[tuple[int, str]]:
    """The concepts and cards whose names begin here."""
    found, known = [], _names(language)
    ends = [one.end() for one in islice(_WORD.finditer(body, at), _LONGEST)]
    for end in ends:
        name = body[at:end].casefold()
        if meant := next((one for one in (name, *bare(name, language)) if one in known), None):
            found.append((end, known[meant]))
    return found


@lru_cache(maxsize=64)  # a turn asks for its clauses again and again
def named(text: str, language: str) -> tuple[tuple[int, int, str], ...]:
    """Where a text names concepts of the vocabulary: start, end, preferred term; none overlaps another."""
    return tuple(_named_in(text, language))


def _named_in(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    for word in _WORD.finditer(text):
        if word.start() < at:
            continue
        if language == FIRST:
            ends = [one.end() for one in islice(_WORD.finditer(text, word.start()), _LONGEST)]
            names = [(end, text[word.start() : end]) for end in ends]
            found = [(end, meant[0].term) for end, one in names if (meant := vocabulary().find(one))]
        else:
            found = _named(text, word.start(), language) or _short(word)
        if found:
            at, term = max(found)
            yield word.start(), at, term


def _short(word: re.Match[str]) -> list[tuple[int, str]]:
    """A view, sequence or kind of picture by the abbreviation that all languages share: “pa”, “MRT”, “T2”."""
    meant = [one for one in vocabulary().find(word[0]) if one.kind in ("view", "sequence", "modality")]
    return [(word.end(), one.term) for one in meant[:1]]


def bare(name: str, language: str) -> list[str]:
    """A name without what the grammar of a language may add at its end: none in one without a gloss."""
    if language not in _languages():
        return []
    endings = _read(language).endings.split()
    return [name.removesuffix(one) for one in endings if name.endswith(one) and len(name) > len(one) + 3]


@cache
def _languages() -> frozenset[str]:
    return frozenset(path.stem for path in words_file(FIRST, "glosses").parent.glob("*.toml"))


@cache
def _names(language: str) -> dict[str, str]:
    concepts = vocabulary().concepts
    named = {
        name.casefold(): concepts[one].term for one, all_of in names(language).items() for name in all_of
    }
    return {**named, **titles(language)}


@cache
def _forms(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    held = _read(language)
    return tuple((re.compile(filled(one.asked, held.pieces, language), re.I), one.says) for one in held.forms)


@cache
def _read(language: str) -> _Gloss:
    """The gloss of a language.

    Raises:
        SetupError: its file is missing, or does not hold what it should.
    """
    return read(_Gloss, language, "glosses")
