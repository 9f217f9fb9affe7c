"""Pictures kept once by content: PNG files named by the SHA-256 of their bytes.

Used for overlays drawn by tools and for thumbnails of library cases. A file appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from pathlib import Path

import numpy as np

from store.errors import CaseError
from store.pictures.image import Pixels
from store.pictures.places import older_than, place_of
from store.pictures.room import Room
from store.whole_file import writable, write_whole


class BlobStore:
    """A folder of PNG files.

    Attributes:
        root: the folder; made when the first picture is kept.
        room: whether there is room for more; None asks nobody.
    """

    def __init__(self, root: Path, room: Room | None = None) -> None:
        self.root, self._room = root, room

    def put(self, pixels: Pixels) -> str:
        """Keep a picture.

        Args:
            pixels: ``(H, W, 3)`` or ``(H, W)`` uint8.

        Returns:
            The key: SHA-256 of the PNG bytes in hex.

        Raises:
            CaseError: there is no room for it.
            SetupError: as `put_bytes`.
        """
        from PIL import Image as PillowImage

        # Ours: runs alone are packed a quarter as long as with all of zlib's effort, to about the same size.
        buffer = io.BytesIO()
        PillowImage.fromarray(np.ascontiguousarray(pixels)).save(
            buffer, "PNG", compress_level=1, compress_type=zlib.Z_RLE
        )
        return self.put_bytes(buffer.getvalue())

    def put_bytes(self, data: bytes) -> str:
        """Keep PNG bytes that Casebook encoded itself; returns the key.

        Raises:
            CaseError: there is no room for it.
            SetupError: the folder cannot be written, or its disk is full.
        """
        key = hashlib.sha256(data).hexdigest()
        path = self._path(key)
        if not path.exists():
            if self._room is not None:
                self._room.refuse_without(len(data))
            with writable():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(path, data)
        return key

    def path(self, key: str) -> Path:
        """Where a picture lies.

        Raises:
            CaseError: nothing is kept under this key.
        """
        path = self._path(key)
        if not path.is_file():
            raise CaseError(
                f"The picture {key[:12]}… is no longer kept; it was removed with its chat or case."
            )
        return path

    def remove(self, key: str) -> None:
        """Forget a picture; no error if it is already gone."""
        self._path(key).unlink(missing_ok=True)

    def older(self, seconds: float) -> list[str]:
        """The keys of the pictures that were put in more than so many seconds ago."""
        return list(older_than(self.root, seconds))

    def _path(self, key: str) -> Path:
        return place_of(self.root, key, what="picture").with_suffix(".png")
