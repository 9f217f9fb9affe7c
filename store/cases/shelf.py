"""`CollectionInfo`: what a collection holds and measured about itself, kept until the collection changes."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from store.cases.case import Case
from store.cases.held import Held
from store.cases.quality import NEAREST, Around, Quality, measure_quality
from store.cases.surroundings import Surroundings
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
    """Keeps the last `CollectionInfo` of each collection with the token of the state it belongs to.

    Args:
        root: the library folder; the shelf is two small files per collection in it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held: dict[str, tuple[str, CollectionInfo]] = {}
        self._lock = threading.Lock()

    def find(self, name: str, token: str) -> CollectionInfo | None:
        """What was measured of a collection in this state, by this or another process, or None."""
        held = self._held.get(name)
        if held is None or held[0] != token:
            held = self._read(self._file(name))
        if held is None or held[0] != token:
            return None
        self._held[name] = held
        return held[1]

    def measure(self, encoder: Described, held: Held) -> CollectionInfo:
        """Measure a collection and keep the result; of several who ask at once, one measures."""
        with self._lock:
            token = held.standing.token
            found = self.find(encoder.name, token)
            if found is not None:
                return found
            surroundings = Surroundings(self._root / f"around-{encoder.name}.npz", held)
            info = _measure(encoder, held, surroundings)
            surroundings.keep()
            self._held[encoder.name] = (token, info)
            write_whole(self._file(encoder.name), json.dumps({"token": token, "info": asdict(info)}))
            return info

    def forget(self, tokens: Mapping[str, str]) -> None:
        """Drop what was measured in another state than these, labels included."""
        files = {self._file(name): token for name, token in tokens.items()}
        for name, (token, _) in list(self._held.items()):
            if tokens.get(name) != token:
                self._held.pop(name, None)
        for file in self._root.glob("measured-*.json"):
            read = self._read(file)
            if read is None or files.get(file) != read[0]:
                file.unlink(missing_ok=True)
        for file in self._root.glob("around-*.npz"):
            if file.stem.removeprefix("around-") not in tokens:
                file.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._root / f"measured-{name}.json"

    def _read(self, file: Path) -> tuple[str, CollectionInfo] | None:
        try:
            data = json.loads(file.read_text("utf-8"))
            within = {kind: Trust(**one) for kind, one in data["info"].pop("within").items()}
            return str(data["token"]), CollectionInfo(**data["info"], within=within)
        except (OSError, ValueError, KeyError, TypeError):
            return None  # measured anew


def no_cases(encoder: Described) -> CollectionInfo:
    """What is said of a collection that is not there."""
    return _info(encoder, [], None, {})


def _measure(encoder: Described, held: Held, surroundings: Surroundings) -> CollectionInfo:
    cases, quality, within = held.cases, None, {}
    kinds = [case.modality for case in cases]
    if cases:
        quality = _quality(held, range(len(cases)), surroundings, "", kinds)
        if len(set(kinds)) > 1:
            within = {kind: _trust_within(held, kind, surroundings) for kind in sorted(set(kinds))}
    return _info(encoder, cases, quality, within)


def _info(
    encoder: Described, cases: Sequence[Case], quality: Quality | None, within: dict[str, Trust]
) -> CollectionInfo:
    return CollectionInfo(
        name=encoder.name,
        encoder=f"{encoder.name}, version {encoder.version}",
        domain=encoder.domain,
        size=len(cases),
        labels=dict(Counter(case.label for case in cases).most_common()),
        licences=dict(Counter(case.licence for case in cases).most_common()),
        precision=quality.precision if quality else None,
        chance=quality.chance if quality else None,
        near=quality.near if quality else encoder.near_floor,
        within=within,
    )


def _quality(
    held: Held,
    rows: Sequence[int],
    surroundings: Surroundings,
    part: str,
    kinds: Sequence[str] | None = None,
) -> Quality | None:
    cases = [held.cases[row] for row in rows]
    vectors = held.vectors if len(rows) == len(held.cases) else held.vectors[rows]
    groups = [case.group_key for case in cases]

    def around() -> Around:
        return surroundings.find(part, vectors, groups, kinds)

    # A label in capitals is the same label.
    return measure_quality(vectors, [case.label.casefold() for case in cases], groups, kinds, around)


def _trust_within(held: Held, kind: str, surroundings: Surroundings) -> Trust:
    rows = [row for row, case in enumerate(held.cases) if case.modality == kind]
    quality = _quality(held, rows, surroundings, f"within {kind}")
    return Trust(quality.precision, quality.chance) if quality else Trust()
