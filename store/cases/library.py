"""`Library`: the user's own cases, and the look-alikes of a picture among them.

Kept in one folder: a ledger of cases, the vectors of each encoder, pictures in a `BlobStore` beside them;
Chroma keeps the vectors too, in the folder or on a server, and finds the nearest. Several threads and
processes may use it at once. Look-alikes are look-alikes: nothing here says what a picture shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.cases import reading as case_reading
from store.cases.case import Case, CaseFilter, case_id, thumbnail
from store.cases.columns import clean
from store.cases.embeddings import VectorImporter
from store.cases.encoding import Batches, LearnedEncoder, Stored, at_hand, encode_cases, missing_cases, stored
from store.cases.importing import Importer, ImportReport, Progress
from store.cases.index import open_index
from store.cases.looking import AtHand, Identify, Look, Read
from store.cases.lookup import Lookup
from store.cases.persons import Hide, Persons, nobody
from store.cases.places import Place
from store.cases.quality import NEAREST
from store.cases.search import SearchResult, count_labels
from store.cases.shelf import CollectionInfo, QualityShelf
from store.cases.table import CaseTable, Row, read_table
from store.encoders import Described, Encoder, built_in_encoders
from store.errors import CaseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image, Pixels
from store.records import Gate

__all__ = ["Case", "CaseFilter", "CollectionInfo", "ImportReport", "Library", "SearchResult"]


class Library:
    """The case library of one folder. Cheap to make; Chroma opens when it is needed.

    Every method may raise `SetupError`: database damaged, folder not writable, another version of an encoder.

    Args:
        root: the folder; made when first used.
        blobs: where pictures of cases are kept, by this library alone.
        hide: takes out of words on a case what tells who somebody is.
        place: where Chroma keeps the vectors; None for the folder.
    """

    def __init__(self, root: Path, blobs: BlobStore, hide: Hide = nobody, place: Place | None = None) -> None:
        self.index = open_index(root, place)
        self._persons = Persons(root, hide)
        self._blobs = blobs
        self._lookup = Lookup(self.index, QualityShelf(root), self._persons)

    def import_csv(
        self, path: Path, read: Read, identify: Identify, *, progress: Progress | None = None
    ) -> ImportReport:
        """Import cases from a table, or from a folder with a table or with sub-folders named for labels.

        Args:
            path: the CSV file or the folder.
            read: decodes one file.
            identify: says what a picture is, where the table names no modality.
            progress: called with (rows done, rows in all) after every batch that is kept.

        Raises:
            CaseError: the table as a whole cannot be used; nothing was imported.
        """
        return self.import_seen(path, AtHand(read, identify), progress=progress)

    def import_seen(self, path: Path, look: Look, *, progress: Progress | None = None) -> ImportReport:
        """The same with whatever `look` sees of the pictures; only this process writes."""
        if (report := self._importer(look).run(read_table(path), progress)).added:
            self.collections()  # measured now, not during the first question
        return report

    def add(self, image: Image, row: Row, gate: Gate) -> ImportReport:
        """Add the shown slice of an image as a case; `row` says what is known, `gate` what it is."""
        return self._importer(AtHand(lambda _: image, lambda _: gate)).run(CaseTable((row,)), None)

    def _importer(self, look: Look) -> Importer:
        return Importer(self.index, self._blobs, built_in_encoders(), look, self._persons)

    def import_vectors(
        self, path: Path, labels: Path, about: Stored, *, progress: Progress | None = None
    ) -> ImportReport:
        """Import cases as vectors that an encoder made elsewhere, without pictures.

        Args:
            path: an ``.npz`` file; see `store.cases.vectors`.
            labels: a CSV file with the columns key, label, …
            about: the collection to put them into, from `store.cases.encoding.imported`.
            progress: called with (vectors done, vectors in all) after every batch that is kept.

        Raises:
            CaseError: file or table cannot be used, or earlier vectors are of another version.
        """
        report = VectorImporter(self.index, about, self._persons).run(path, labels, progress)
        if report.added:
            self.collections()  # measured now, not during the first question
        return report

    def search(
        self,
        pixels: Pixels,
        domain: str,
        *,
        k: int = NEAREST,
        where: CaseFilter | None = None,
        exclude_group: str | None = None,
        encoder: Encoder | None = None,
        modality: str | None = None,
    ) -> SearchResult:
        """Find the cases that look most like a picture.

        Args:
            pixels: ``(H, W, 3)`` uint8.
            domain: ``radiology`` or ``dermatology``: which encoder, and so which collection.
            k: how many, 1 to 100.
            where: only among these.
            exclude_group: leave this group out. A query that is itself in the library always leaves out
                itself and its own group.
            encoder: a learned one, whose collection is searched; the built-in one of the domain by default.
            modality: of the picture, where it is known; the figures are then of cases of that modality.

        Raises:
            CaseError: no encoder is made for this domain.
        """
        encoder = encoder or next((e for e in built_in_encoders() if e.domain == domain), None)
        if encoder is None or encoder.domain != domain:
            raise CaseError("Only radiology and skin pictures can be looked up in the case library.")
        info = self._lookup.info(encoder)
        if not info.size:
            return SearchResult((), count_labels(info, (), modality))
        vector = encoder.encode(thumbnail(pixels))
        leave: dict[str, Any] = {"where": where, "exclude_group": exclude_group, "modality": modality}
        return self._lookup.nearest(encoder, vector, k, identity=case_id(pixels), **leave)

    def search_vector(
        self,
        encoder: Described,
        vector: NDArray[np.float32],
        *,
        k: int = NEAREST,
        where: CaseFilter | None = None,
        pixels: Pixels | None = None,
        modality: str | None = None,
    ) -> SearchResult:
        """Find the cases nearest to a unit vector.

        Args:
            encoder: made the vector; or what `described` says of the collection to search.
            vector: ``(dimension,)`` float32.
            k: how many, 1 to 100.
            where: only among these.
            pixels: the picture it stands for, which leaves out itself and its group; None for a text.
            modality: of the picture, where it is known; the figures are then of cases of that modality.
        """
        leave: dict[str, Any] = {"where": where, "exclude_group": None, "modality": modality}
        leave["identity"] = "no picture" if pixels is None else case_id(pixels)
        return self._lookup.nearest(encoder, vector, k, **leave)

    def described(self, collection: str) -> Described | None:
        """What a learned collection says of the encoder that made it; None where there is no such one."""
        with self.index.reading() as session:
            return stored(collection, session.signatures().get(collection))

    def missing(self, collection: str) -> int:
        """How many cases with a picture a learned collection lacks of those of its domain."""
        with self.index.reading() as session:
            return missing_cases(session, collection, built_in_encoders())

    def encode(
        self, encoder: LearnedEncoder, *, again: bool = False, progress: Progress | None = None
    ) -> int:
        """Describe the cases of an encoder's domain by it, in a collection beside the built-in one.

        Args:
            encoder: a learned encoder.
            again: drop what it made before; needed when another version of it did.
            progress: called with (cases done, cases in all) after every batch that is kept.

        Returns:
            How many cases were encoded now; those encoded before are left as they are.
        """
        return self.encode_by(encoder, at_hand(encoder), again=again, progress=progress)

    def encode_by(
        self, encoder: Described, encode: Batches, *, again: bool = False, progress: Progress | None = None
    ) -> int:
        """The same with vectors that `encode` gives for pictures; only this process writes."""
        if again:
            self.drop(encoder.name)
        added = encode_cases(self.index, self._blobs, encoder, encode, progress)
        self.collections()  # measured now, not during the first question
        return added

    def cases(self, where: CaseFilter | None = None, limit: int = 100, offset: int = 0) -> list[Case]:
        """Cases in the order they were imported: skin pictures, radiology, those without a picture."""
        with self.index.reading() as session:
            return case_reading.page(session, where, limit, offset)

    def case(self, case_id: str) -> Case:
        """One case; raises `CaseError` where there is none of this id."""
        with self.index.reading() as session:
            return case_reading.one(session, case_id)

    def newest(self) -> list[tuple[str, Case]]:
        """Every case with the name of its collection, those put in last first."""
        with self.index.reading() as session:
            return case_reading.newest(session)

    def count(self, where: CaseFilter | None = None) -> int:
        """How many cases there are."""
        with self.index.reading() as session:
            return case_reading.count(session, where)

    def collections(self) -> list[CollectionInfo]:
        """Every collection that holds cases, built-in first, with what it measures about itself."""
        encoders: list[Described] = list(built_in_encoders())
        names = [one.name for one in encoders]
        with self.index.reading() as session:
            told = session.signatures().items()
        others = [stored(name, signature) for name, signature in told if name not in names]
        infos = [self._lookup.info(encoder) for encoder in [*encoders, *(one for one in others if one)]]
        return [info for info in infos if info.size]

    def vectors(self, collection: str) -> tuple[list[str], list[str], list[str], NDArray[np.float32]]:
        """Everything a classifier learns from: ids, labels, groups, and unit vectors ``(N, D)`` float32.

        Args:
            collection: its name. Cases of one group (patient or lesion) never vouch for each other.

        Raises:
            CaseError: there is no such collection.
        """
        with self.index.reading() as session:
            found = session.any_collection(collection)
            if found is None:
                raise CaseError(f"The library has no collection {clean(collection, 40)!r}.")
        cases = found.cases
        return [c.id for c in cases], [c.label for c in cases], [c.group_key for c in cases], found.vectors

    def remove(self, ids: Iterable[str] = (), *, where: CaseFilter | None = None) -> int:
        """Remove cases and their pictures.

        Args:
            ids: these cases; unknown ids are passed over.
            where: and those that fit this filter.

        Returns:
            How many were removed; 0 when neither ids nor a filter that names something was given.
        """
        chosen = where if where and where.wanted() else None
        with self.index.writing() as session:
            gone = case_reading.delete_cases(session, set(ids), chosen)
            case_reading.forget_pictures(session, self._blobs, gone)
        self._forget()
        return len({case.id for case in gone})

    def relabel(self, case_id: str, label: str) -> None:
        """Give a case another label; raises `CaseError` for no such case, or an empty label."""
        name = clean(self._persons.hide(label), 100)
        if not name:
            raise CaseError("The new label is empty. Give a word or two.")
        with self.index.writing() as session:
            if not case_reading.relabel(session, case_id, name):
                raise CaseError(f"There is no case {clean(case_id, 40)!r} in the library.")
        self._forget()

    def drop(self, name: str) -> int:
        """Delete a whole collection with its pictures, also one made by another version of its encoder.

        Returns:
            How many cases it held.
        """
        with self.index.writing() as session:
            collection = session.any_collection(name)
            if collection is None:
                return 0
            session.drop(name)
            case_reading.forget_pictures(session, self._blobs, collection.cases)
        self._forget()
        return len(collection.cases)

    def rebuild(self) -> tuple[dict[str, int], list[str]]:
        """Make the search index again in the place that is set, from what the library keeps, and compare it.

        It mends a damaged index, and moves it to a server and back; see `CaseIndex.rebuild`.
        """
        return self.index.rebuild()

    def _forget(self) -> None:
        """Drop what was measured of cases that have changed since."""
        with self.index.reading() as session:
            self._lookup.shelf.forget(session.tokens())
