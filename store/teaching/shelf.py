"""Everything that is kept of teaching, opened at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.teaching.cases import TeachingCases
from store.teaching.forgetting import Forgetting
from store.teaching.sessions import Sessions
from store.teaching.steps import Steps
from store.teaching.tables import open_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy as sa

    from store.pictures.image_store import ImageStore

# Ours, as for chats: no case takes an hour to be kept, so what no case shows by then was left over.
_LEFT_OVER_S = 3600.0


class TeachingShelf:
    """Cases, sessions and steps of one installation.

    Args:
        url: of the conversation database, which holds the tables of teaching too.
        images: the cases' images, apart from those of chats, which go with their chats.

    Raises:
        SetupError: the database cannot be opened.
    """

    def __init__(self, url: str | sa.URL, images: ImageStore) -> None:
        self._engine = open_tables(url)
        self.images = images
        self.cases = TeachingCases(self._engine)
        self.sessions = Sessions(self._engine)
        self.steps = Steps(self._engine)
        self.forgetting = Forgetting(self._engine)

    def left_over(self) -> list[str]:
        """The keys of images that are old and that no version of any case shows."""
        old = self.images.older(_LEFT_OVER_S)
        return sorted(set(old) - self.cases.keys()) if old else []

    def drop(self, keys: Iterable[str]) -> None:
        """Remove the bytes of those of some images that no case shows; nobody may keep a case meanwhile."""
        for key in sorted(set(keys) - self.cases.keys()):
            self.images.remove(key)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
