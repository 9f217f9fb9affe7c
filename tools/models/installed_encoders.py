"""The encoders of one installation: which are set up, what version each is, and one way to use any of them.

They share the memory that `Residency` shares out with the readers. Nothing is imported or loaded before the
first use; the version of an encoder is known without loading it.
"""

from __future__ import annotations

import importlib.util
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from store.errors import CaseError
from store.records import Domain
from tools.models.learned_encoder import ENCODERS, LearnedEncoder, Mode, open_encoder, version_of
from tools.models.memory.residency import Residency
from tools.models.memory.residents import Source
from tools.models.places import LOCAL, Place, find_place, folder_bytes, is_set_up
from tools.models.systems.cards import system_named
from tools.models.systems.system import System
from tools.models.weights.fit import Need, need_of

T = TypeVar("T")

_TENSORFLOW = 520_000_000
"""Bytes of Derm Foundation's process beside its weights. Ours: measured on the CPU with a stand-in of 5 MB,
TensorFlow 2.21."""


@dataclass(frozen=True)
class EncoderSettings:
    """What an operator has set about encoders.

    Attributes:
        home: the Casebook folder.
        folders: the folder set for a system, None where none is set.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        precision: a name of `loading.PRECISIONS`.
        python: interpreter with TensorFlow, for Derm Foundation; None is the one that runs Casebook.
        mode: how Derm Foundation is sent pictures.
        pad: whether PubMedCLIP's pictures are made square by black bars.
    """

    home: Path
    folders: Mapping[str, Path | None] = field(default_factory=dict)
    device: str = "auto"
    precision: str = "auto"
    python: Path | None = None
    mode: Mode = "448"
    pad: bool = False


class Encoders:
    """The encoders of one installation. Safe between threads.

    Args:
        settings: what the operator has set.
        residency: shares out the memory.
    """

    def __init__(self, settings: EncoderSettings, residency: Residency) -> None:
        self.settings = settings
        self._residency = residency

    def set_up(self, domain: Domain | None = None) -> tuple[str, ...]:
        """Names of the encoders that can be used; of all domains by default."""
        names = (name for name, known in ENCODERS.items() if domain in (None, known))
        return tuple(name for name in names if self._is_set_up(name))

    def version(self, name: str) -> str:
        """The version of the encoder called `name`, as its vectors are kept under, without loading it.

        Raises:
            SetupError: it is not set up; says how to get it.
        """
        return self._version(self._place(name))

    def run(
        self,
        name: str,
        work: Callable[[LearnedEncoder], T],
        *,
        cancelled: threading.Event | None = None,
        until: float = math.inf,
        on_wait: Callable[[str], None] = lambda _: None,
    ) -> T | None:
        """Work with an encoder, loaded if it is not in memory. Not to be called inside `work`.

        Args:
            name: of the encoder.
            work: is given the encoder, alone. Called twice when memory runs out the first time.
            cancelled: set to leave the line before its turn.
            until: when who has not been served leaves the line, on the clock of `time.monotonic`.
            on_wait: told in words what is being waited for.

        Returns:
            What `work` returned; None when the user stopped or the time was up before its turn came.

        Raises:
            CaseError: there is no such encoder.
            SetupError: it is not set up, does not fit, or cannot run.
        """
        source = self._source(name)
        stop = cancelled or threading.Event()
        return self._residency.run(source, work, cancelled=stop, until=until, on_wait=on_wait)

    def _is_set_up(self, name: str) -> bool:
        return is_set_up(system_named(name), self.settings.home, path=self.settings.folders.get(name))

    def _place(self, name: str) -> Place:
        system = _encoder(name)
        return find_place(system, self.settings.home, path=self.settings.folders.get(name))

    @cached_property
    def _versions(self) -> dict[tuple[object, ...], str]:
        return {}

    def _version(self, place: Place) -> str:
        """Read once: the version of a local folder is the content of its files, which takes a while."""
        key = (place, _last_changed(place.path) if place.revision == LOCAL else None)
        if key not in self._versions:
            self._versions[key] = version_of(place, mode=self.settings.mode, pad=self.settings.pad)
        return self._versions[key]

    def _source(self, name: str) -> Source[LearnedEncoder]:
        from tools.models.systems.packages import require_packages

        require_packages(name)
        place, s = self._place(name), self.settings
        device, version = _device(name, s.device), self._version(place)
        # Derm Foundation's process decides itself whether "auto" is a GPU.
        wanted = s.device if name == "derm-foundation" else device
        return Source(
            name=name,
            key="|".join(map(str, (name, place.path, device, s.precision, version))),
            device=device,
            need=_need(place, device, s.precision),
            load=lambda: open_encoder(
                place,
                version,
                device=wanted,
                precision=s.precision,
                python=s.python,
                mode=s.mode,
                pad=s.pad,
            ),
            let_go=lambda encoder: encoder.close(),
            served=False,
        )


def _encoder(name: str) -> System:
    system = system_named(name)
    if name not in ENCODERS:
        raise CaseError(f"{name} is no encoder: it {system.what}. Encoders are {', '.join(ENCODERS)}.")
    return system


def _device(name: str, wanted: str) -> str:
    """Where the bytes of an encoder count. Derm Foundation also runs where there is no PyTorch to ask."""
    if name == "derm-foundation" and importlib.util.find_spec("torch") is None:
        return "cpu"
    from tools.models.weights.device import resolve_device

    return resolve_device(wanted)


def _need(place: Place, device: str, precision: str) -> Need:
    if place.system == "derm-foundation":
        weights = folder_bytes(place.path)
        return Need(weights + _TENSORFLOW, weights // 4)
    # Only readers can be loaded in 4 and 8 bits.
    kind = "auto" if precision in ("4bit", "8bit") else precision
    return need_of(place.system, place.path, None, device=device, precision=kind)


def _last_changed(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when files of a folder do."""
    stats = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)
