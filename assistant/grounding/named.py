"""Findings as a text names them, by the concepts that they may be, and whether one is another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tools.language.anatomy import stem
from tools.language.findings import LABEL, NORMAL, label_name
from tools.language.plain_findings import changes
from tools.language.terms import Mention, mentions
from tools.language.vocabulary import even


@dataclass(frozen=True)
class Named:
    """A finding as it is named.

    Attributes:
        name: its one name; empty if only the vocabulary knows it.
        ids: the concepts that the words may mean.
        tokens: its words as they are compared.
        more: those that say more than the name does, such as “rib” of a rib fracture.
        plain: it is a plain word next to a part of the body.
    """

    name: str
    ids: frozenset[str] = frozenset()
    tokens: tuple[str, ...] = ()
    more: frozenset[str] = frozenset()
    plain: bool = False


@dataclass(frozen=True)
class Bag:
    """The words of a sentence: their beginnings, and the concepts that it names."""

    stems: frozenset[str]
    ids: frozenset[str]


@lru_cache(maxsize=512)
def bag(text: str) -> Bag:
    """What a sentence is about, in any order."""
    named = [one.ids for one in mentions(text)]
    return Bag(frozenset(stem(one) for one in even(text).split()), frozenset().union(*named))


def named(text: str) -> Iterator[tuple[Named, int, int]]:
    """Every finding that a text names, and where; of two that overlap the longer one."""
    found = [*_labels(text), *_of_vocabulary(text), *_plain(text)]
    taken: list[tuple[int, int]] = []
    for one, start, end in sorted(found, key=lambda one: (one[1] - one[2], one[0].plain, not one[0].ids)):
        if not any(a < end and start < b for a, b in taken):
            taken.append((start, end))
            yield one, start, end


def is_same(claimed: Named, known: Named, said: str) -> bool:
    """Whether what a claim names is what the evidence names in the sentence `said`, or less than that."""
    if claimed.ids & known.ids:
        return True
    if claimed.name and claimed.name == known.name:
        return all(is_in(one, bag(said)) for one in claimed.more - set(known.tokens))
    meets = {stem(one) for one in claimed.tokens} & {stem(one) for one in known.tokens}
    if not meets or (claimed.name and known.name and not claimed.more):
        return False
    return all(is_in(one, bag(said)) for one in claimed.tokens)


def _labels(text: str) -> Iterator[tuple[Named, int, int]]:
    for one in LABEL.finditer(text):
        if label_name(one) != NORMAL:
            yield Named(label_name(one), tokens=tuple(even(one[0]).split())), *one.span()


def _of_vocabulary(text: str) -> Iterator[tuple[Named, int, int]]:
    for one in mentions(text):
        if one.found:
            yield _of_mention(text[one.start : one.end], one), one.start, one.end


def _of_mention(written: str, one: Mention) -> Named:
    inner = [(label_name(m), m[0]) for m in LABEL.finditer(written)] or [
        (name, written[a:b]) for name, a, b in changes(written)
    ]
    name, words = inner[-1] if inner else ("", written)
    return Named(name, one.ids, one.tokens, frozenset(one.tokens) - set(even(words).split()))


def _plain(text: str) -> Iterator[tuple[Named, int, int]]:
    for name, start, end in changes(text):
        yield Named(name, tokens=tuple(even(text[start:end]).split()), plain=True), start, end


def is_in(token: str, sentence: Bag) -> bool:
    """Whether a word, as it is compared, or the concept that it names is among those of a sentence."""
    return stem(token) in sentence.stems or bool(bag(token).ids & sentence.ids)
