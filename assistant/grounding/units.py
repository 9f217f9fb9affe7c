"""A sentence → the things that it says, each by one name, so that other words for the same thing meet it.

The words: ``prompts/grounding``, the vocabulary and the lists of ``prompts/language``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Annotated

from pydantic import Field

from tools.language.attributes import attributes
from tools.language.doubt import is_doubtful
from tools.language.lists import Heard, Whole, Words, read
from tools.language.modalities import MODALITY
from tools.language.places import SIDE
from tools.language.rules import heard
from tools.language.standing import DENIAL, Standing, standing
from tools.language.terms import Mention, mentions
from tools.language.vocabulary import even, vocabulary

_Phrases = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]
_Values = Annotated[dict[str, Whole], Field(min_length=2)]
Senses = frozenset[str]


class Same(Words):
    """What ``same.toml`` holds: words that say the same."""

    same: Annotated[dict[str, _Phrases], Field(min_length=1)]


class Opposed(Words):
    """What ``opposed.toml`` holds: words of which one alone can be true."""

    opposed: Annotated[dict[str, _Values], Field(min_length=1)]


class Free(Words):
    """What ``free.toml`` holds: words that say nothing of a picture, and how words are explained."""

    small: _Phrases
    telling: _Phrases
    explains: _Phrases
    breaks: _Phrases


_WORD = re.compile(r"[^\W\d_]+(?:['’](?:t|s|re|ve|ll|d)\b)?|[A-Z]+\d+|\d+(?:st|nd|rd|th)\b")
_ENDING = re.compile(
    r"(?:ations?|isation|ization|i[sz]ing|i[sz]ed|ingly|edly|ness|ities|ity|ally|ing|ed|ly|al|ic|ous|ive|ion|us|um)$"
)
# Ours: beginnings of this length tell words of the field apart and bring their endings together.
_STEM, _SHORT = 8, 5
_WELL = frozenset({"=normal", "=clear", "=benign"})
_OVER = heard("checking", "denial_is_over")
# "No description of this CT": the picture itself is of that kind, whatever else is denied.
_THIS = re.compile(r"\bthis $", re.I)
_MAYBE = heard("checking", "may_be")
# "900 by 600 pixels large" is the size of a picture.
_PIXELS = re.compile(r"\b(?:mega)?pixels?\b", re.I)
_CORRECT = heard("checking", "no_side")
_MAY_GO_ON = re.compile(r"\b(?:or|nor)\b")
# Ours: in characters, how far behind a word an "or" still joins what is denied.
_AHEAD = 25
_TWO = 2
OPEN = frozenset({"finding", "part", "term", "well", "word"})
"""Groups of what a sentence speaks of; the other groups say how it is."""


@dataclass(frozen=True)
class Unit:
    """One thing said at ``start:end`` of a sentence.

    Attributes:
        group: what sort of thing: one of `OPEN`, side, modality, an axis of `attributes` or a set of
            ``opposed.toml``.
        name: its name in the group.
        senses: what it may mean; whoever shares one says the same.
        words: the senses of its words one by one, for a name of several words.
        stands: whether it is stated, denied or left open.
        doubtful: whether it is said in doubt.
        gloss: whether it stands in an explanation of a word.
    """

    group: str
    name: str
    start: int
    end: int
    senses: Senses = frozenset()
    words: tuple[Senses, ...] = ()
    stands: Standing = "stated"
    doubtful: bool = False
    gloss: bool = False

    @cached_property
    def meanings(self) -> Senses:
        """All that it or one of its words may mean."""
        return self.senses.union(*self.words)

    @cached_property
    def marks(self) -> frozenset[str | tuple[str, str]]:
        """What it may mean, and its name in its group; two that share none have nothing in common."""
        return frozenset((*self.meanings, (self.group, self.name)))


@cache
def _free() -> Free:
    return read(Free, "free", "grounding")


@cache
def _idle() -> frozenset[str]:
    return frozenset((*_free().small, *_free().telling))


_EXPLAINED = Heard(
    lambda: re.compile(rf"(?:{'|'.join(_free().explains)}).*?(?=[;)—]|, (?:and|but|with|which)\b|$)", re.I)
)
_BREAK = Heard(
    lambda: re.compile(rf"[,:](?! (?:n?or|and (?:no|not))\b)|\b(?:{'|'.join(_free().breaks)})\b", re.I)
)


@cache
def _opposed() -> Mapping[str, Mapping[str, Heard]]:
    return read(Opposed, "opposed", "grounding").opposed


@cache
def sets() -> frozenset[str]:
    """The names of the sets of words of which one alone can be true."""
    return frozenset(_opposed())


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A word without its ending, in American spelling."""
    plain = even(word) or word.lower()
    cut = _ENDING.sub("", plain) if len(plain) > _SHORT else plain
    cut = cut if len(cut) >= len("red") else plain
    return (cut[:-1] if len(cut) > len("red") and cut[-1] in "ey" else cut)[:_STEM]


