"""Importing cases: read, recognise, encode, and keep, a batch at a time.

The picture is kept first, then the case; a batch of cases appears in the library at once. Whatever
ends the import, what `progress` reported is kept, and running it again takes up where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.cases.case import Case
from store.cases.cells import Skipped
from store.cases.index import CaseIndex
from store.cases.ledger import Entries
from store.cases.looking import Look, Seen, encoder_of
from store.cases.persons import Persons
from store.cases.session import WritingSession
from store.cases.table import CaseTable, Row
from store.encoders import Encoder
from store.errors import CaseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Pixels

Progress = Callable[[int, int], None]

# Ours: a batch costs about as much to write as two pictures to encode, and the bar moves every second.
_BATCH = 32
_BATCH_S = 1.0


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes:
        added: cases that are new in the library.
        duplicates: rows whose picture came earlier in the same table.
        already_there: rows whose picture was in the library before.
        skipped: rows that could not be used, with line and reason.
        seconds: how long it took.
        notices: sentences about the table as a whole.
    """

    added: int
    duplicates: int
    already_there: int
    skipped: tuple[Skipped, ...]
    seconds: float
    notices: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The report as lines for people."""
        counts = [f"Added {_cases(self.added)} in {self.seconds:.1f} s."]
        if self.already_there:
            counts.append(f"{_cases(self.already_there)} already there.")
        if self.duplicates:
            counts.append(f"{_cases(self.duplicates)} twice in the table.")
        if self.skipped:
            counts.append(f"{_cases(len(self.skipped))} skipped:")
        return "\n".join([" ".join(counts), *self._reasons(), *self.notices])

    def _reasons(self) -> list[str]:
        """Why rows were skipped: line by line, or once if several share the only reason there is."""
        shared = {row.of_all or row.reason for row in self.skipped}
        if len(shared) == 1 and len(self.skipped) > 1:
            return [f"  all {len(self.skipped):,}: {shared.pop()}"]
        return [f"  line {row.line}: {row.reason}" if row.line else f"  {row.reason}" for row in self.skipped]


@dataclass(frozen=True)
class _Ready:
    case: Case
    encoder: Encoder
    vector: NDArray[np.float32]
    picture: Pixels


@dataclass
class Importer:
    """One import into one library; `run` it once."""

    index: CaseIndex
    blobs: BlobStore
    encoders: Sequence[Encoder]
    look: Look
    persons: Persons
    _first_seen: dict[str, Row] = field(default_factory=dict)
    _pending: list[_Ready] = field(default_factory=list)
    _skipped: list[Skipped] = field(default_factory=list)
    _notices: list[str] = field(default_factory=list)
    _added: int = 0
    _duplicates: int = 0
    _already_there: int = 0
    _hidden: int = 0
    _full: str = ""

    def run(self, table: CaseTable, progress: Progress | None) -> ImportReport:
        """Import every row of a table."""
        start = flushed = time.monotonic()
        known = self._known()
        total = len(table.rows)
        with closing(self.look([row for row in table.rows if isinstance(row, Row)], known)) as seen:
            for done, row in enumerate(table.rows, start=1):
                if isinstance(row, Skipped):
                    self._skipped.append(row)
                else:
                    self._take(row, next(seen), known)
                if len(self._pending) >= _BATCH or time.monotonic() - flushed > _BATCH_S or done == total:
                    self._flush()
                    flushed = time.monotonic()
                    if progress:
                        progress(done, total)
        return ImportReport(
            self._added,
            self._duplicates,
            self._already_there,
            tuple(self._skipped),
            time.monotonic() - start,
            (*table.notices, *self._notices, *hidden_in(self._hidden)),
        )

    def _known(self) -> dict[str, str]:
        """Label of every case there is, by id."""
        found: dict[str, str] = {}
        with self.index.reading() as session:
            for encoder in self.encoders:
                collection = session.collection(encoder)
                if collection is not None:
                    found.update((case.id, case.label) for case in collection.cases)
        return found

    def _take(self, row: Row, seen: Seen | CaseError, known: dict[str, str]) -> None:
        if isinstance(seen, CaseError):
            self._skipped.append(Skipped(row.line, f"{row.name!r}: {seen}"))
        elif seen.identity in self._first_seen:
            self._duplicates += 1
            self._note_conflict(row, self._first_seen[seen.identity].label, "earlier in the table")
        elif seen.identity in known:
            self._first_seen[seen.identity] = row
            self._already_there += 1
            self._note_conflict(row, known[seen.identity], f"in the library as {seen.identity[:8]}")
        else:
            self._prepare(row, seen)

    def _note_conflict(self, row: Row, label: str, where: str) -> None:
        if self.persons.hide(row.label) != label and row.label != label:
            line = f"line {row.line}, " if row.line else ""
            self._notices.append(
                f"{row.name!r} ({line}label {row.label!r}) is the same picture as one {where} with the label "
                f"{label!r}, which was kept."
            )

    def _prepare(self, row: Row, seen: Seen) -> None:
        worked = seen.work_out()
        encoder = encoder_of(worked.domain)
        if encoder is None or worked.vector is None:
            reason = (
                f"{row.name!r} was not recognised as a radiology or skin picture. If it is one, name its "
                "modality in the table."
            )
            self._skipped.append(Skipped(row.line, reason))
            return
        key = self._key_of(worked.picture, row)
        if key is None:
            return
        told = Case(
            seen.identity,
            row.label,
            key,
            row.caption,
            row.modality or worked.modality or "",
            row.body_part or worked.body_part or "",
            row.group,
            row.source,
            row.licence,
        )
        case = self.persons.out_of(told)
        self._hidden += case != told
        self._first_seen[seen.identity] = row
        self._pending.append(_Ready(case, encoder, worked.vector, worked.picture))

    def _key_of(self, picture: Pixels, row: Row) -> str | None:
        """The key of the picture, kept; None where there is no room, which is said and not tried again."""
        try:
            if not self._full:
                return self.blobs.put(picture)
        except CaseError as error:
            self._full = str(error)
        self._skipped.append(Skipped(row.line, f"{row.name!r}: {self._full}", self._full))
        return None

    def _flush(self) -> None:
        if not self._pending:
            return
        with self.index.writing() as session:
            for encoder in self.encoders:
                ready = [item for item in self._pending if item.encoder is encoder]
                if ready:
                    self._write(session, encoder, ready)
        self._pending.clear()

    def _write(self, session: WritingSession, encoder: Encoder, ready: list[_Ready]) -> None:
        collection = session.make_collection(encoder)
        # Another process may have imported the same pictures meanwhile, or removed the kept ones.
        new = [item for item in ready if item.case.id not in collection.row]
        self._already_there += len(ready) - len(new)
        self._added += len(new)
        if not new:
            return
        for item in new:
            self._keep_again(item)
        vectors = np.stack([item.vector for item in new])
        metadata: list[dict[str, Any]] = [dict(item.case.metadata()) for item in new]
        session.add(collection, Entries([item.case.id for item in new], vectors, metadata))

    def _keep_again(self, item: _Ready) -> None:
        try:
            self.blobs.path(item.case.key)
        except CaseError:
            self.blobs.put(item.picture)


def hidden_in(count: int) -> tuple[str, ...]:
    """That what told who somebody is was replaced, and in how many cases."""
    if not count:
        return ()
    return (f"What looked like a person's details was replaced before it was kept: in {_cases(count)}.",)


def _cases(count: int) -> str:
    return f"{count:,} case" if count == 1 else f"{count:,} cases"
