"""What stands together: the clauses of a chat's evidence, and the parts that a sentence may be taken into."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pydantic import Field

from assistant.grounding.facts import Facts, Said
from assistant.grounding.lines import Line
from assistant.grounding.units import Free, Unit, stem, units
from tools.language.evidence import EVIDENCE
from tools.language.lists import Patterns, Words, read, whole
from tools.language.rules import heard
from tools.language.sentences import Sentence, image_ids, sentences
from tools.language.standing import Standing, standing


class Relations(Words):
    """What ``relations.toml`` holds."""

    own: Patterns
    things: Patterns
    free: Patterns
    reader: Patterns
    labels: Patterns
    said_by: tuple[str, ...] = Field(min_length=1)
    says: Patterns
    from_file: Patterns
    is_a: Patterns
    is_so: Patterns
    article: Patterns
    between: Patterns
    ends: Patterns
    shown_in: Patterns
    prepositions: Patterns
    subject: Patterns
    told_of: Patterns
    joins: Patterns
    verbs: Patterns


RELATIONS = read(Relations, "relations", "grounding")
FREE = whole(RELATIONS.free)
ENDS = whole(RELATIONS.ends)
_WORD = re.compile(r"[^\W\d_]+(?:['’]t)?")
_APART = heard("checking", "told_apart")
_JOIN = re.compile(rf"[,;:—()]|\b(?:{'|'.join(RELATIONS.joins)})\b", re.I)
VERB, BY_TOOL = whole(RELATIONS.verbs), whole((*RELATIONS.from_file, *EVIDENCE.by_tool))
_SMALL = frozenset(read(Free, "free", "grounding").small)


@dataclass(frozen=True)
class Word:
    """One word at ``start``: its stem, and how it stands there."""

    text: str
    stem: str
    start: int
    stands: Standing


@dataclass(frozen=True)
class Clause:
    """One clause of the evidence.

    Attributes:
        text: its words.
        said: the place, in all that was said, of what it belongs to; below 0 in the planner's answer.
        who: who said it.
        name: by what name.
        image_id: of which image; empty for none in particular.
    """

    text: str
    said: int
    who: str
    name: str
    image_id: str

    @cached_property
    def line(self) -> Line:
        """What it says, for looking things up in it."""
        return Line(self.who, self.name, self.image_id, units(self.text))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words."""
        return words_of(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(one.stem for one in self.words)


@dataclass(frozen=True)
class Piece:
    """A part of a sentence.

    Attributes:
        text: its words, with blanks for whom it names for them.
        start: where it begins in the sentence.
        units: what it says.
        words: its words, but for small ones.
        images: of which images; empty for none in particular.
        shown: what the chat's images are of, in lower case.
        has_verb: whether it has a verb of its own.
        is_all: whether it is the whole sentence.
    """

    text: str
    start: int
    units: tuple[Unit, ...]
    words: tuple[Word, ...]
    images: tuple[str, ...]
    shown: frozenset[str]
    has_verb: bool
    is_all: bool

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(one.stem for one in self.words)


@lru_cache(maxsize=2048)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text that are not small, each as it stands in it."""
    return tuple(
        Word(one[0].lower(), stem(one[0]), one.start(), standing(text, *one.span()))
        for one in _WORD.finditer(text)
        if one[0].lower() not in _SMALL
    )


@lru_cache(maxsize=64)
def clauses_of(said: tuple[Said, ...], floor: str) -> tuple[Clause, ...]:
    """The clauses of what was said and of the planner's answer; the user's words are none."""
    found = [
        Clause(clause, n, one.who, one.name, one.image_id)
        for n, one in enumerate(said)
        if one.who != "user"
        for clause in _clauses(one.text)
    ]
    own = sentences(floor)
    return (
        *found,
        *_facts(said),
        *(
            Clause(text, -1, "planner", "", one.images[0] if len(one.images) == 1 else "")
            for one in own
            for text in _clauses(one.text)
        ),
    )


def _facts(said: tuple[Said, ...]) -> Iterator[Clause]:
    """All that tools found an image to be, in a few words each, as one clause: that is how it is told."""
    of: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in said:
        if one.who == "tool" and not one.values and not VERB.search(one.text):
            of[one.name, one.image_id].append(one.text)
    for n, ((name, image_id), texts) in enumerate(of.items(), len(said)):
        yield Clause(". ".join(texts), n, "facts", name, image_id)


def _clauses(text: str) -> Iterator[str]:
    """The sentences of a text, and the clauses of each that has several."""
    for one in sentences(text):
        yield from (part for part in _APART.split(BY_TOOL.sub("", one.text)) if part.strip(" ."))


def pieces(text: str) -> list[tuple[int, int]]:
    """Where the parts of a sentence lie, each from one joint to the next."""
    cuts = [one.start() for one in _JOIN.finditer(text)]
    starts = [0, *cuts]
    return list(zip(starts, [*cuts, len(text)], strict=True))


def piece(sentence: Sentence, text: str, start: int, end: int, facts: Facts) -> Piece:
    """A part of a sentence.

    Args:
        sentence: the sentence.
        text: its text with blanks for whom it names for what it says.
        start: where the part begins.
        end: where it ends.
        facts: the evidence of the chat.
    """

    def is_inside(one: Unit | Word) -> bool:
        return start <= one.start < end and text[one.start] != " "

    said = sorted(filter(is_inside, units(sentence.text)), key=lambda one: one.start)
    images = tuple(f"img-{found[1]}" for found in image_ids(text[start:end])) or sentence.images
    shown = [one.body_part.lower() for one in facts.images if one.body_part]
    shown += ["skin" for one in facts.images if one.domain == "dermatology"]
    return Piece(
        text[start:end],
        start,
        tuple(one for one in said if not one.gloss),
        tuple(filter(is_inside, words_of(sentence.text))),
        images,
        frozenset(shown),
        VERB.search(text, start, end) is not None or text[start:end] != sentence.text[start:end],
        (start, end) == (0, len(text)),
    )


def stems(text: str) -> frozenset[str]:
    """The stems of the words of a text that are not small."""
    return frozenset(one.stem for one in words_of(text))
