"""Looking at the pictures of an import: which each is, what kind of picture, how it is kept, its vector.

`Look` is where the work can be done elsewhere: rows go in, and what was seen comes out in the same order.
What is written stays with the importer, whoever looks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from store.cases.case import case_id, thumbnail
from store.cases.table import Row
from store.encoders import Encoder, built_in_encoders
from store.errors import CaseError
from store.pictures.image import Image, Pixels
from store.records import Gate

Read = Callable[[Path], Image]
Identify = Callable[[Image], Gate]

_SKIN = ("XC", "DMS")
# Ours: a further process that decodes starts in the time of so many pictures.
_WORTH_STARTING = 20
# Ours: so many pictures are looked at beforehand for each that is looked at at a time; at most 0.8 MB each.
_AHEAD = 4


@dataclass(frozen=True)
class Worked:
    """What an import has to work out of a picture.

    Attributes:
        domain: what kind of picture: the table's word first, then the file's, never a guess.
        modality: the file's word, or None.
        body_part: the file's word, or None.
        picture: as it is kept, ``(h, w, 3)`` uint8.
        vector: ``(dimension,)`` float32 of the encoder of that domain; None where there is none.
    """

    domain: str
    modality: str | None
    body_part: str | None
    picture: Pixels
    vector: NDArray[np.float32] | None


@dataclass(frozen=True)
class Seen:
    """A picture that was read.

    Attributes:
        identity: content of the picture, from `store.cases.case.case_id`.
        work_out: the rest; not to be asked for where the picture is in the library.
    """

    identity: str
    work_out: Callable[[], Worked]


Look = Callable[[Sequence[Row], Collection[str]], Generator[Seen | CaseError, None, None]]
"""Looks at the pictures of rows, given the ids of the cases there are: for each row, in their order, what was
seen or why nothing was."""


@dataclass(frozen=True)
class AtHand:
    """Looks at one picture after the other, here.

    Attributes:
        read: decodes one file.
        identify: says what a picture is, where the table names no modality.
    """

    read: Read
    identify: Identify

    def __call__(
        self, rows: Sequence[Row], _known: Collection[str]
    ) -> Generator[Seen | CaseError, None, None]:
        """What was seen of each row, when it is asked for."""
        for row in rows:
            try:
                image = self.read(row.path)
            except CaseError as error:
                yield error
            else:
                yield Seen(case_id(image.pixels), partial(work_out, image, row.modality, self.identify))


@dataclass(frozen=True)
class Beside:
    """Looks at several pictures at a time, here.

    Attributes:
        reads: each decodes one file at a time; the first is used for few pictures, all of them for many.
        identify: says what a picture is, where the table names no modality.
    """

    reads: Sequence[Read]
    identify: Identify

    def __call__(
        self, rows: Sequence[Row], known: Collection[str]
    ) -> Generator[Seen | CaseError, None, None]:
        """What was seen of each row, in their order."""
        reads = self.reads[: 1 + len(rows) // _WORTH_STARTING]
        free: SimpleQueue[Read] = SimpleQueue()
        for read in reads:
            free.put(read)
        ahead: deque[Future[Seen | CaseError]] = deque()
        with ThreadPoolExecutor(len(reads), "case-pictures") as pool:
            try:
                for row in rows:
                    ahead.append(pool.submit(self._look, row, known, free))
                    if len(ahead) > _AHEAD * len(reads):
                        yield ahead.popleft().result()
                while ahead:
                    yield ahead.popleft().result()
            finally:
                for one in ahead:
                    one.cancel()

    def _look(self, row: Row, known: Collection[str], free: SimpleQueue[Read]) -> Seen | CaseError:
        """The same as `AtHand`, worked out at once unless the case is there."""
        read = free.get()
        try:
            (seen,) = AtHand(read, self.identify)([row], ())
        finally:
            free.put(read)
        if isinstance(seen, CaseError):
            return seen
        if seen.identity in known:
            return Seen(seen.identity, _of_a_case)  # lets go of the pixels
        worked = seen.work_out()
        return Seen(seen.identity, lambda: worked)


def _of_a_case() -> Worked:
    raise LookupError("the case is in the library, and nothing more is worked out of its picture")


def work_out(image: Image, named: str | None, identify: Identify) -> Worked:
    """What an import needs of a picture.

    Args:
        image: the picture.
        named: the modality that the table names, or None.
        identify: says what a picture is, where the table names none.
    """
    domain = ("dermatology" if named in _SKIN else "radiology") if named else identify(image).domain
    encoder, picture = encoder_of(domain), thumbnail(image.pixels)
    vector = encoder.encode(picture) if encoder is not None else None
    return Worked(domain, image.modality, image.body_part, picture, vector)


def encoder_of(domain: str) -> Encoder | None:
    """The built-in encoder for a kind of picture."""
    return next((one for one in built_in_encoders() if one.domain == domain), None)
