"""Everything that is kept of teaching, opened at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.teaching.cases import TeachingCases
from store.teaching.sessions import Sessions
from store.teaching.steps import Steps
from store.teaching.tables import open_tables

if TYPE_CHECKING:
    import sqlalchemy as sa

    from store.pictures.image_store import ImageStore


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

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
