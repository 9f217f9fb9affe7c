"""What terms mean, from the vocabulary, each with where the definition comes from."""

from __future__ import annotations

import re
from functools import cache

from tools.language.lists import Words, read
from tools.language.vocabulary import Concept, even, vocabulary


class _Asking(Words):
    before: str
    after: str
    between: str
    about: str


@cache
def _asking() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = read(_Asking, "glossary")
    whole = re.compile(rf"^\W*{words.before}(?P<term>.+?){words.after}\W*$", re.I)
    return whole, re.compile(words.between, re.I), re.compile(words.about, re.I)


@cache
def _own() -> tuple[tuple[re.Pattern[str], Concept], ...]:
    """The terms that Casebook's answers use, each with what names it in a text that is even."""
    return tuple(
        (re.compile(rf"\b(?:{'|'.join(re.escape(even(name)) for name in (one.term, *one.also))})\b"), one)
        for one in vocabulary().concepts.values()
        if one.own
    )


def definitions() -> tuple[tuple[str, str], ...]:
    """What the terms mean that Casebook's answers use, and where each definition comes from."""
    return tuple((one.means, one.source) for _, one in _own() if one.means and one.source)


def explain(text: str) -> list[str]:
    """Explanations of the terms of Casebook's own answers that a text names, each with its source."""
    plain = even(text)
    return [say(one) for named, one in _own() if named.search(plain)]


def meant(clause: str) -> list[Concept]:
    """The concepts that a question asks the meaning of, such as “what is a pneumothorax?”; often none."""
    whole, between, about = _asking()
    found = whole.match(clause)
    if not found:
        return []
    for term in dict.fromkeys((found["term"], about.sub("", found["term"]))):
        concepts = vocabulary().find(term) or [
            one for part in between.split(term) for one in vocabulary().find(part)
        ]
        if concepts:
            return list(dict.fromkeys(concepts))
    return []


def say(concept: Concept) -> str:
    """A concept in a sentence or two: its name, what it means and who says so."""
    name = concept.term[:1].upper() + concept.term[1:]
    if concept.means is None:
        also = f", also called {' or '.join(concept.also[:2])}" if concept.also else ""
        return f"{name}{also}: I know the term, but I have no definition of it with a source."
    return f"{name}: {concept.means} (Source: {concept.source}.)"
