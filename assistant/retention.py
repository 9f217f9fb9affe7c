"""What is not to be kept any longer goes: old chats as the settings say, and what a killed process left.

It is done when the page starts and once a day; the commands only delete old chats. The case library stays.
"""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from assistant.teaching import removing
from store.errors import CasebookError
from tools.files.workplace import clear_abandoned

if TYPE_CHECKING:
    from assistant.build import Services

DAY_S = 86_400.0
_LOG = logging.getLogger("casebook")


def oldest(days: float) -> float:
    """The moment before which a chat is older than so many days, in seconds since the epoch."""
    return time.time() - days * DAY_S


def delete_old(services: Services) -> int:
    """Delete the chats that the settings keep no longer; returns how many.

    Raises:
        CasebookError: the database or the disk does not let it.
    """
    days = services.settings.keep_days
    count = 0 if days is None else services.keeping.delete_old(oldest(days))
    if count:
        _forget_deleted(services)
    return count


def tidy(services: Services) -> None:
    """Delete old chats, chats in which nothing was ever asked, and what killed processes left.

    What cannot be done is logged, and tried again the next day.
    """
    of_teaching, in_log = partial(removing.clear, services), partial(_forget_deleted, services)
    of_chats = (partial(delete_old, services), services.keeping.delete_empty)
    for clear in (*of_chats, of_teaching, in_log, clear_abandoned):
        try:
            clear()
        except CasebookError:
            _LOG.warning("what is not to be kept could not be deleted", exc_info=True)


def _forget_deleted(services: Services) -> None:
    if not services.conversations.forget_deleted():
        _LOG.warning("somebody reads the database, so what was deleted stays in its log until tomorrow")


def tidy_daily(services: Services, every_s: float = DAY_S) -> threading.Thread:
    """Tidy now, and once a day in a thread of its own until the installation is closed.

    Args:
        services: the installation.
        every_s: seconds from one time to the next.

    Returns:
        The thread.
    """

    def run() -> None:
        while not services.over.wait(every_s):
            tidy(services)

    tidy(services)
    thread = threading.Thread(target=run, name="casebook-tidying", daemon=True)
    thread.start()
    return thread
