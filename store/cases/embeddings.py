"""Importing cases as vectors that were computed elsewhere, without their pictures.

They go into a collection of their own beside what is encoded here: which version of an encoder made them
must be told, and vectors of two versions are never put together. A batch of cases appears in the library at
once; whatever ends the import, running it again goes on from there.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from store.cases.case import Case
from store.cases.cells import Cells, Skipped, read_sheet
from store.cases.columns import clean
from store.cases.encoding import Stored
from store.cases.held import Held
from store.cases.importing import ImportReport, Progress, hidden_in
from store.cases.index import CaseIndex
from store.cases.ledger import Entries
from store.cases.persons import Persons
from store.cases.session import WritingSession
from store.cases.vectors import Pending, Unusable, VectorFile
from store.errors import CaseError

# Ours: 6 MB of the longest vectors; a batch holds the library for well under a second.
_BATCH = 128
# Likeness from which two vectors are the same one. Ours: a vector kept in 16 bits stays above it by far, and
# the vector of another picture does not reach it.
_SAME = 0.99999


@dataclass(frozen=True)
class _Ready:
    row: Cells
    key: str
    case: Case
    vector: NDArray[np.float32]


@dataclass
class VectorImporter:
    """One import of vectors into one library; `run` it once.

    Args:
        index: the library's.
        about: the collection and the version that made the vectors; a dimension of 0 takes the first one's.
        persons: the stand-ins of the library.
    """

    index: CaseIndex
    about: Stored
    persons: Persons
    _pending: list[_Ready] = field(default_factory=list)
    _skipped: list[Skipped] = field(default_factory=list)
    _length: int = 0
    _added: int = 0
    _already_there: int = 0
    _unlabelled: int = 0
    _hidden: int = 0

    def run(self, file: Path, labels: Path, progress: Progress | None) -> ImportReport:
        """Import every vector that the table names.

        Raises:
            CaseError: the file or the table as a whole cannot be used, or the collection holds vectors of
                another version.
        """
        start = time.monotonic()
        sheet = read_sheet(labels, "key", ("id", "image", "path"))
        rows = dict(self._by_key(sheet.rows))
        self._check_version()
        with VectorFile(file) as vectors:
            used: set[int] = set()
            for done, (key, pending) in enumerate(vectors, start=1):
                self._take(key, pending, rows, used)
                if len(self._pending) >= _BATCH or done == len(vectors):
                    self._flush()
                    if progress:
                        progress(done, len(vectors))
            self._not_found(rows, used, vectors.example)
        notices = list(sheet.notices)
        if self._unlabelled:
            notices.append(f"Left out, as the table has no row for them: {self._unlabelled:,} vectors.")
        notices += hidden_in(self._hidden)
        seconds = time.monotonic() - start
        skipped = tuple(sorted(self._skipped, key=lambda one: one.line or 0))
        return ImportReport(self._added, 0, self._already_there, skipped, seconds, tuple(notices))

    def _by_key(self, rows: tuple[Cells | Skipped, ...]) -> Iterator[tuple[str, Cells]]:
        seen: dict[str, int] = {}
        for row in rows:
            if isinstance(row, Skipped):
                self._skipped.append(row)
            elif row.name in seen:
                reason = f"{row.name!r} is in line {seen[row.name]} as well; the first one counts."
                self._skipped.append(Skipped(row.line, reason))
            else:
                seen[row.name] = row.line
                yield row.name, row

    def _check_version(self) -> None:
        """Take the length of the vectors there are.

        Raises:
            CaseError: they are of another version.
        """
        with self.index.reading() as session:
            found = session.signatures().get(self.about.name)
            if found is None:
                self._length = self.about.dimension
                return
            if found["version"] != self.about.version:
                raise CaseError(
                    f"The collection {self.about.name} holds vectors of version {found['version']}, and "
                    f"these are of version {self.about.version}; vectors of two versions cannot be compared. "
                    "Give the same --version, or drop the earlier ones with --again."
                )
            self._length = int(found["dimension"])

    def _take(self, key: str, pending: Pending, rows: dict[str, Cells], used: set[int]) -> None:
        row = rows.get(key) or rows.get(PurePosixPath(key).stem)
        if row is None:
            self._unlabelled += 1
            return
        if row.line in used:
            self._skip(row, key, "comes twice in the file; the first one counts")
            return
        used.add(row.line)
        vector = pending.read()
        if isinstance(vector, Unusable):
            self._skip(row, key, vector.reason)
            return
        self._length = self._length or len(vector)
        if len(vector) != self._length:
            self._skip(row, key, f"has {len(vector)} numbers and not {self._length}")
            return
        small = vector / np.abs(vector).max()  # whose length cannot overflow
        unit = (small / np.linalg.norm(small)).astype(np.float32)
        told = _case(_identity(self.about.name, key), key, row)
        case = self.persons.out_of(told)
        self._hidden += case != told
        self._pending.append(_Ready(row, key, case, unit))

    def _skip(self, row: Cells, key: str, reason: str) -> None:
        self._skipped.append(Skipped(row.line, f"The vector {clean(key)!r} {reason}."))

    def _not_found(self, rows: dict[str, Cells], used: set[int], example: str) -> None:
        like = f"Its keys look like {clean(example)!r}."
        for row in rows.values():
            if row.line not in used:
                reason = f"{row.name!r} is not in the file. {like}"
                self._skipped.append(Skipped(row.line, reason, f"The keys are not in the file. {like}"))

    def _flush(self) -> None:
        if not self._pending:
            return
        with self.index.writing() as session:
            held = session.any_collection(self.about.name)
            new = [one for one in self._pending if held is None or not self._is_there(one, held)]
            if new:
                self._write(session, new)
        self._pending.clear()

    def _is_there(self, one: _Ready, held: Held) -> bool:
        """Whether its key is in the library; counted there only with the same numbers."""
        row = held.row.get(one.case.id)
        if row is None:
            return False
        if float(held.vectors[row] @ one.vector) >= _SAME:
            self._already_there += 1
        else:
            reason = "is in the library with other numbers, which stay; --again drops them all first"
            self._skip(one.row, one.key, reason)
        return True

    def _write(self, session: WritingSession, new: list[_Ready]) -> None:
        a = self.about
        about = Stored(a.name, a.version, a.space, self._length, a.domain)
        ids = [one.case.id for one in new]
        session.add(
            session.make_collection(about),
            Entries(ids, np.stack([one.vector for one in new]), [dict(one.case.metadata()) for one in new]),
        )
        self._added += len(ids)


def _identity(collection: str, key: str) -> str:
    """There are no pixels to name the case by: the collection and the key do."""
    return hashlib.sha256(f"{collection} {key}".encode()).hexdigest()[:32]


def _case(identity: str, key: str, row: Cells) -> Case:
    told = dict(row.told)
    told["modality"] = row.modality or ""
    told["caption"] = told["caption"] or f"imported as a vector under the key {clean(key)}"
    return Case(identity, key="", **told)
