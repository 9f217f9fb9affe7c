"""The tutor of the installation, made when the first learner asks it something."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.build import Services
    from assistant.teaching.tutor import Tutor


class CurrentTutor:
    """Makes the tutor once, however many learners ask first. Safe to use from several pages at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tutor: Tutor | None = None

    def of(self, services: Services) -> Tutor:
        """The tutor.

        Raises:
            SetupError: the installation cannot work as it is set up.
        """
        from assistant.teaching.tutor import Tutor

        with self._lock:
            if self._tutor is None:
                self._tutor = Tutor(services)
            return self._tutor
