"""What chats hold and what is kept for them, in step: the reference first, then the bytes.

One lock, of the Casebook folder, is held while a chat takes hold of images or lets go of them. So what one
chat is just taking in, another that is deleted cannot take away, in whatever process it is.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.chats.conversations import Conversations, ImageRow, TurnRow
from store.errors import CasebookError, CaseError
from store.pictures.blobs import BlobStore
from store.pictures.image_store import ImageStore
from store.whole_file import writable

if TYPE_CHECKING:
    from store.pictures.image import Image

# Ours: no chat takes minutes to take hold of what was put in, so what nobody holds by then was left over.
_LEFT_OVER_S = 3600.0
# Ours: each holds the lock for milliseconds, or while one image is written again.
_LOCK_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Keeping:
    """The references and the bytes of one installation.

    Attributes:
        conversations: who holds what.
        images: decoded images.
        blobs: pictures that tools drew.
        home: the Casebook folder, whose lock is taken.
    """

    conversations: Conversations
    images: ImageStore
    blobs: BlobStore
    home: Path

    def begin(
        self, chat_id: str, question: str, rows: Sequence[ImageRow], images: Sequence[Image], title: str
    ) -> TurnRow:
        """Keep a question; its images are there when this returns.

        Args:
            chat_id: the chat.
            question: the words that are kept.
            rows: the new images, whose bytes have been put in.
            images: the same, to put in again what another chat took away meanwhile.
            title: names the chat if this is its first turn.

        Raises:
            CaseError: the chat was deleted or changed; nothing of the question is kept.
        """
        with self.locked():
            try:
                turn = self.conversations.begin_turn(chat_id, question, rows, title)
            except CasebookError:
                self._drop([row.key for row in rows], ())
                raise
            for row, image in zip(rows, images, strict=True):
                self.images.keep(row.key, image)
            return turn

    def delete(self, owner: str, chat_id: str) -> bool:
        """Delete a chat with what no other chat holds.

        Returns:
            Whether nothing of it is left in the database's log either; somebody may be reading.

        Raises:
            CaseError: the owner has no such chat.
        """
        with self.locked():
            self._delete(owner, chat_id)
        self._clear_here()
        return self.conversations.forget_deleted()

    def delete_all(self, chats: Sequence[tuple[str, str]]) -> bool:
        """Delete chats by owner and id, as `delete`; those that are gone already are passed over."""
        with self.locked():
            for owner, chat_id in chats:
                if self.conversations.owner_of(chat_id) == owner:
                    self._delete(owner, chat_id)
        self._clear_here()
        return self.conversations.forget_deleted()

    def delete_old(self, until: float, owner: str | None = None) -> int:
        """Delete the chats that were made before a moment and in which nothing was asked since.

        Args:
            until: the moment, in seconds since the epoch.
            owner: whose; None for those of everybody.

        Returns:
            How many there were.
        """
        with self.locked():  # nobody asks in one of them meanwhile
            count = self._delete_all(self.old(until, owner))
        self.clear()
        return count

    def delete_empty(self) -> int:
        """Delete the chats that are old and in which nothing was asked; returns how many there were."""
        with self.locked():
            count = self._delete_all(self.empty())
        self.clear()
        return count

    def old(self, until: float, owner: str | None = None) -> list[tuple[str, str]]:
        """Owner and id of the chats that `delete_old` would delete."""
        return [one for one in self.conversations.holding.old_chats(until) if owner in (None, one[0])]

    def empty(self) -> list[tuple[str, str]]:
        """Owner and id of the chats that `delete_empty` would delete."""
        return self.conversations.holding.empty_chats(time.time() - _LEFT_OVER_S)

    def left_over(self) -> tuple[list[str], list[str]]:
        """The keys of images and of pictures that are old and held by nobody."""
        held = self.conversations.holding
        return (
            held.unheld_images(self.images.older(_LEFT_OVER_S)),
            held.unheld_pictures(self.blobs.older(_LEFT_OVER_S)),
        )

    def clear(self) -> None:
        """Remove what is old and held by nobody, as a process that was killed leaves it."""
        left = self.left_over()  # a store is listed for seconds, and nobody waits for that
        with self.locked():
            self._drop(*left)

    def pictures_of(self, chat_id: str) -> BlobStore:
        """Where a turn of a chat puts the pictures that it draws: nothing is put in for a deleted chat."""
        return _Held(self, chat_id)

    def _delete_all(self, chats: Sequence[tuple[str, str]]) -> int:
        for owner, chat_id in chats:
            self._delete(owner, chat_id)
        return len(chats)

    def _delete(self, owner: str, chat_id: str) -> None:
        removed = self.conversations.delete(owner, chat_id)
        self._drop(removed.image_keys, removed.picture_keys)

    def _clear_here(self) -> None:
        if self.blobs.objects is None:  # an object store is listed for too long for every chat
            self.clear()

    def _drop(self, image_keys: Sequence[str], picture_keys: Sequence[str]) -> None:
        held = self.conversations.holding
        for key in held.unheld_images(image_keys):
            self.images.remove(key)
        for key in held.unheld_pictures(picture_keys):
            self.blobs.remove(key)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody takes hold of an image or lets go of one meanwhile.

        Raises:
            CaseError: another process held the lock for a minute.
        """
        from filelock import FileLock, Timeout

        try:
            with (
                writable(),
                FileLock(self.home / "keeping.lock", timeout=_LOCK_TIMEOUT_S, poll_interval=0.01),
            ):
                yield
        except Timeout as error:
            raise CaseError("Casebook is busy in another process. Try again.") from error

    def hold(self, chat_id: str, data: bytes) -> str:
        """Keep PNG bytes for a chat; returns their key.

        Raises:
            CaseError: the chat was deleted.
        """
        with self.locked():
            self.conversations.holding.hold_picture(chat_id, hashlib.sha256(data).hexdigest())
            return self.blobs.put_bytes(data)


class _Held(BlobStore):
    """The pictures of one chat: a reference comes before the bytes."""

    def __init__(self, keeping: Keeping, chat_id: str) -> None:
        super().__init__(keeping.blobs.root, objects=keeping.blobs.objects)
        self._keeping, self._chat_id = keeping, chat_id

    def put_bytes(self, data: bytes) -> str:
        """Keep PNG bytes that Casebook encoded itself; returns the key."""
        return self._keeping.hold(self._chat_id, data)
