"""The readers of one installation: which are set up, where each runs, and one way to ask any of them.

A reader runs here, in the memory that `Residency` shares out, or on a server. Nothing is imported or loaded
before the first question.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.errors import CaseError, SetupError
from store.fair_line import FairLine
from store.records import Domain
from tools.models.hub.addresses import elsewhere
from tools.models.memory.residency import Residency
from tools.models.memory.residents import Source
from tools.models.places import Place, find_place, is_set_up
from tools.models.systems.cards import READERS, SYSTEMS, system_named
from tools.models.systems.reading import Reader, Reading, Request
from tools.models.systems.system import System
from tools.models.weights.fit import need_of

if TYPE_CHECKING:
    from tools.models.readers.server import ServedReader

# Ours: how soon somebody who waits is seen to have pressed Stop.
_LOOK_S = 0.2

TOOLS: dict[Domain, str] = {"radiology": "read_radiograph", "dermatology": "read_skin_image"}
"""The tool that asks the readers of a domain."""


@dataclass(frozen=True)
class Server:
    """Where a system is served.

    Attributes:
        url: of the API.
        model: its name there; None takes the only one.
    """

    url: str
    model: str | None = None


@dataclass(frozen=True)
class ReaderSettings:
    """What an operator has set about readers.

    Attributes:
        home: the Casebook folder.
        folders: the folders set for a system, checkpoint and base, None where none is set.
        servers: systems that a server runs.
        server_key: sent to all of them.
        remote: whether servers on other machines may be asked.
        at_once: how many questions one server is asked at the same time by this process.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        precision: a name of `loading.PRECISIONS`.
        timeout_s: longest time one answer of a reader may take.
        samples: further answers drawn for every question to see whether the reader agrees with itself.
        agreement: share of them that must agree, in [0, 1], for the answer to be given.
        options: what else the loader of a system is given, by system.
    """

    home: Path
    folders: Mapping[str, tuple[Path | None, Path | None]] = field(default_factory=dict)
    servers: Mapping[str, Server] = field(default_factory=dict)
    server_key: str | None = None
    remote: bool = False
    at_once: int = 4
    device: str = "auto"
    precision: str = "auto"
    timeout_s: float = 120.0
    samples: int = 0
    agreement: float = 0.8
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What a reader said, and who it was.

    Attributes:
        system: its card.
        reading: the answer.
        revision: of its weights.
        where: the device, or the server.
        stand_in: whether its weights are random.
    """

    system: System
    reading: Reading
    revision: str
    where: str
    stand_in: bool

    @property
    def who(self) -> str:
        """The reader's name, with what must be known to understand its words."""
        random = " (a stand-in with random weights: its words mean nothing)" if self.stand_in else ""
        return f"{self.system.name}{random}"


