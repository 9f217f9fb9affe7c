"""Sessions, teaching cases and what a learner did, deleted with all that only they hold.

What refers to something goes first, then the chats in which learners were helped, then the bytes of images.
A process that is killed in between leaves something that nobody refers to; `clear` removes it later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import CaseError
from store.teaching.rows import HELPED, helped

if TYPE_CHECKING:
    from assistant.build import Services
    from store.teaching.rows import Participant, SessionRow


class Remover:
    """Deletes what is one owner's.

    Args:
        services: the installation.
        owner: whose sessions and cases.
    """

    def __init__(self, services: Services, owner: str) -> None:
        self._services, self._owner = services, owner
        self._shelf = services.teaching

    def session(self, session_id: str) -> bool:
        """Delete a closed session and all that learners did in it; its cases stay.

        Returns:
            Whether nothing of it is left in the database's log either; somebody may be reading.

        Raises:
            CaseError: the owner has none of this id, or it is open.
        """
        self._shelf.forgetting.session(self._owner, session_id)
        return _clear_chats(self._services)

    def case(self, case_id: str) -> bool:
        """Delete a case with all versions, and its images unless another case shows them.

        Returns:
            As `session`.

        Raises:
            CaseError: the owner has none of this id, or a session holds it; the text says which.
        """
        self._drop(case_id)
        return self._services.conversations.forget_deleted()

    def everything(self) -> bool:
        """Close and delete every session with what learners did, then every case; returns as `session`."""
        for row in self._shelf.sessions.sessions(self._owner):
            self._shelf.sessions.close(self._owner, row.id)
            self._shelf.forgetting.session(self._owner, row.id)
        for withdrawn in (False, True):
            for one in self._shelf.cases.cases(self._owner, withdrawn=withdrawn):
                self._drop(one.id)
        return _clear_chats(self._services)

    def _drop(self, case_id: str) -> None:
        with self._services.keeping.locked():
            self._shelf.drop(self._shelf.forgetting.case(self._owner, case_id))

    def learner(self, session_id: str, pseudonym: str) -> bool:
        """Delete what one learner did in a session; that somebody withdrew is counted.

        Args:
            session_id: the session.
            pseudonym: such as L02.

        Returns:
            As `session`.

        Raises:
            CaseError: the owner has no such session, or nobody in it is called so.
        """
        self._shelf.sessions.session(self._owner, session_id)
        there = {one.pseudonym: one for one in self._shelf.sessions.participants(session_id)}
        wanted = there.get(pseudonym.strip().upper())
        if wanted is None:
            known = ", ".join(there) or "nobody"
            raise CaseError(f"There is no learner {pseudonym[:40]!r} in this session; in it are: {known}.")
        return take_back(self._services, wanted)


def take_back(services: Services, who: Participant) -> bool:
    """Delete all that a learner did in a session; that somebody withdrew is counted.

    Returns:
        Whether nothing of it is left in the database's log either; somebody may be reading.
    """
    services.teaching.forgetting.learner(who)
    return _clear_chats(services)


def took_part(services: Services, owner: str) -> list[tuple[SessionRow, Participant]]:
    """The sessions, open or closed, of which something is kept that a browser did, the last joined first."""
    return services.teaching.sessions.took_part(owner)


def left_over(services: Services) -> tuple[list[str], list[tuple[str, str]]]:
    """What nobody refers to: keys of images, and owner and id of chats with deleted learners."""
    return services.teaching.left_over(), _chats_left(services)


def clear(services: Services) -> None:
    """Remove what is left over.

    Raises:
        CasebookError: the database, the disk or the object store does not let it.
    """
    _clear_chats(services)
    left = services.teaching.left_over()  # a store is listed for seconds, and nobody waits for that
    with services.keeping.locked():
        services.teaching.drop(left)


def _clear_chats(services: Services) -> bool:
    return services.keeping.delete_all(_chats_left(services))


def _chats_left(services: Services) -> list[tuple[str, str]]:
    chats = services.conversations.holding.chats_of(HELPED)
    there = services.teaching.sessions.learners() if chats else set()
    return [(owner, chat) for owner, chat in chats if (who := helped(owner)) and who not in there]
