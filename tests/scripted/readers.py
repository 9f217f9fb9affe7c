"""Readers that say what the test tells them to: they stand in for models in tests of those who ask."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from store.errors import CasebookError
from store.records import Domain
from tools.models.installed_readers import Readers, ReaderSettings, Said
from tools.models.memory.residency import Residency
from tools.models.systems.cards import READERS, SYSTEMS
from tools.models.systems.reading import Reading, Request
from tools.models.systems.system import System

Answer = str | Reading | CasebookError | None


class ScriptedReaders(Readers):
    """Gives each reader's answers in order, the last one again and again; keeps what was asked.

    Args:
        answers: by name of the reader; text stands for a whole answer, None for a turn that never came.
        stand_in: whether they say that their weights are random.
        settings: of the reader, such as ``agreement``.
    """

    def __init__(
        self, answers: dict[str, list[Answer]], *, stand_in: bool = False, **settings: float
    ) -> None:
        super().__init__(ReaderSettings(Path("nowhere"), **settings), Residency())  # type: ignore[arg-type]
        self.answers = answers
        self.stand_in = stand_in
        self.asked: list[tuple[str, Request]] = []

    def set_up(self, domain: Domain | None = None) -> tuple[str, ...]:
        known = READERS.get(domain, ()) if domain else tuple(self.answers)
        return tuple(name for name in known if name in self.answers)

    def require(self, name: str) -> System:
        return SYSTEMS[name]

    def read(
        self,
        name: str,
        request: Request,
        *,
        until: float = math.inf,
        on_wait: Callable[[str], None] = lambda _: None,
    ) -> Said | None:
        self.asked.append((name, request))
        on_wait(f"Loading {name}")
        answer = self.answer(name, request)
        if isinstance(answer, CasebookError):
            raise answer
        if answer is None:
            return None
        text = answer.text if isinstance(answer, Reading) else answer
        for word in text.split(" ") if request.on_text else ():
            assert request.on_text is not None
            request.on_text(f"{word} ")
        if request.cancelled.is_set():
            answer = Reading(text, "stopped", 3, "prompt", "plain")
        reading = answer if isinstance(answer, Reading) else Reading(text, "complete", 3, "prompt", "plain")
        return Said(SYSTEMS[name], reading, "abc123", "cpu", self.stand_in)

    def answer(self, name: str, request: Request) -> Answer:
        """The next of the answers, whatever is asked."""
        del request
        answers = self.answers[name]
        return answers.pop(0) if len(answers) > 1 else answers[0]
