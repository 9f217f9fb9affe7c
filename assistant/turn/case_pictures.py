"""Pictures read for the case library, and what is told of text and faces in their pixels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from store.pictures.image import Image
from tools.language.sayings import FIRST, say

if TYPE_CHECKING:
    from assistant.turn.private_pixels import PrivatePixels
    from store.cases.importing import ImportReport
    from tools.files.decoding import Decoder


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
