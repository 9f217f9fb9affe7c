"""What terms mean, from the vocabulary, each with where the definition comes from."""

from __future__ import annotations

import re
from functools import cache

from tools.language.lists import Patterns, Words, read
from tools.language.rules import heard
from tools.language.sayings import FIRST
from tools.language.sayings import say as sentence
from tools.language.vocabulary import Concept, even, means, names, vocabulary

_TERM = heard("talk", "explain_a_term")
_QUOTED, _EXPLAINED = heard("talk", "quoted"), heard("talk", "explained")


class _Asking(Words):
    lead: Patterns
    asks: Patterns
    frame: Patterns
    after: Patterns
    between: Patterns
    used: Patterns
    trails: Patterns


@cache
def _trailing() -> re.Pattern[str]:
    """A term of few words with no more than “what?” behind it."""
    trails = "|".join(read(_Asking, "glossary").trails)
    return re.compile(rf"(?P<term>\w[\w-]+(?: [\w-]+){{0,3}}),? (?:{trails})", re.I)


@cache
def _asking() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What finds the term in a question, what joins terms, and what says where one is used."""
    words = read(_Asking, "glossary")
    lead, asks, frame, after = map("|".join, (words.lead, words.asks, words.frame, words.after))
    before = rf"\W*(?:(?:{lead})\W+)*?(?:{asks})\s+(?:(?:{frame})\s+)*\W*"
    question = rf"{before}(?P<term>.{{1,80}}?)\W*(?:\s(?:{after})\W*)*"
    return (
        re.compile(question, re.I),
        re.compile(rf"\s*(?:,|\s(?:{'|'.join(words.between)})\s)\s*(?:(?:{frame}|the)\s+)?", re.I),
        re.compile(rf"\s(?:{'|'.join(words.used)})$", re.I),
    )


@cache
def _own() -> tuple[tuple[re.Pattern[str], Concept], ...]:
    """The terms that Casebook's answers use, each with what names it in a text that is even."""
    return tuple(
        (re.compile(rf"\b(?:{'|'.join(re.escape(even(name)) for name in (one.term, *one.also))})\b"), one)
        for one in vocabulary().concepts.values()
        if one.own
    )


def definitions() -> tuple[str, ...]:
    """What the terms mean that Casebook's answers use, as it says it and as a sentence."""
    terms = [one for _, one in _own()]
    return tuple(text for one in terms for text in (say(one), f"{one.term} is {one.means}"))


def explain(text: str, language: str = FIRST) -> list[str]:
    """Explanations of the terms of Casebook's own answers that a text names, each with its source."""
    plain = even(text)
    return [say(one, language) for named, one in _own() if named.search(plain)]


def meant(clause: str) -> list[Concept]:
    """The concepts that a question asks the meaning of, such as “what is a pneumothorax?”; often none."""
    if parts := quoted(clause):
        return parts
    question, between, used = _asking()
    text = clause.replace("’", "'").strip(" ?!.")
    if trailing := _trailing().fullmatch(text):
        return vocabulary().find(trailing["term"])
    for asked in dict.fromkeys((text, used.sub("", text))):
        if found := question.fullmatch(asked):
            term = found["term"]
            parts = vocabulary().find(term) or [
                one for part in between.split(term) for one in vocabulary().find(part)
            ]
            if parts:
                return list(dict.fromkeys(parts))
    return []


def explained(question: str) -> list[Concept]:
    """The concepts that an order to explain names and nothing else: “explain Hounsfield units”."""
    return meant(question) if _TERM.search(question) else []


def quoted(question: str) -> list[Concept]:
    """The concepts that a question puts in quotes and wants explained: “it says ‘hilum’. What is that?”."""
    if not _EXPLAINED.search(question):
        return []
    found = (one for part in _QUOTED.findall(question) for one in vocabulary().find(part.strip(" .,")))
    return list(dict.fromkeys(found))


def say(concept: Concept, language: str = FIRST) -> str:
    """A concept in a sentence or two: its name, what it means and who says so; in English if need be."""
    name = names(language).get(concept.id, (concept.term,))[0]
    if concept.means is None:
        return sentence("terms_told.no_definition", language, term=name)
    told = means(language).get(concept.id)
    key = "defined" if told or language == FIRST else "defined_in_english"
    name = name[:1].upper() + name[1:]
    return sentence(
        f"terms_told.{key}", language, term=name, means=told or concept.means, source=concept.source
    )
