"""Files → images of a chat: decoded, text and faces masked, kept once by content, looked at by the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.turn.private_pixels import Choice, PrivatePixels, Remark
from store.chats.conversations import ImageRow
from store.errors import CaseError
from store.pictures.image import Image
from tools.language.sayings import say

if TYPE_CHECKING:
    from store.pictures.image_store import ImageStore
    from store.pictures.room import Room
    from tools.files.decoding import Decoder

Source = Path | str | bytes | Image

# Ours: positions of refused files that are listed for one reason.
_LISTED = 8


@dataclass(frozen=True)
class Taken:
    """What was read of some sources.

    Attributes:
        rows: the images as a chat refers to them; their bytes are kept.
        images: the same, as they were read.
        left_out: a sentence on every source that was left out, which it names by position.
        told: what became of text and faces in their pixels.
    """

    rows: Sequence[ImageRow] = ()
    images: Sequence[Image] = ()
    left_out: Sequence[str] = ()
    told: Sequence[Remark] = ()


@dataclass(frozen=True)
class Intake:
    """Takes files in for one installation.

    Attributes:
        decoder: reads untrusted bytes in its own process.
        images: where decoded images are kept.
        most: how many images one question may bring.
        private: looks for text and faces in their pixels.
        room: whether there is room for them.
    """

    decoder: Decoder
    images: ImageStore
    most: int
    private: PrivatePixels
    room: Room

    def take(
        self, sources: Sequence[Source], first_number: int, choice: Choice | Literal["ask"] = "mask"
    ) -> Taken:
        """Read and keep the sources that can be used.

        Args:
            sources: file paths, bytes of a file, or ready `Image` objects.
            first_number: number of the first new image id.
            choice: what becomes of text and faces where the settings ask.

        Raises:
            UndecidedError: text or a face was found, and `choice` is to ask; nothing is kept.
            CaseError: no source can be used, they are too many, have text and may not, or there is no room;
                nothing is kept.
        """
        read, left_out = self._read_all(sources)
        if len(read) > self.most:
            raise CaseError(
                f"{len(read)} images were given at once; one question takes at most {self.most}. "
                "Ask about fewer at a time. Slices of one DICOM series count as one image if sent together, "
                "as a folder or as a zip."
            )
        self.room.refuse_without(sum(_bytes(image) for image in read))
        looked = self.private.look(read, first_number, choice)
        rows = [self._row(image, first_number + i) for i, image in enumerate(looked.images)]
        return Taken(rows, looked.images, left_out, looked.told)

    def _read_all(self, sources: Sequence[Source]) -> tuple[list[Image], list[str]]:
        read: list[Image] = []
        refused: dict[str, list[str]] = {}
        for position, told in enumerate(self._read_each(sources), 1):
            if isinstance(told, CaseError):
                size = _size(sources[position - 1])
                refused.setdefault(str(told), []).append(say("turn.which_file", place=position, size=size))
            else:
                read += told
        left_out = [_left_out(reason, where, len(sources)) for reason, where in refused.items()]
        if not read and left_out:
            raise CaseError(next(iter(refused)) if len(sources) == 1 else " ".join(left_out))
        return read, left_out

    def _read_each(self, sources: Sequence[Source]) -> list[list[Image] | CaseError]:
        """For every source its images or its refusal; ready images pass as they are."""
        files = [Path(one) if isinstance(one, str) else one for one in sources if not isinstance(one, Image)]
        told = iter(self.decoder.read_each(files))
        return [[one] if isinstance(one, Image) else next(told) for one in sources]

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
            "volumes": image.volumes,
        }
        return ImageRow(image_id, self.images.put(image), gate, facts, image.index)


def _bytes(image: Image) -> int:
    """At most how much disk an image takes: what is kept is packed or has smaller numbers."""
    return image.frames.nbytes + (0 if image.values is None else image.values.nbytes)


def _size(source: Source) -> str:
    """How large a file is, by which its owner knows it among others; its name is never kept."""
    size = len(source) if isinstance(source, bytes) else 0
    if isinstance(source, Path | str):
        size = Path(source).stat().st_size if Path(source).is_file() else 0
    if size >= 2**20:
        return say("turn.file_size", size=round(size / 2**20, 1), unit="MB")
    return say("turn.file_size", size=-(-size // 2**10), unit="KB")


def _left_out(reason: str, files: Sequence[str], count: int) -> str:
    """That files were left out, and why, by their positions and sizes."""
    shown = ", ".join(files[:_LISTED]) + (" …" if len(files) > _LISTED else "")
    if len(files) == 1:
        return say("turn.file_left_out", files=shown, count=count, reason=reason)
    return say("turn.files_left_out", files=shown, count=count, reason=reason)
