"""What somebody who looks at a picture describes: concepts of the vocabulary, on which side, how they stand.

"We cannot exclude a fracture" leaves it open, "a fracture is not seen" denies it. Words in another language
count where all words of a clause have English ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tools.language.doubt import is_doubtful
from tools.language.glosses import bare, heard_as
from tools.language.label_names import same_label
from tools.language.lists import Patterns, Words, read
from tools.language.sayings import FIRST, languages
from tools.language.sentences import sentences
from tools.language.standing import DENIES_FIRST, OF_A_COURSE, Standing, is_denied
from tools.language.terms import Mention, mentions
from tools.language.vocabulary import vocabulary
from tools.language.wellness import asks

Side = Literal["left", "right", "both"]
# Ours: names of diagnoses are seldom longer, and shorter words are none.
_WORDS, _SHORT = 4, 2
# Parts of a diagnosis, and commas of a list that ends in an “or”, which its first word denies as a whole.
_PARTS = re.compile(r"[,;:.!\n]+|\b(?:and|but)\b", re.I)
_LISTED = re.compile(r",(?=[^;:.]*\b(?:or|nor)\b)(?!\s*(?:or|nor)\b)(?!\s*(?:no|nothing|without)\b)", re.I)
_CLAUSE = re.compile(r"(?<=[.!?;:,\n])\s*")


class _Lists(Words):
    left: Patterns
    right: Patterns
    both: Patterns
    breaks: Patterns


@dataclass(frozen=True)
class Observation:
    """One concept that a description names.

    Attributes:
        ids: what it may be in the vocabulary; more than one where a name has several senses.
        term: the preferred name of the first of them.
        side: None where none is named.
        standing: stated, denied or left open.
    """

    ids: frozenset[str]
    term: str
    side: Side | None
    standing: Standing


def described(text: str, language: str = FIRST) -> tuple[Observation, ...]:
    """What a description names, each concept once on each side; what is stated goes before doubt."""
    found: dict[tuple[frozenset[str], Side | None], Observation] = {}
    for sentence in sentences(_heard(text, language)):
        for one in _observed(sentence.text):
            before = found.get((one.ids, one.side))
            if before is None or (before.standing != "stated" and one.standing == "stated"):
                found[one.ids, one.side] = one
    return tuple(found.values())


def says_normal(text: str, language: str = FIRST) -> bool:
    """Whether a diagnosis says that nothing is wrong, and names nothing that is.

    “Unremarkable” says so, and so does what denies all that it names: “no fracture, nothing abnormal”. What
    tells of a course (“no new fracture”) says nothing of what is there.
    """
    heard = _heard(text, language)
    if asks(heard) == "well" and not any(one.standing != "denied" for one in _everything(heard)):
        return True
    parts = [one for one in _PARTS.split(_LISTED.sub(" or", heard)) if re.search(r"\w", one)]
    return bool(parts) and all(_is_well(one) for one in parts)


def _is_well(part: str) -> bool:
    """Whether a part of a diagnosis says that all is well, or denies all that it names."""
    there = [*_observed(part)]
    if not all(one.standing == "denied" for one in there):
        return False
    if there and DENIES_FIRST.match(part.strip()):
        return not OF_A_COURSE.search(part)
    return not there and asks(part) == "well"


def same_diagnosis(name: str, names: Sequence[str], language: str = FIRST) -> bool:
    """Whether a diagnosis is one of these, by its words or by what the vocabulary knows it as.

    Args:
        name: as somebody wrote it.
        names: everything that the truth goes by, in English or in the same words.
        language: what the name is written in.
    """
    plain = " ".join(name.split())
    return bool(plain) and any(
        same_label(written, names) is not None
        for written in dict.fromkeys((plain, *bare(plain, language), heard_as(plain, language)))
    )


def names_any(text: str, names: Iterable[str]) -> str | None:
    """The first of some names that a text holds as whole words, or as another word for the same thing.

    Words that a learner's answer would be right with, in any language that is answered in, are such words.

    Args:
        text: what is looked through.
        names: diagnoses.

    Returns:
        The name, or the words of the text that mean one.
    """
    names = tuple(dict.fromkeys(one for name in names for one in (name, _without_side(name)) if one))
    for name in names:
        words = r"\W+".join(map(re.escape, re.findall(r"\w+", name)))
        if words and re.search(rf"(?<!\w){words}(?!\w)", text, re.I):
            return name
        ids = {one.id for one in vocabulary().find(name)}
        if ids and any(ids & one.ids for one in mentions(text)):
            return name
    for words in _runs(text):
        if len(words) > _SHORT and any(same_diagnosis(words, names, language) for language in languages()):
            return words
    return None


def _without_side(name: str) -> str:
    return " ".join(_side_words().sub(" ", name).split())


@cache
def _side_words() -> re.Pattern[str]:
    lists = read(_Lists, "sides")
    return re.compile(rf"\b(?:{'|'.join((*lists.left, *lists.right, *lists.both))})\b", re.I)


def _runs(text: str) -> Iterator[str]:
    """Each few words of a text that follow one another, none twice."""
    words = re.findall(r"[\w'’-]+", text)
    runs = (" ".join(words[at : at + many]) for many in range(1, _WORDS + 1) for at in range(len(words)))
    return iter(dict.fromkeys(runs))


def _heard(text: str, language: str) -> str:
    if language == FIRST:
        return text
    return " ".join(heard_as(clause, language) for clause in _CLAUSE.split(text))


def _everything(text: str) -> Iterator[Observation]:
    for sentence in sentences(text):
        yield from _observed(sentence.text)


def _observed(sentence: str) -> Iterator[Observation]:
    there = [one for one in mentions(sentence) if one.found]
    for at, one in enumerate(there):
        begin = there[at - 1].end if at else 0
        end = there[at + 1].start if at + 1 < len(there) else len(sentence)
        side = _side(_after_break(sentence[begin : one.start], first=not at), sentence[one.end : end])
        ids = frozenset(one.ids)
        term = vocabulary().concepts[min(ids)].term
        yield Observation(ids, term, side, _standing(sentence, one))


def _standing(sentence: str, one: Mention) -> Standing:
    if is_doubtful(sentence, one.start, one.end) or sentence.rstrip(' ”")').endswith("?"):
        return "open"
    return "denied" if is_denied(sentence, one.start, one.end) else "stated"


def _after_break(before: str, *, first: bool) -> str:
    """What stands before a finding and belongs to it: since the last break after the finding before."""
    ends = [one.end() for one in _breaks().finditer(before)]
    if ends:
        return before[ends[-1] :]
    return before if first else ""


def _side(before: str, after: str) -> Side | None:
    """The side that is named nearest before a finding, else first after it."""
    told = [(one.start(), side) for side, how in _sides() for one in how.finditer(before)]
    if told:
        return max(told)[1]
    after = _breaks().split(after)[0]
    told = [(one.start(), side) for side, how in _sides() for one in how.finditer(after)]
    return min(told)[1] if told else None


@cache
def _sides() -> tuple[tuple[Side, re.Pattern[str]], ...]:
    words = read(_Lists, "sides")
    each: tuple[tuple[Side, Patterns], ...] = (
        ("left", words.left), ("right", words.right), ("both", words.both),
    )  # fmt: skip
    return tuple((side, re.compile(rf"\b(?:{'|'.join(how)})\b", re.I)) for side, how in each)


@cache
def _breaks() -> re.Pattern[str]:
    return re.compile(rf"[,;:.()]|\b(?:{'|'.join(read(_Lists, 'sides').breaks)})\b", re.I)
