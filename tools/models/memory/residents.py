"""A model that can be brought into memory, and one that is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tools.models.weights.fit import Need

M = TypeVar("M")


@dataclass(frozen=True)
class Source(Generic[M]):
    """A model that can be brought into memory.

    Attributes:
        name: of the system.
        key: the same for the same weights, device and number format.
        device: ``cpu`` or ``cuda:N``.
        need: what it will take.
        load: brings it into memory.
        forget: lets go of what it remembers of pictures.
        smaller: whether it can be loaded in 4 bits.
        served: whether a server can run it instead.
        let_go: ends what runs for it, when it leaves.
    """

    name: str
    key: str
    device: str
    need: Need
    load: Callable[[], M]
    forget: Callable[[M], None] = lambda _: None
    smaller: bool = False
    served: bool = True
    let_go: Callable[[M], None] = lambda _: None


@dataclass(frozen=True)
class Resident:
    """One model in memory, for readers of the status.

    Attributes:
        name: of the system.
        device: where it is.
        nbytes: of its weights; before it is loaded, what is kept free for it.
        load_s: how long loading took; None while it is being loaded.
        in_use: whether a chat is using it now.
        waiting: how many others wait for it.
    """

    name: str
    device: str
    nbytes: int
    load_s: float | None
    in_use: bool
    waiting: int