class Readers:
    """The readers of one installation. Safe between threads.

    Args:
        settings: what the operator has set.
        residency: shares out the memory.
    """

    def __init__(self, settings: ReaderSettings, residency: Residency) -> None:
        self.settings = settings
        self._residency = residency
        self._served: dict[str, ServedReader] = {}
        self._lines: dict[str, FairLine] = {}

    def set_up(self, domain: Domain | None = None) -> tuple[str, ...]:
        """Names of the readers that can be asked, the first choice first; of all domains by default."""
        names = READERS.get(domain, ()) if domain else [name for known in READERS.values() for name in known]
        return tuple(name for name in names if self._is_set_up(name))

    def require(self, name: str) -> System:
        """The card of the reader called `name`.

        Raises:
            CaseError: there is no such system, or it does not read.
            SetupError: it is not set up, or on another machine without leave; says what to do.
        """
        system = system_named(name)
        if system.kind != "reader":
            known = ", ".join(one for one in SYSTEMS if SYSTEMS[one].kind == "reader")
            raise CaseError(f"{name} is no reader: it {system.what}. Readers are {known}.")
        if name not in self.settings.servers:
            self._place(system)
        elif (host := elsewhere(self.settings.servers[name].url)) and not self.settings.remote:
            raise SetupError(
                f"The server {host} of {name} is not this machine: pictures and questions would leave it. If "
                "that is allowed, set CASEBOOK_READER_REMOTE=true; if not, use a server on this machine."
            )
        return system

    def read(
        self,
        name: str,
        request: Request,
        *,
        until: float = math.inf,
        on_wait: Callable[[str], None] = lambda _: None,
    ) -> Said | None:
        """Ask one reader.

        Args:
            name: of a reader that is set up.
            request: picture, question and how to answer.
            until: when all must be done, on the clock of `time.monotonic`.
            on_wait: told in words what is being waited for.

        Returns:
            What it said; None when the user stopped or the time was up before its turn came.

        Raises:
            CaseError: the question cannot be asked of it.
            SetupError: it is not set up, does not fit, or cannot run.
        """
        system = self.require(name)
        if name in self.settings.servers:
            return self._ask_server(system, request, until, on_wait)
        source = self._source(system)
        return self._residency.run(
            source,
            partial(_ask, system, request, until),
            cancelled=request.cancelled,
            until=until,
            on_wait=on_wait,
        )

    def _is_set_up(self, name: str) -> bool:
        path, _ = self._folders(name)
        return name in self.settings.servers or is_set_up(SYSTEMS[name], self.settings.home, path=path)

    def _folders(self, name: str) -> tuple[Path | None, Path | None]:
        return self.settings.folders.get(name, (None, None))

    def _place(self, system: System) -> Place:
        path, base = self._folders(system.name)
        return find_place(system, self.settings.home, path=path, base=base)

    def check_server(self, name: str, timeout_s: float) -> str:
        """Hold a reader's server against its known answer; returns a sentence on it.

        Raises:
            SetupError: it may not be asked, cannot be reached, or is not what it was.
        """
        return self._server(self.require(name)).check(timeout_s)

    def accept_server(self, name: str, timeout_s: float) -> str:
        """Take what a reader's server answers now for its known answer; returns a sentence on it.

        Raises:
            SetupError: it may not be asked, or cannot be reached.
        """
        return self._server(self.require(name)).check(timeout_s, anew=True)

    def _ask_server(
        self, system: System, request: Request, until: float, on_wait: Callable[[str], None]
    ) -> Said | None:
        reader = self._server(system)
        line = self._lines.setdefault(self.settings.servers[system.name].url, FairLine(self.settings.at_once))
        ticket = line.stand(request.asker)
        try:
            told = None
            while (before := line.before(ticket, _LOOK_S)) is not None:
                if request.cancelled.is_set() or time.monotonic() >= until:
                    return None
                if before != told:
                    on_wait(f"Waiting for the server of {system.name}: {before} before")
                told = before
            return _ask(system, request, until, reader)
        finally:
            line.leave(ticket)

    def _server(self, system: System) -> ServedReader:
        if system.name not in self._served:
            from tools.models.readers.known_answer import KnownAnswer
            from tools.models.readers.server import ServedReader

            server, home = self.settings.servers[system.name], self.settings.home
            reader = ServedReader(
                system,
                server.url,
                model=server.model,
                key=self.settings.server_key,
                known=KnownAnswer(home, system.name, server.url, server.model),
            )
            self._served.setdefault(system.name, reader)
        return self._served[system.name]

    def _source(self, system: System) -> Source[Reader]:
        from tools.models.loading import QUANTISABLE, load
        from tools.models.systems.packages import require_packages
        from tools.models.weights.device import resolve_device

        require_packages(system.name)
        place = self._place(system)
        device = resolve_device(self.settings.device)
        smaller = system.name in QUANTISABLE
        precision = self.settings.precision
        if precision in ("4bit", "8bit") and not smaller:
            precision = "auto"
        need = need_of(system.name, place.path, place.base, device=device, precision=precision)
        how: dict[str, Any] = {
            "device": device,
            "precision": precision,
            "revision": place.revision,
            "options": self.settings.options.get(system.name, {}),
        }
        return Source(
            name=system.name,
            key="|".join(map(str, (system.name, place.path, place.base, *how.values()))),
            device=device,
            need=need,
            load=lambda: load(system.name, place.path, place.base, **how),
            forget=_forget,
            smaller=smaller,
        )


def _ask(system: System, request: Request, until: float, reader: Reader) -> Said:
    left_s = max(0.0, min(request.timeout_s, until - time.monotonic()))
    reading = reader.read(replace(request, timeout_s=left_s))
    return Said(system, reading, reader.revision, reader.device, reader.stand_in)


def _forget(reader: Reader) -> None:
    """Let go of what a reader remembers of pictures."""
    seen = getattr(reader, "seen", None)
    if seen is not None:
        seen.clear()
