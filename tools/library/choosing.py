"""Which cases of the library a clause means: by label, kind of picture, body part or kind of collection."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from store.cases.library import Case, Library
from store.records import MODALITY_WORDS, Domain, LibraryCase
from tools.language.anatomy import BODY
from tools.language.content import singular
from tools.language.label_names import named_labels
from tools.language.library import FILMS, RADIOLOGY, SKIN
from tools.language.modalities import MODALITY

_X_RAY = ("DX", "CR")


@dataclass(frozen=True)
class Held:
    """A case, and the collection that lists it with its domain."""

    case: Case
    collection: str
    domain: str


@dataclass(frozen=True)
class Choice:
    """Which cases are meant; what is empty chooses nothing.

    Attributes:
        labels: any of these.
        left_out: none of these.
        modalities: DICOM codes, any of these.
        parts: parts of the body, any of these.
        domain: of the collection.
        unknown: words that chose nothing, as no case fits them.
    """

    labels: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    domain: Domain | None = None
    unknown: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it means every case."""
        return not (self.labels or self.left_out or self.modalities or self.parts or self.domain)

    def fits(self, held: Held) -> bool:
        """Whether a case is meant."""
        case = held.case
        return (
            (not self.labels or case.label in self.labels)
            and case.label not in self.left_out
            and (not self.modalities or case.modality in self.modalities)
            and (not self.parts or singular(case.body_part) in self.parts)
            and self.domain in (None, held.domain)
        )

    def __str__(self) -> str:
        """What is meant, in words; empty for every case."""
        kinds = dict.fromkeys(MODALITY_WORDS[code].partition(" (")[0] for code in self.modalities)
        said = [
            " or ".join(f"“{label}”" for label in self.labels),
            " or ".join(kinds),
            " or ".join(self.parts),
        ]
        said += [f"not “{label}”" for label in self.left_out]
        said += [{"dermatology": "skin"}.get(self.domain, self.domain)] if self.domain else []
        return ", ".join(filter(None, said))


def held_cases(library: Library) -> list[Held]:
    """Every case of the library, those put in last first."""
    domains = {info.name: info.domain for info in library.collections()}
    return [Held(case, name, domains.get(name, "unknown")) for name, case in library.newest()]


def chosen(clause: str, held: Iterable[Held]) -> Choice:
    """The cases that a clause means among those there are."""
    cases = list(held)
    labels = dict.fromkeys(one.case.label for one in cases)
    codes = {found.lastgroup: None for found in MODALITY.finditer(clause)}
    codes |= dict.fromkeys(_X_RAY) if "DX" in codes or FILMS.search(clause) else {}
    domain: Domain | None = "dermatology" if SKIN.search(clause) else None
    if not codes and RADIOLOGY.search(clause):
        domain = "radiology"
    named = named_labels(re.sub(r"\s+", " ", FILMS.sub(" ", MODALITY.sub(" ", clause))), labels)
    rest = [word for word in named.unknown if not (SKIN.fullmatch(word) or RADIOLOGY.fullmatch(word))]
    parts = tuple(singular(word) for word in rest if BODY.fullmatch(word))
    unknown = tuple(word for word in rest if not BODY.fullmatch(word))
    modalities = tuple(code for code in codes if code)
    return Choice(named.labels, named.left_out, modalities, parts, domain, unknown)


def record_of(case: Case) -> LibraryCase:
    """A case as evidence."""
    return LibraryCase(
        case_id=case.id,
        label=case.label,
        key=case.key,
        caption=case.caption,
        modality=case.modality or None,
        body_part=case.body_part or None,
        source=case.source,
        licence=case.licence,
    )
