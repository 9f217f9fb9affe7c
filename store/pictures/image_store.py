"""Decoded images kept once by content, outside of chats and messages.

    root/ab/abcdef…/    the files of one image, as `store.pictures.image_files` writes them

An image appears whole or not at all: it is written into a folder beside, flushed, and renamed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.errors import CaseError
from store.pictures.cache import PART, remove, used
from store.pictures.image import Image
from store.pictures.image_files import META, files_of, key_of, read_image, write_image
from store.pictures.objects import Objects
from store.pictures.places import keys_below, name_of, older_than
from store.whole_file import writable

# Ours: no image takes minutes to write, so a part this old was left by a process that died.
_ABANDONED_S = 3600.0
# What is raised by files that are not there, or not what was written.
_BROKEN = (OSError, ValueError, KeyError, TypeError)


class ImageStore:
    """A folder of decoded images.

    Args:
        root: the folder; made when the first image is kept.
        objects: where the images lie instead; in the folder are then copies.
    """

    def __init__(self, root: Path, objects: Objects | None = None) -> None:
        self._root, self._objects = root, objects
        self._sizes: dict[str, int] = {}  # of images without a copy; none ever changes

    def put(self, image: Image) -> str:
        """Keep an image; the same content is kept once.

        Returns:
            The key: SHA-256 in hex over frames, values and everything else the image says.

        Raises:
            SetupError: the folder cannot be written, its disk is full, or the object store does not take the
                image; nothing of it is left.
        """
        key = key_of(image)
        self.keep(key, image)
        return key

    def keep(self, key: str, image: Image) -> None:
        """Keep an image whose key is known already, where not all of it is there.

        Args:
            key: what `put` gave for it.
            image: the image.

        Raises:
            SetupError: as `put`.
        """
        if self._has_all(key, files_of(image)):
            return
        with writable(), _part(self._root) as part:
            write_image(part, image)
            if self._objects is not None:
                _send(self._objects, key, part)
            _move(part, self._folder(key))

    def _has_all(self, key: str, files: set[str]) -> bool:
        if self._objects is None:
            return all((self._folder(key) / file).is_file() for file in files)
        return self._objects.sizes(_name(key)).keys() >= {_name(key, file) for file in files}

    def _copy(self, objects: Objects, key: str) -> Image:
        """The image of a copy; that is fetched where there is none, and again where it is half of one."""
        folder = self._folder(key)
        try:
            image = read_image(folder)
        except _BROKEN:
            self._fetch(objects, key)
            image = read_image(folder)
        used(folder)
        return image

    def _fetch(self, objects: Objects, key: str) -> None:
        sizes = objects.sizes(_name(key))
        if _name(key, META) not in sizes:
            return
        with writable(), _part(self._root) as part, suppress(FileNotFoundError):  # removed meanwhile
            for name, size in sizes.items():
                objects.fetch(name, part / Path(name).name, size)
            _move(part, self._folder(key))
        if objects.size(_name(key, META)) is None:  # removed meanwhile, when there was no copy to remove
            remove(self._folder(key))

    def size(self, keys: Collection[str]) -> int:
        """How many bytes some images take together; an image that is not kept takes none.

        Raises:
            CaseError: one is no key.
            SetupError: the object store cannot be reached.
        """
        here = {key: sum(file.stat().st_size for file in self._folder(key).glob("*")) for key in keys}
        away = {key for key, size in here.items() if not size} - self._sizes.keys()
        if self._objects is not None and away:  # one list of all, not one of each
            self._sizes |= {one.key: one.size for one in self._objects.kept() if one.key in away}
        return sum(size or self._sizes.get(key, 0) for key, size in here.items())

    def get(self, key: str) -> Image:
        """The image kept under `key`; the arrays of a volume are read-only memory maps.

        Raises:
            CaseError: nothing whole is kept under this key.
            SetupError: the object store does not give it.
        """
        folder = self._folder(key)
        try:
            return read_image(folder) if self._objects is None else self._copy(self._objects, key)
        except _BROKEN as error:
            raise CaseError(
                f"The image {key[:12]}… is no longer kept, or its files were changed. Add the image again."
            ) from error

    def keys(self) -> set[str]:
        """The keys of all images that are kept."""
        if self._objects is not None:
            return self._objects.keys(META)
        return set(keys_below(self._root))

    def remove(self, key: str) -> None:
        """Forget an image; no error if it is already gone.

        Raises:
            CaseError: it is no key; nothing is removed.
            SetupError: the object store cannot be reached.
        """
        if self._objects is not None:
            self._objects.remove(_name(key, META))  # at once, so that nobody finds half an image
            self._objects.remove(_name(key))
        remove(self._folder(key))
        self._sizes.pop(key, None)

    def older(self, seconds: float) -> list[str]:
        """The keys of the images that were put in more than so many seconds ago."""
        if self._objects is not None:
            return self._objects.older(seconds)
        return list(older_than(self._root, seconds))

    def _folder(self, key: str) -> Path:
        return self._root / _name(key)


def _name(key: str, file: str = "") -> str:
    return f"{name_of(key, what='image')}/{file}".rstrip("/")


def _send(objects: Objects, key: str, part: Path) -> None:
    """Put the files of an image, the one that makes it an image last."""
    for file in sorted(part.iterdir(), key=lambda one: one.name == META):
        objects.send(file, _name(key, file.name))


@contextmanager
def _part(root: Path) -> Iterator[Path]:
    """A folder beside the images, in which one is put together."""
    parts = root / PART
    parts.mkdir(parents=True, exist_ok=True)
    _sweep(parts)
    part = Path(tempfile.mkdtemp(dir=parts))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _move(part: Path, folder: Path) -> None:
    """Make it an image: all of it is on disk before anybody sees it."""
    for path in (*part.iterdir(), part):
        _flush(path)
    folder.parent.mkdir(exist_ok=True)
    if not _is_whole(folder):
        remove(folder)
    try:
        part.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process kept the same image first
            raise
    _flush(folder.parent)


def _is_whole(folder: Path) -> bool:
    try:
        read_image(folder)
    except _BROKEN:
        return False
    return True


def _flush(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows does not open folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(parts: Path) -> None:
    for part in parts.iterdir():
        try:
            if time.time() - part.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(part, ignore_errors=True)
        except FileNotFoundError:
            continue
