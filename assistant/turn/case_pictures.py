"""Pictures read for the case library, and what is told of text and faces in their pixels."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from store.cases.looking import AtHand, Beside, Look
from store.pictures.image import Image
from tools.files.decoding import Decoder
from tools.gate.modality import identify
from tools.language.sayings import FIRST, say

if TYPE_CHECKING:
    from assistant.turn.private_pixels import PrivatePixels
    from store.cases.importing import ImportReport

# Ours: each decodes in a process of its own, which may take the memory that one file may take.
_MOST_AT_ONCE = 4


@dataclass
class CasePictures:
    """The pictures of one import.

    Attributes:
        decoder: reads untrusted bytes in its own process.
        private: masks text and faces in pixels; None leaves them unlooked for.
    """

    decoder: Decoder
    private: PrivatePixels | None
    _masked: set[Path] = field(default_factory=set)

    @contextmanager
    def looked_at(self) -> Iterator[Look]:
        """Looks at as many pictures at a time as there are cores; at one where text and faces are masked.

        What finds those computes with all cores itself.
        """
        if self.private is not None:
            yield AtHand(self.read, identify)
            return
        with ExitStack() as stack:
            count = min(_MOST_AT_ONCE, os.cpu_count() or 1)
            more = [stack.enter_context(Decoder(self.decoder.limits)) for _ in range(count - 1)]
            others = [CasePictures(decoder, None) for decoder in more]
            yield Beside([self.read, *(other.read for other in others)], identify)

    def read(self, path: Path) -> Image:
        """The picture of a file, its text and faces masked if that is asked for.

        Raises:
            CaseError: it cannot be read, or they cannot be masked.
        """
        image = self.decoder.read(path)[0]
        if self.private is None:
            return image
        image, places = self.private.without(image)
        if places:
            self.note_masked(path)
        return image

    def note_masked(self, path: Path) -> None:
        """Count a file whose picture was masked, here or elsewhere."""
        self._masked.add(path)

    def was_masked(self, path: Path) -> bool:
        """Whether the picture of a file was masked."""
        return path in self._masked

    def told(self, report: ImportReport) -> ImportReport:
        """The report, with what became of text and faces in pixels."""
        if not report.added:
            return report
        said = [say("turn.case_text_not_looked_for", FIRST)] if self.private is None else []
        said += [say("turn.case_text_masked", FIRST, count=len(self._masked))] if self._masked else []
        return replace(report, notices=(*report.notices, *said))