@cache
def _same() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Phrases that say the same as others, by their first word."""
    found: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for name, phrases in read(Same, "same", "grounding").same.items():
        for phrase in phrases:
            words = tuple(stem(one[0]) for one in _WORD.finditer(phrase))
            found[words[0]].append((words, f"={name}"))
    return {first: tuple(those) for first, those in found.items()}


@lru_cache(maxsize=2048)
def units(text: str) -> tuple[Unit, ...]:
    """What a sentence says, in no order."""
    text = re.sub(r"\bno finding\b", "normal    ", text, flags=re.I)
    explained = [one.span() for one in _EXPLAINED.finditer(text)]
    return tuple(
        _turned(
            replace(
                one,
                stands=_standing_of(text, one),
                doubtful=is_doubtful(text, one.start, one.end),
                gloss=any(a <= one.start < b for a, b in explained) and not _is_diagnosis(one),
            )
        )
        for one in _units(text)
    )


def _turned(one: Unit) -> Unit:
    """What is denied of two values is the other one: not displaced is undisplaced."""
    values = _opposed().get(one.group, {})
    if one.stands != "denied" or len(values) != _TWO:
        return one
    return replace(
        one, name=next(name for name in values if name != one.name), stands="stated", senses=frozenset()
    )


def _is_diagnosis(one: Unit) -> bool:
    """Whether it can only be a disease, which explains no word."""
    concepts = vocabulary().concepts
    kinds = [concepts[sense].kind for sense in one.senses if sense in concepts]
    return one.group == "finding" and bool(kinds) and all(kind == "diagnosis" for kind in kinds)


def _standing_of(text: str, one: Unit) -> Standing:
    if one.group == "modality" and _THIS.search(text[: one.start]):
        return "stated"
    how = _stands(text, one.start, one.end)
    maybe = one.group == "modality" and how == "stated" and _MAYBE.search(text[: one.start])
    return "open" if maybe else how


def _stands(text: str, start: int, end: int) -> Standing:
    """How it stands; what a denial may or may not reach over a comma or an “and” is left open."""
    how = standing(text, start, end)
    last = [one.end() for one in DENIAL.finditer(text[:start])] if how == "denied" else []
    if last and _OVER.search(text, last[-1], start):
        return "stated"
    far = bool(last) and _BREAK.search(text, last[-1], start)
    return "open" if far and not _MAY_GO_ON.search(text, last[-1], end + _AHEAD) else how


def _units(text: str) -> Iterator[Unit]:
    named = list(mentions(text))
    taken: list[tuple[int, int]] = []
    for axis, name, start, end in attributes(text):
        inside = any(one.found and one.start < end and start < one.end for one in named)
        if axis == "severity" and _PIXELS.search(text):
            continue
        if not inside or axis in ("history", "certainty"):
            taken.append((start, end))
            yield Unit(axis, name, start, end, _senses(text[start:end]))
    for one in _kinds(text):
        taken.append((one.start, one.end))
        yield one
    for kind, values in _opposed().items():
        for name, how in values.items():
            for found in how.finditer(text):
                taken.append(found.span())
                # "Not broken" names no break.
                senses = frozenset() if DENIAL.search(found[0]) else _senses(found[0])
                yield Unit(kind, name, *found.span(), senses)
    yield from _words(text, named, taken)


def _kinds(text: str) -> Iterator[Unit]:
    """The sides and kinds of picture that a text names."""
    for kind, pattern in (("side", SIDE), ("modality", MODALITY)):
        for one in pattern.finditer(text):
            if not _CORRECT.match(text, one.start()):
                yield Unit(kind, str(one.lastgroup), *one.span())


def _words(text: str, named: Sequence[Mention], taken: Sequence[tuple[int, int]]) -> Iterator[Unit]:
    words = list(_WORD.finditer(text))
    senses, spans = _all_senses([stem(one[0]) for one in words])
    for one in named:
        if one.found and not any(a <= one.start and one.end <= b for a, b in taken):
            inside = [n for n, word in enumerate(words) if one.start <= word.start() < one.end]
            whole_name = [name for a, b, name in spans if inside and a <= inside[0] and b > inside[-1]]
            ids = one.ids.union(whole_name)
            yield Unit(
                "finding", " ".join(one.tokens), one.start, one.end, ids, tuple(senses[n] for n in inside)
            )
    for n, word in enumerate(words):
        of = next((one for one in named if one.start <= word.start() < one.end), None)
        idle = word[0].lower().replace("’", "'") in _idle() or any(a <= word.start() < b for a, b in taken)
        if idle or (of and of.found):
            continue
        known = "well" if senses[n] & _WELL else "term" if any(one[0] == "=" for one in senses[n]) else "word"
        group = "part" if of else known
        yield Unit(group, word[0].lower(), *word.span(), senses[n] | (of.ids if of else frozenset()))


def _all_senses(stems: Sequence[str]) -> tuple[list[Senses], list[tuple[int, int, str]]]:
    """What each word may mean, and which words together are one phrase of those that say the same."""
    found: list[set[str]] = [{one} for one in stems]
    spans = []
    for n, one in enumerate(stems):
        for phrase, name in _same().get(one, ()):
            if tuple(stems[n : n + len(phrase)]) == phrase:
                spans.append((n, n + len(phrase), name))
                for those in found[n : n + len(phrase)]:
                    those.add(name)
    return [frozenset(one) for one in found], spans


def _senses(text: str) -> Senses:
    found, _ = _all_senses([stem(one[0]) for one in _WORD.finditer(text)])
    return frozenset().union(*found)
