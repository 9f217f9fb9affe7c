"""Pictures of an import, looked at by a cluster."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.cluster.crew import Here, Lost, Sent
from assistant.cluster.joining import Cluster
from assistant.cluster.likeness import computed_with, require_alike
from assistant.cluster.packed import Packed, pack
from assistant.cluster.worker import Refusal
from assistant.turn.case_pictures import CasePictures
from assistant.turn.private_pixels import PrivatePixels
from store.cases.case import case_id
from store.cases.looking import AtHand, Look, Seen, Worked, work_out
from store.cases.table import Row
from store.errors import CaseError, SetupError
from tools.files.arrays.limits import ReadLimits
from tools.files.decoding import Decoder
from tools.files.workplace import workplace
from tools.gate.modality import identify

LOST = (
    "the worker that looked at it ended three times, so it was left out. Its memory may have run out; the "
    "same command tries it again."
)


@dataclass(frozen=True)
class _Looked:
    identity: str
    worked: Worked | None
    masked: bool


@dataclass(frozen=True)
class CaseJob:
    """Looking at pictures.

    Attributes:
        limits: on each file.
        private: masks text and faces in pixels; None leaves them unlooked for.
        known: ids of the cases there are, of which nothing more is worked out.
    """

    limits: ReadLimits
    private: PrivatePixels | None
    known: frozenset[str]
    loads_a_model: bool = False

    def open(self) -> _Looking:
        """Start a decoder."""
        return _Looking(self, CasePictures(Decoder(self.limits), self.private))


@dataclass(frozen=True)
class _Looking:
    job: CaseJob
    pictures: CasePictures

    def about(self) -> Mapping[str, Any]:
        return computed_with()

    def do(self, item: tuple[Packed, str | None]) -> _Looked:
        packed, named = item
        with workplace() as folder:
            path = packed.lay_out(folder / "sent")
            image = self.pictures.read(path)
            identity = case_id(image.pixels)
            known = identity in self.job.known
            worked = None if known else work_out(image, named, identify)
            return _Looked(identity, worked, self.pictures.was_masked(path))


def looking_over(cluster: Cluster) -> Callable[[CasePictures], Look]:
    """What looks at the pictures of an import on a cluster, as `Assistant.import_cases` takes it."""

    def over(pictures: CasePictures) -> Look:
        def look(rows: Sequence[Row], known: Collection[str]) -> Generator[Seen | CaseError, None, None]:
            seen_as = pictures.private
            private = PrivatePixels(seen_as.text, seen_as.faces, seen_as.keep) if seen_as else None
            job = CaseJob(pictures.decoder.limits, private, frozenset(known))
            with cluster.crew(job) as crew:
                require_alike(crew.open().about, computed_with())
                with closing(crew.map(_sent(rows, pictures))) as answers:
                    for row, answer in zip(rows, answers, strict=True):
                        yield _seen(answer, row.path, pictures)

        return look

    return over


def _sent(rows: Sequence[Row], pictures: CasePictures) -> Iterator[Sent | Here]:
    """The pictures of rows; what cannot be sent is read here, which says why."""
    at_hand = AtHand(pictures.read, identify)
    for row in rows:
        packed = pack(row.path, pictures.decoder.limits.max_bytes)
        if packed is None:
            yield Here(next(at_hand([row], ())))
        else:
            yield Sent((packed, row.modality), packed.size)


def _seen(answer: Any, path: Path, pictures: CasePictures) -> Seen | CaseError:
    if isinstance(answer, Seen | CaseError):
        return answer
    if isinstance(answer, Lost):
        return CaseError(LOST)
    if isinstance(answer, Refusal):
        if answer.operator:
            raise SetupError(f"On a machine of the cluster: {answer.text}")
        return CaseError(answer.text)
    if answer.masked:
        pictures.note_masked(path)
    return Seen(answer.identity, lambda: answer.worked)
