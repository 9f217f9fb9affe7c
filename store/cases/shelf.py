"""`CollectionInfo`: what a collection holds and measured about itself, kept until the library changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.cases.case import Case
from store.cases.quality import NEAREST, Quality, measure_quality
from store.encoders import Described
from store.records import MODALITY_WORDS
from store.whole_file import write_whole


@dataclass(frozen=True)
class Trust:
    """How far look-alikes among pictures of one kind can be trusted.

    Attributes:
        precision: share of the nearest six of other groups with the same label, or None when there are too
            few or too uniform cases to say.
        chance: the same for six at random, or None.
    """

    precision: float | None = None
    chance: float | None = None


@dataclass(frozen=True)
class CollectionInfo:
    """One collection of the library.

    Attributes:
        name: name of the collection.
        encoder: the encoder with its version.
        domain: which pictures it holds.
        size: how many cases.
        labels: how many cases per label, most frequent first.
        licences: how many cases per licence; "" for unknown.
        precision: share of the nearest six of other groups and the same modality with the same label, or
            None when the collection is too small or too uniform to say.
        chance: the same for six at random, or None.
        near: similarity from which a look-alike counts as near, or None when that cannot be said.
    """

    name: str
    encoder: str
    domain: str
    size: int
    labels: dict[str, int]
    licences: dict[str, int]
    precision: float | None
    chance: float | None
    near: float | None
    within: dict[str, Trust] = field(default_factory=dict)
    """The same for each modality, where there is more than one; "" is cases of no known modality."""

    def trust(self, modality: str | None) -> tuple[Trust, str]:
        """What is measured for pictures of a modality, and whose figure that is ("" for the whole)."""
        if modality in self.within:
            return self.within[modality], modality
        return Trust(self.precision, self.chance), ""

    @property
    def sentence(self) -> str:
        """How far the collection can be trusted, for people."""
        return quality_sentence(self.precision, self.chance)


def quality_sentence(precision: float | None, chance: float | None, k: int = NEAREST, among: str = "") -> str:
    """Say how often the nearest `k` cases share the label, and how often they would by chance.

    Args:
        precision: share of the nearest with the same label, or None where that cannot be said.
        chance: the same for random cases, or None.
        k: how many nearest.
        among: the modality whose cases were measured; "" for the whole collection.
    """
    which = f"the {MODALITY_WORDS.get(among, among)} part of this collection" if among else "this collection"
    if precision is None or chance is None:
        return (
            f"{which[0].upper()}{which[1:]} is too small or too uniform to say how often its nearest cases "
            "share a label: it takes 20 groups and two labels that occur in several groups."
        )
    nearest = "six" if k == NEAREST else str(k)
    return (
        f"In {which} {100 * precision:.0f} % of the nearest {nearest} share the label; "
        f"by chance {100 * chance:.0f} %."
    )


class QualityShelf:
    """Keeps the last `CollectionInfo` of each collection with the state of the library it belongs to.

    Args:
        root: the library folder; the shelf is one small file per collection in it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held: dict[str, tuple[str, CollectionInfo]] = {}

    def find(self, encoder: Described, token: str) -> CollectionInfo | None:
        """What was measured in this state of the library, by this or another process, or None."""
        held = self._held.get(encoder.name)
        if held is None or held[0] != token:
            held = self._read(encoder)
        if held is None or held[0] != token:
            return None
        self._held[encoder.name] = held
        return held[1]

    def measure(
        self, encoder: Described, token: str, held: tuple[list[Case], NDArray[np.float32]] | None
    ) -> CollectionInfo:
        """Measure a collection and keep the result.

        Args:
            encoder: the encoder of the collection.
            token: the state of the library that `held` belongs to.
            held: the cases and their unit vectors ``(N, D)``, or None for no collection.
        """
        info = _measure(encoder, *(held or ([], np.zeros((0, encoder.dimension), np.float32))))
        self._held[encoder.name] = (token, info)
        write_whole(self._file(encoder), json.dumps({"token": token, "info": asdict(info)}))
        return info

    def forget(self) -> None:
        """Drop what was measured, labels included; it is measured again when it is asked for."""
        self._held.clear()
        for file in self._root.glob("measured-*.json"):
            file.unlink(missing_ok=True)

    def _file(self, encoder: Described) -> Path:
        return self._root / f"measured-{encoder.name}.json"

    def _read(self, encoder: Described) -> tuple[str, CollectionInfo] | None:
        try:
            data = json.loads(self._file(encoder).read_text("utf-8"))
            within = {kind: Trust(**one) for kind, one in data["info"].pop("within").items()}
            return str(data["token"]), CollectionInfo(**data["info"], within=within)
        except (OSError, ValueError, KeyError, TypeError):
            return None  # measured anew


def _measure(encoder: Described, cases: list[Case], vectors: NDArray[np.float32]) -> CollectionInfo:
    labels = [case.label for case in cases]
    quality, within = None, {}
    if cases:
        kinds = [case.modality for case in cases]
        quality = _quality(cases, vectors, kinds)
        if len(set(kinds)) > 1:
            within = {kind: _trust_within(kind, cases, vectors) for kind in sorted(set(kinds))}
    return CollectionInfo(
        name=encoder.name,
        encoder=f"{encoder.name}, version {encoder.version}",
        domain=encoder.domain,
        size=len(cases),
        labels=dict(Counter(labels).most_common()),
        licences=dict(Counter(case.licence for case in cases).most_common()),
        precision=quality.precision if quality else None,
        chance=quality.chance if quality else None,
        near=quality.near if quality else encoder.near_floor,
        within=within,
    )


def _quality(
    cases: Sequence[Case], vectors: NDArray[np.float32], kinds: Sequence[str] | None = None
) -> Quality | None:
    # A label in capitals is the same label.
    labels = [case.label.casefold() for case in cases]
    return measure_quality(vectors, labels, [case.group_key for case in cases], kinds)


def _trust_within(kind: str, cases: Sequence[Case], vectors: NDArray[np.float32]) -> Trust:
    rows = [row for row, case in enumerate(cases) if case.modality == kind]
    quality = _quality([cases[row] for row in rows], vectors[rows])
    return Trust(quality.precision, quality.chance) if quality else Trust()
