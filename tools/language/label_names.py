"""Which labels of somebody's library a text names: by their words, or by what the vocabulary knows them as.

A "mole" is thereby found where the library says "nevus", and "basal cell carcinoma" is no "carcinoma".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tools.language.glosses import in_english
from tools.language.library import IDLE, WITHOUT, library_words, numbers
from tools.language.lists import Heard, either
from tools.language.sayings import languages
from tools.language.vocabulary import even, vocabulary

# Ours: names of the field have fewer words.
_WORDS = 6
_SHORT = 4
_BEFORE = Heard(lambda: either(library_words().alike_before))
_BESIDE = Heard(lambda: either(library_words().alike_beside))
_AFTER = Heard(lambda: either(library_words().alike_after))
_MARK = re.compile(r"[,.;:!?](?=\s|$)")
_CLAUSE_END = re.compile(r"[,.;:!?](?=\s|$)|\b(?:to|as|like|that|which|for|in)\b", re.I)
_ENDS = re.compile(r"[,;:.!?](?=\s|$)|\b(?:but|only|and (?:show|give|list))\b", re.I)


@dataclass(frozen=True)
class Named:
    """What a text names of the labels there are.

    Attributes:
        labels: those that are meant.
        left_out: those that are not.
        unknown: words that may be meant for a label, and fit none.
    """

    labels: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def named_labels(text: str, labels: Iterable[str]) -> Named:
    """The labels that a text names, and those that it leaves out ("all but the naevi")."""
    there = tuple(labels)
    found: dict[bool, dict[str, None]] = {True: {}, False: {}}
    unknown: dict[str, None] = {}
    for kept, part in _parts(text):
        for words, meant in _segments(part, there):
            found[kept].update(dict.fromkeys(meant))
            if not meant:
                unknown[words] = None
    left_out = tuple(found[False])
    return Named(tuple(one for one in found[True] if one not in left_out), left_out, tuple(unknown))


def alike_labels(question: str, labels: Iterable[str]) -> tuple[str, ...]:
    """The labels that look-alikes are to have: “only melanoma”, “a naevus that looks like it”; () for any."""
    there = tuple(labels)
    named = [named_labels(part, there) for part in _alike_parts(question)]
    found = {label: None for one in named for label in one.labels}
    left_out = [label for one in named for label in one.left_out]
    return tuple(found) or tuple(one for one in there if left_out and one not in left_out)


def names_a_finding(clause: str) -> bool:
    """Whether a clause names a finding or diagnosis of the vocabulary."""
    return any(_is_of_the_field(words) for words, _ in _segments(clause, ()))


def chooses_alike(clause: str) -> bool:
    """Whether a clause begins like a choice among look-alikes: “only melanomas”, “just the ones I like”."""
    return _BEFORE.match(clause.lstrip(" ,.:;-")) is not None


def chooses_by_name(clause: str, labels: Iterable[str]) -> bool:
    """Whether it is nothing but such a choice, of these labels or of findings of the vocabulary."""
    named = named_labels(clause, labels)
    plain = all(_is_of_the_field(word) for word in named.unknown)
    return chooses_alike(clause) and plain and bool(named.labels or named.left_out or named.unknown)


def _alike_parts(question: str) -> Iterator[str]:
    """The parts of a question that say which look-alikes are meant."""
    if before := _BEFORE.search(question):
        yield question[before.end() :]
    if beside := _BESIDE.search(question):
        yield _CLAUSE_END.split(question[beside.end() :])[0]
    if after := _AFTER.search(question):
        yield _MARK.split(question[: after.start()])[-1]


def same_label(name: str, labels: Iterable[str]) -> str | None:
    """The label there is for what goes by a name: the same word, or one for the same thing."""
    there = tuple(labels)
    exact = [one for one in there if one.casefold() == name.casefold()]
    return next(iter([*exact, *(one for one in there if _is_same(even(name), one))]), None)


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """The parts of a text that choose, and those that leave out, until their mark or “but”."""
    at = 0
    for found in WITHOUT.finditer(text):
        if found.start() < at:
            continue
        yield True, text[at : found.start()]
        end = _ENDS.search(text, found.end())
        at = end.start() if end else len(text)
        yield False, text[found.end() : at]
    yield True, text[at:]


def _segments(text: str, labels: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The longest names in a text, each with the labels that it means; then other words that choose."""
    words = re.findall(r"[\w+*%'-]+", text.replace("’", "'"))
    at = 0
    while at < len(words):
        for size in range(min(_WORDS, len(words) - at), 0, -1):
            name = " ".join(words[at : at + size])
            meant = _meant(name, labels) or _meant(_in_english(name), labels)
            if meant or _is_of_the_field(name):
                yield name, meant
                at += size
                break
        else:
            if _may_choose(words[at]):
                number = f" {words[at + 1]}" if words[at + 1 : at + 2] and words[at + 1].isdigit() else ""
                yield words[at] + number, _holding(words[at], labels)
            at += 1


@lru_cache(maxsize=512)
def _in_english(name: str) -> str:
    """A name of another language in English; empty where it has none, or may choose nothing."""
    if not _may_choose(name.split(maxsplit=1)[0]) or _is_of_the_field(name):
        return ""
    return next(filter(None, (in_english(name, language) for language in languages())), "")


def _may_choose(word: str) -> bool:
    number = word.isdigit() or word.lower() in numbers()
    return len(word) > 2 and not number and not IDLE.fullmatch(word)


def _meant(name: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    key = even(name)
    exact = tuple(one for one in labels if key and _is_same(key, one))
    if exact or not key:
        return exact
    return _holding(name, labels) if _is_of_the_field(name) else ()


def _is_same(key: str, label: str) -> bool:
    known = vocabulary().named
    other = even(label)
    return key == other or bool(set(known.get(key, ())) & set(known.get(other, ())))


def _is_of_the_field(name: str) -> bool:
    """Whether a name is a word of the vocabulary that may be a label."""
    known = any(
        one.kind in ("finding", "diagnosis", "sign", "morphology", "dermoscopic structure")
        for one in vocabulary().find(name)
    )
    return known and not IDLE.fullmatch(name)


def _holding(word: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    """The labels that a word is a part of: “keratoses” of “actinic keratosis”."""
    key = even(word)
    if len(key) < _SHORT:
        return ()
    return tuple(one for one in labels if re.search(rf"(?<!\w){re.escape(key)}(?!\w)", even(one)))
