"""Files → images of a chat: decoded, kept once by content, looked at by the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.chats.conversations import ImageRow
from store.errors import CaseError
from store.pictures.image import Image

if TYPE_CHECKING:
    from store.pictures.image_store import ImageStore
    from tools.files.decoding import Decoder

Source = Path | str | bytes | Image


@dataclass(frozen=True)
class Intake:
    """Takes files in for one installation.

    Attributes:
        decoder: reads untrusted bytes in its own process.
        images: where decoded images are kept.
        most: how many images one question may bring.
    """

    decoder: Decoder
    images: ImageStore
    most: int

    def take(self, sources: Sequence[Source], first_number: int) -> list[ImageRow]:
        """Read and keep every source, or none.

        Args:
            sources: file paths, bytes of a file, or ready `Image` objects.
            first_number: number of the first new image id.

        Raises:
            CaseError: sources cannot be used; the text names every one of them by position.
        """
        read = self._read_all(sources)
        if len(read) > self.most:
            raise CaseError(
                f"{len(read)} images were given at once; one question takes at most {self.most}. "
                "Ask about fewer at a time."
            )
        return [self._row(image, first_number + i) for i, image in enumerate(read)]

    def _read_all(self, sources: Sequence[Source]) -> list[Image]:
        read: list[Image] = []
        reasons: list[str] = []
        for position, source in enumerate(sources, 1):
            try:
                read += self._read(source)
            except CaseError as error:
                if len(sources) == 1:
                    raise
                reasons.append(f"File {position} of {len(sources)}: {error}")
        if reasons:
            them = "that file" if len(reasons) == 1 else "those files"
            raise CaseError(f"{' '.join(reasons)} Nothing was added; leave {them} out.")
        return read

    def _read(self, source: Source) -> list[Image]:
        if isinstance(source, Image):
            return [source]
        return self.decoder.read(Path(source) if isinstance(source, str) else source)

    def _row(self, image: Image, number: int) -> ImageRow:
        from tools.gate.modality import identify

        image_id = f"img-{number}"
        gate = identify(image).model_copy(update={"image_id": image_id})
        width, height = image.size
        facts = {
            "frames": image.frame_count,
            "width": width,
            "height": height,
            "file_type": image.file_type,
            "scale": image.spacing_mm is not None,
            "spacing_mm": image.spacing_mm,
        }
        return ImageRow(image_id, self.images.put(image), gate, facts, image.index)
