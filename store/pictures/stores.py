"""Where all images and pictures of an installation are kept: in its folder, or in an object store."""

from __future__ import annotations

from pathlib import Path

from store.pictures.blobs import BlobStore
from store.pictures.cache import Cache, remove
from store.pictures.image_files import META
from store.pictures.image_store import ImageStore
from store.pictures.object_store import ObjectStore
from store.pictures.objects import Objects
from store.pictures.places import PLACES, kept_below
from store.pictures.room import Room


class PictureStores:
    """One store for each kind of image and picture. Nothing is opened before it is used.

    Args:
        home: the Casebook folder.
        most_bytes: what all of them may take together.
        url: of an object store; None for the folder.
        cache_bytes: what copies of objects may take in the folder.

    Attributes:
        object_store: the object store, or None.
        room: whether there is room for more.
        images: decoded images of chats.
        drawn: pictures that tools drew.
        cases: pictures of library cases.
        teaching: images of teaching cases.

    Raises:
        SetupError: the URL is none of an object store.
    """

    def __init__(self, home: Path, most_bytes: int, url: str | None, cache_bytes: int) -> None:
        self.object_store = ObjectStore(url, home) if url else None
        self.room = Room(home, most_bytes, self.object_store)
        self._home, self._cache = home, Cache(home / "cache", cache_bytes)
        images, drawn, cases, teaching = map(self._place, PLACES)
        self.images, self.teaching = ImageStore(*images), ImageStore(*teaching)
        self.drawn = BlobStore(drawn[0], objects=drawn[1])
        self.cases = BlobStore(cases[0], self.room, cases[1])

    def left_here(self) -> list[Path]:
        """What lies in the Casebook folder although an object store is set: it was kept before."""
        if self.object_store is None:
            return []
        return [path for place in PLACES for path in kept_below(self._home / place)]

    def move_there(self) -> None:
        """Put what was kept before into the object store, and remove it here when all of it is there.

        Raises:
            SetupError: the store does not take it; what was not moved is still here.
        """
        for path in self.left_here():
            place = path.parent.parent
            _, objects = self._place(place.relative_to(self._home).as_posix())
            files = sorted(path.iterdir(), key=lambda one: one.name == META) if path.is_dir() else [path]
            for file in files:
                name = file.relative_to(place).as_posix()
                if objects is not None and objects.size(name) != file.stat().st_size:
                    objects.send(file, name)
            remove(path)

    def _place(self, name: str) -> tuple[Path, Objects | None]:
        if self.object_store is None:
            return self._home / name, None
        return self._cache.root / name, Objects(self.object_store, name, self._cache)
