"""The words of the field, each concept once: read from ``prompts/terms/concepts`` when first asked for.

A file holds concepts of one domain by kind: under an id what is known of it, or its other names alone.
`sources.toml` names what definitions rest on, `ambiguous.toml` the names that more than one concept goes by.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from prompts import CONCEPTS
from store.errors import SetupError
from tools.language.lists import Words, read, read_file

Kind = Literal[
    "finding", "diagnosis", "sign", "anatomy", "modality", "technique", "sequence", "view", "quality",
    "measure", "unit", "score", "physics", "morphology", "distribution", "dermoscopic structure", "word",
]  # fmt: skip
Domain = Literal["radiology", "dermatology", "both"]

SENTENCES = 2
"""The longest a definition may be. Ours: what is read at a glance."""
_SHORT = 3
"""Letters up to which a word is taken as it is written: an abbreviation has no plural of its own."""
# Ours: no longer name is asked for again and again, and what is kept has to stay small.
_OFTEN = 80

_Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
_Text = Annotated[str, Field(min_length=1)]
_END = re.compile(r"[.!?](?=\s+[^\W\d_]|\s*$)")
_WORD = re.compile(r"[\w+*%]+")
_PLURALS = {
    "ies": "y", "sses": "ss", "xes": "x", "ches": "ch", "shes": "sh", "tases": "tasis", "oses": "osis",
    "yses": "ysis", "rases": "rasis",
}  # fmt: skip
_NO_PLURAL = ("ss", "is", "us")


class _Entry(Words):
    term: _Text | None = None
    also: tuple[_Text, ...] = ()
    means: _Text | None = None
    source: _Text | None = None
    own: bool = False

    @model_validator(mode="before")
    @classmethod
    def _with_names_alone(cls, written: Any) -> Any:
        return {"also": written} if isinstance(written, list) else written

    @model_validator(mode="after")
    def _definition_is_sourced_and_short(self) -> _Entry:
        if (self.means is None) != (self.source is None):
            raise ValueError("a definition and its source go together: one is missing")
        if self.means and (len(_END.findall(self.means)) > SENTENCES or not self.means.endswith(".")):
            raise ValueError(f"a definition has at most {SENTENCES} sentences and ends with a full stop")
        return self


class ConceptFile(Words):
    """What a file of concepts may hold: concepts of one domain, by kind and id."""

    domain: Domain
    concepts: dict[Kind, dict[_Id, _Entry]]


class _Sources(Words):
    sources: dict[_Id, _Text]


class _Ambiguous(Words):
    names: dict[_Text, Annotated[tuple[_Id, ...], Field(min_length=2)]]


@dataclass(frozen=True)
class Concept:
    """One concept of the field.

    Attributes:
        id: how data refers to it.
        term: the preferred name.
        also: other names for it, those of lay people included.
        kind: what sort of thing it is.
        domain: where it is spoken of.
        means: what it is, in our own words; None where nobody has written it yet.
        source: what the definition rests on; None without one.
        own: whether Casebook's own answers use it, so that they may have to explain it.
    """

    id: str
    term: str
    also: tuple[str, ...]
    kind: Kind
    domain: Domain
    means: str | None
    source: str | None
    own: bool


@dataclass(frozen=True)
class Vocabulary:
    """All concepts, by id and by each of their names."""

    concepts: Mapping[str, Concept]
    named: Mapping[str, tuple[str, ...]]

    def find(self, name: str) -> list[Concept]:
        """What goes by a name, in British or American spelling, one or many; empty if nothing does.

        “Haemangioma of the liver” is the hepatic haemangioma, and the liver haemangioma.
        """
        forms = (even(name), *_other_forms(even(name)))
        ids = next((found for one in forms if (found := self.named.get(one))), ())
        return [self.concepts[one] for one in ids]


class _Adjectives(Words):
    parts: dict[_Text, tuple[_Text, ...]]


@cache
def _adjectives() -> Mapping[str, tuple[str, ...]]:
    """What a part of the body is called before what is there, itself included, by each of its names."""
    said = {
        even(part): tuple(map(even, (part, *names)))
        for part, names in read(_Adjectives, "adjectives").parts.items()
    }
    return {name: all_of for all_of in said.values() for name in all_of}


def _other_forms(name: str) -> Iterator[str]:
    """Other names for what is in a part of the body: “X of the part” for “part X”, and the other way."""
    what, joined, part = name.partition(" of ")
    if joined:
        called = _adjectives().get(re.sub(r"^(?:the|an?|one) ", "", part), ())
        yield from (f"{one} {what}" for one in called)
        return
    first, _, rest = name.partition(" ")
    for part in _adjectives().get(first, ()) if rest else ():
        yield f"{part} {rest}"
        yield from (f"{rest} of {article}{part}" for article in ("the ", ""))


@cache
def vocabulary() -> Vocabulary:
    """Casebook's vocabulary.

    Raises:
        SetupError: a file of it is missing, or holds what it may not hold.
    """
    return read_vocabulary(CONCEPTS)


def read_vocabulary(folder: Path) -> Vocabulary:
    """The vocabulary of a folder.

    Raises:
        SetupError: a file of it is missing, or holds what it may not hold; the text says which and what.
    """
    sources = read_file(_Sources, folder / "sources.toml").sources
    ambiguous = read_file(_Ambiguous, folder / "ambiguous.toml").names
    concepts: dict[str, Concept] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem in ("sources", "ambiguous"):
            continue
        for one in _concepts(path, sources):
            if one.id in concepts:
                raise SetupError(f"The words in {path.name} are not as they should be: {one.id!r} is twice.")
            concepts[one.id] = one
    return Vocabulary(concepts, _by_name(concepts, ambiguous))


def _concepts(path: Path, sources: Mapping[str, str]) -> list[Concept]:
    file = read_file(ConceptFile, path)
    made = []
    for kind, entries in file.concepts.items():
        for name, one in entries.items():
            if one.source and one.source not in sources:
                raise SetupError(
                    f"The words in {path.name} are not as they should be: {name} has the source "
                    f"{one.source!r}, which sources.toml does not name."
                )
            source = sources[one.source] if one.source else None
            term = one.term or name.replace("-", " ")
            made.append(Concept(name, term, one.also, kind, file.domain, one.means, source, one.own))
    return made


def _by_name(
    concepts: Mapping[str, Concept], ambiguous: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    named: defaultdict[str, list[str]] = defaultdict(list)
    for one in concepts.values():
        for name in dict.fromkeys(map(even, (one.term, *one.also))):
            named[name].append(one.id)
    allowed = {even(name): set(ids) for name, ids in ambiguous.items()}
    for name, ids in named.items():
        if len(ids) > 1 and allowed.get(name) != set(ids):
            raise SetupError(
                f"The name {name!r} belongs to {' and '.join(ids)}. Keep it with one of them, or list them "
                "all under it in ambiguous.toml."
            )
    idle = [name for name in allowed if len(named.get(name, ())) < 2]
    if idle:
        raise SetupError(f"ambiguous.toml lists {idle[0]!r}, which only one concept or none goes by.")
    return {name: tuple(ids) for name, ids in named.items()}


def even(text: str) -> str:
    """A name as it is compared: lower case, American spelling, in the singular, without marks."""
    return _evened(text) if len(text) <= _OFTEN else _evened.__wrapped__(text)


@lru_cache(maxsize=1 << 14)
def _evened(text: str) -> str:
    plain = text.lower().replace("’", "'").replace("'s", "")
    plain = plain.replace("ae", "e").replace("oe", "e").replace("our", "or")
    return " ".join([_singular(word) if word[-1] == "s" else word for word in _WORD.findall(plain)])


def _singular(word: str) -> str:
    if len(word) <= _SHORT or word.endswith(_NO_PLURAL):
        return word
    if word.endswith("es"):
        for many, one in _PLURALS.items():
            if word.endswith(many):
                return word.removesuffix(many) + one
    return word[:-1]


class _Names(Words):
    names: dict[_Id, Annotated[tuple[_Text, ...], Field(min_length=1)]]
    means: dict[_Id, _Text]


def names(language: str) -> Mapping[str, tuple[str, ...]]:
    """What concepts are called in another language, the preferred name first, by their ids; often few.

    Raises:
        SetupError: its file holds what it may not hold, or an id that no concept has.
    """
    return _in(language).names


def means(language: str) -> Mapping[str, str]:
    """What concepts are in another language, by their ids; raises as `names`."""
    return _in(language).means


@cache
def _in(language: str) -> _Names:
    path = CONCEPTS.parent / f"{language}.toml"
    held = read_file(_Names, path) if path.is_file() else _Names(names={}, means={})
    if odd := sorted((set(held.names) | set(held.means)) - set(vocabulary().concepts)):
        raise SetupError(
            f"The words in {path.name} are not as they should be: there is no concept {odd[0]!r}."
        )
    return held
