"""Readers that say what a conversation has written down for them, and an installation that asks them.

They are no models: every answer names them as scripted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.build import Services
from assistant.settings_for_models import reader_settings
from store.errors import SetupError
from store.records import Domain
from tools.models.installed_readers import Readers, ReaderSettings, Said
from tools.models.memory.residency import Residency
from tools.models.systems.cards import READERS, SYSTEMS
from tools.models.systems.reading import Reading, Request
from tools.models.systems.system import System


class ScriptedReaders(Readers):
    """Readers whose answers are data.

    Args:
        settings: of which only the sampling counts.
        residency: takes up no memory here.

    Attributes:
        answers: by reader: pattern of a question → answer, the first that fits; a reader that is not here is
            not set up.
    """

    def __init__(self, settings: ReaderSettings, residency: Residency) -> None:
        super().__init__(settings, residency)
        self.answers: Mapping[str, Mapping[str, str]] = {}

    def set_up(self, domain: Domain | None = None) -> tuple[str, ...]:
        """Names of the readers that have a script, the first choice first."""
        names = READERS.get(domain, ()) if domain else [name for known in READERS.values() for name in known]
        return tuple(name for name in names if name in self.answers)

    def require(self, name: str) -> System:
        """The card of a reader, its name marked as scripted.

        Raises:
            SetupError: it has no script.
        """
        if name not in self.answers:
            raise SetupError(
                f"{name} is not set up. Get it with: casebook models pull {name}, or name another."
            )
        return replace(SYSTEMS[name], name=f"{name} (scripted)")

    def read(
        self,
        name: str,
        request: Request,
        *,
        until: float = math.inf,
        on_wait: Callable[[str], None] = lambda _: None,
    ) -> Said:
        """The written answer to a question; no words where none is written."""
        del until, on_wait
        found = (text for ask, text in self.answers[name].items() if re.search(ask, request.question, re.I))
        text = next(found, "")
        if request.on_text:
            request.on_text(text)
        reading = Reading(text, "complete" if text else "empty", len(text.split()), request.question, "none")
        return Said(self.require(name), reading, "script", "paper", stand_in=False)


@dataclass(frozen=True, eq=False)
class ScriptedServices(Services):
    """An installation whose readers are scripted; everything else is the real thing."""

    @cached_property
    def readers(self) -> ScriptedReaders:
        """The scripted readers."""
        return ScriptedReaders(reader_settings(self.settings), self.residency)
