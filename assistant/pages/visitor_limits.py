"""How much one visitor of the page may ask, so that there is room for all."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.pages.tries import Tries
from store.errors import BusyError, CaseError
from tools.language.sayings import FIRST, say

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.turn.intake import Source

# Ours: a class of thirty with as many questions each as one visitor may have under way, and some more.
_MOST_WAITING = 100
_MINUTE_S = 60.0
_ALL = 10**6


class VisitorLimits:
    """The limits of all visitors. Safe to use from several pages at once.

    Args:
        language: tells the language in which a visitor is told of them.
    """

    def __init__(self, language: Callable[[], str] = lambda: FIRST) -> None:
        self._language = language
        self._lock = threading.Lock()
        self._asked: Tries | None = None
        self._begun: Counter[str] = Counter()

    @contextmanager
    def asking(self, assistant: Assistant, images: Sequence[Source], under_way: int) -> Iterator[None]:
        """What is done here takes a question of a visitor in.

        Args:
            assistant: the visitor's.
            images: the files that come with it.
            under_way: how many questions of the visitor are being answered or wait for it.

        Raises:
            BusyError: the visitor has to wait; says for what.
            CaseError: the visitor has to make room.
        """
        settings, owner = assistant.services.settings, assistant.owner
        with self._lock:
            if (count := under_way + self._begun[owner]) >= settings.visitor_at_once:
                raise BusyError(self._said("limits.at_once", count=count))
            if len(assistant.services.line) >= _MOST_WAITING:
                raise BusyError(self._said("limits.line"))
            self._begun[owner] += 1
        try:
            self._refuse_too_large(assistant, images)
            self._count(owner, settings.visitor_per_minute)
            yield
        finally:
            with self._lock:
                self._begun -= Counter([owner])

    def _count(self, owner: str, most: int) -> None:
        with self._lock:
            asked = self._asked = self._asked or Tries(most, _ALL, _MINUTE_S)
        if wait_s := asked.take(owner):
            raise BusyError(self._said("limits.per_minute", count=most, seconds=int(wait_s) + 1))

    def _refuse_too_large(self, assistant: Assistant, images: Sequence[Source]) -> None:
        """Raise where the images take more disk than they may; what is new counts as it was sent."""
        if not images:
            return
        services = assistant.services
        held = services.images.size(services.conversations.holding.images_of(assistant.owner))
        new = sum(_sent(image) for image in images)
        if held + new > services.settings.visitor_mb * 2**20:
            raise CaseError(self._said("limits.disk", held=held / 2**20, most=services.settings.visitor_mb))

    def _said(self, name: str, **fields: object) -> str:
        return say(name, self._language(), **fields)


def _sent(source: Source) -> int:
    if isinstance(source, bytes):
        return len(source)
    return Path(source).stat().st_size if isinstance(source, Path | str) else source.frames.nbytes
