"""Pictures kept once by content: PNG files named by the SHA-256 of their bytes.

Used for overlays drawn by tools and for thumbnails of library cases. A file appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np

from store.errors import CaseError, SetupError
from store.pictures.cache import used
from store.pictures.image import Pixels
from store.pictures.objects import Objects
from store.pictures.places import keys_below, name_of, older_than
from store.pictures.room import Room
from store.whole_file import writable, write_whole

_ENDING = ".png"


class BlobStore:
    """A folder of PNG files.

    Attributes:
        root: the folder; made when the first picture is kept.
        room: whether there is room for more; None asks nobody.
        objects: where the pictures lie instead; in the folder are then copies.
    """

    def __init__(self, root: Path, room: Room | None = None, objects: Objects | None = None) -> None:
        self.root, self.objects, self._room = root, objects, room

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
            SetupError: the folder cannot be written, its disk is full, or the object store does not take it.
        """
        key = hashlib.sha256(data).hexdigest()
        if self._size(key) != len(data):
            if self._room is not None:
                self._room.refuse_without(len(data))
            self._write(key, data)
            if self.objects is not None:
                self._send(self.objects, key)
        return key

    def _write(self, key: str, data: bytes) -> None:
        path = self._path(key)
        with writable():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)

    def _send(self, objects: Objects, key: str) -> None:
        try:
            objects.send(self._path(key), _name(key))
        except SetupError:
            self._path(key).unlink(missing_ok=True)
            raise

    def path(self, key: str) -> Path:
        """Where a picture lies, in the folder.

        Raises:
            CaseError: nothing is kept under this key.
            SetupError: the object store does not give it.
        """
        path = self._path(key)
        if self.objects is not None:
            if not _is_whole(path, key):
                self._fetch(self.objects, key)
            used(path)
        if not path.is_file():
            raise CaseError(
                f"The picture {key[:12]}… is no longer kept; it was removed with its chat or case."
            )
        return path

    def _fetch(self, objects: Objects, key: str) -> None:
        """Copy a picture into the folder; there is no copy where it is gone or not what its key says."""
        data = b""
        with suppress(FileNotFoundError):
            data = objects.read(_name(key))
        if whole := hashlib.sha256(data).hexdigest() == key:
            self._write(key, data)
        if not whole or objects.size(_name(key)) is None:  # removed meanwhile, when there was no copy yet
            self._path(key).unlink(missing_ok=True)

    def _size(self, key: str) -> int | None:
        if self.objects is not None:
            return self.objects.size(_name(key))
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            return None

    def keys(self) -> set[str]:
        """The keys of all pictures that are kept."""
        if self.objects is not None:
            return self.objects.keys(_ENDING)
        return set(keys_below(self.root))

    def remove(self, key: str) -> None:
        """Forget a picture; no error if it is already gone.

        Raises:
            CaseError: it is no key; nothing is removed.
            SetupError: the object store cannot be reached.
        """
        if self.objects is not None:
            self.objects.remove(_name(key))
        self._path(key).unlink(missing_ok=True)

    def older(self, seconds: float) -> list[str]:
        """The keys of the pictures that were put in more than so many seconds ago."""
        if self.objects is not None:
            return self.objects.older(seconds)
        return list(older_than(self.root, seconds))

    def _path(self, key: str) -> Path:
        return self.root / _name(key)


def _name(key: str) -> str:
    return f"{name_of(key, what='picture')}{_ENDING}"


def _is_whole(path: Path, key: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == key
    except OSError:
        return False
