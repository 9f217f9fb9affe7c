"""Which models are in memory: several share a device, and chats take turns.

Every use of a model waits in one line. The line is served in order; a use is let past an earlier one only if
that cannot delay it. A model is used by one chat at a time and never leaves while it is in use. Room is made
by letting the least recently used models go. This file knows no model and no file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from store.errors import SetupError
from tools.models.memory.out_of_memory import give_back, within_memory
from tools.models.memory.residents import Resident, Source
from tools.models.weights.fit import ran_out, size, too_large, usable_bytes

M = TypeVar("M")
T = TypeVar("T")

_LOOK_S = 0.2
"""How often somebody in the line looks whether the user has stopped."""


@dataclass(eq=False)
class _Slot:
    source: Source[Any]
    used: int
    model: Any = None
    load_s: float | None = None
    busy: bool = True


@dataclass(eq=False)
class _Place:
    """A place in the line. `slot` is set when it is its turn, `error` when its turn can never come."""

    source: Source[Any]
    served: threading.Event = field(default_factory=threading.Event)
    slot: _Slot | None = None
    error: SetupError | None = None


class Residency:
    """The models in memory of one process. Safe between threads.

    Args:
        usable: bytes that models may take on a device in all, given the device and what they take now.
        changed: called with the new status after a model has come or gone.
    """

    def __init__(
        self,
        usable: Callable[[str, int], int] = usable_bytes,
        changed: Callable[[list[Resident]], None] = lambda _: None,
    ) -> None:
        self._usable = usable
        self._changed = changed
        self._lock = threading.Lock()
        self._slots: dict[str, _Slot] = {}
        self._line: list[_Place] = []
        self._uses = 0

    def run(
        self,
        source: Source[M],
        work: Callable[[M], T],
        *,
        cancelled: threading.Event,
        until: float,
        on_wait: Callable[[str], None] = lambda _: None,
    ) -> T | None:
        """Wait for the model, load it if needed, and work with it alone. Must not be called inside `work`.

        Args:
            source: the model.
            work: is given the model. It may be called twice, when memory runs out the first time.
            cancelled: set to leave the line.
            until: on the clock of `time.monotonic`; who has not been served by then leaves the line.
            on_wait: told in words what is being waited for.

        Returns:
            What `work` returned; None for whoever left the line.

        Raises:
            SetupError: the model cannot fit, cannot be loaded, or ran out of memory twice.
        """
        slot = self._wait(source, cancelled, until, on_wait)
        if slot is None:
            return None
        try:
            if slot.model is None:
                on_wait(f"Loading {source.name}: {size(source.need.weights)} to {source.device}")
                self._load(slot)
            return self._twice(slot, lambda: work(slot.model))
        finally:
            self._release(slot)

    def status(self) -> list[Resident]:
        """What is in memory now."""
        with self._lock:
            return self._status()

    def close(self) -> None:
        """Let every model go that is not in use."""
        with self._lock:
            gone = [slot for slot in self._slots.values() if not slot.busy]
            for slot in gone:
                self._drop(slot)
            rows = self._status()
        self._changed(rows)

    def _wait(
        self,
        source: Source[Any],
        cancelled: threading.Event,
        until: float,
        on_wait: Callable[[str], None],
    ) -> _Slot | None:
        place = _Place(source)
        with self._lock:
            self._line.append(place)
            self._serve()
            ahead = self._line.index(place) if place in self._line else 0
        try:
            if not place.served.is_set():
                others = f"{ahead} in line before" if ahead else "another chat is being answered"
                on_wait(f"Waiting for {source.name}: {others}")
            while not place.served.wait(_LOOK_S):
                if cancelled.is_set() or time.monotonic() >= until:
                    self._leave(place)
                    break
        except BaseException:
            self._leave(place)
            if place.slot is not None:  # its turn had come
                self._release(place.slot)
            raise
        if place.error is not None:
            raise place.error
        return place.slot

    def _leave(self, place: _Place) -> None:
        with self._lock:
            if place in self._line:  # else its turn came in this very moment
                self._line.remove(place)
                self._serve()

    def _serve(self) -> None:
        """Give every place in the line its turn whose turn it is. Called with the lock held."""
        awaited: set[str] = set()  # models that somebody further ahead waits for
        short: set[str] = set()  # devices on which somebody further ahead waits for room
        for place in list(self._line):
            source = place.source
            slot = self._slots.get(source.key)
            if source.key not in awaited and source.device not in short:
                if slot is None and self._make_room(place):
                    slot = self._slots[source.key] = _Slot(source, used=0, busy=False)
                if slot is not None and not slot.busy:
                    slot.busy, self._uses = True, self._uses + 1
                    slot.used, place.slot = self._uses, slot
            if place.slot is not None or place.error is not None:
                self._line.remove(place)
                place.served.set()
                continue
            awaited.add(source.key)
            if slot is None:
                short.add(source.device)

    def _make_room(self, place: _Place) -> bool:
        """Let idle models go until the place's model fits; False when those in use leave too little."""
        source = place.source
        there = [slot for slot in self._slots.values() if slot.source.device == source.device]
        loaded = sum(slot.source.need.nbytes for slot in there if slot.model is not None)
        loading = sum(slot.source.need.nbytes for slot in there if slot.model is None)
        usable = self._usable(source.device, loaded)
        if source.need.nbytes > usable and loading:
            return False  # what is half loaded counts as taken by others: look again once it is there
        if source.need.nbytes > usable:
            place.error = too_large(
                source.name,
                source.need,
                device=source.device,
                usable=usable,
                smaller=source.smaller,
                served=source.served,
            )
            return False
        idle = sorted((slot for slot in there if not slot.busy), key=lambda slot: slot.used)
        freed, gone = 0, []
        while loaded + loading - freed + source.need.nbytes > usable and idle:
            gone.append(idle.pop(0))
            freed += gone[-1].source.need.nbytes
        if loaded + loading - freed + source.need.nbytes > usable:
            return False
        for slot in _needed(gone, loaded + loading + source.need.nbytes - usable):
            self._drop(slot)
        return True

    def _drop(self, slot: _Slot) -> None:
        self._slots.pop(slot.source.key, None)
        if slot.model is not None:
            slot.source.let_go(slot.model)
        slot.model = None
        give_back()

    def _load(self, slot: _Slot) -> None:
        start = time.perf_counter()
        try:
            model = self._twice(slot, slot.source.load)
        except BaseException:
            with self._lock:
                self._drop(slot)
            raise
        with self._lock:
            slot.model, slot.load_s = model, time.perf_counter() - start
            self._serve()  # somebody may have waited to see what it leaves
            rows = self._status()
        self._changed(rows)

    def _release(self, slot: _Slot) -> None:
        with self._lock:
            slot.busy = False
            self._serve()
            rows = self._status()
        self._changed(rows)

    def _twice(self, slot: _Slot, work: Callable[[], T]) -> T:
        """Do it; when memory runs out, free what can be freed and do it once more."""
        first = within_memory(work)
        if first:
            return first[0]
        with self._lock:
            for other in [one for one in self._slots.values() if one is not slot and not one.busy]:
                if other.source.device == slot.source.device:
                    self._drop(other)
        if slot.model is not None:
            slot.source.forget(slot.model)
        give_back()
        again = within_memory(work)
        if again:
            return again[0]
        if slot.model is not None:
            slot.source.forget(slot.model)
        give_back()
        raise ran_out(slot.source.name, device=slot.source.device, served=slot.source.served)

    def _status(self) -> list[Resident]:
        return [
            Resident(
                name=slot.source.name,
                device=slot.source.device,
                nbytes=int(getattr(slot.model, "nbytes", slot.source.need.nbytes)),
                load_s=slot.load_s,
                in_use=slot.busy,
                waiting=sum(place.source.key == slot.source.key for place in self._line),
            )
            for slot in self._slots.values()
        ]


def _needed(gone: list[_Slot], nbytes: int) -> list[_Slot]:
    """Those of the models that have to go for so much room; of the others, the last used stay."""
    spare = sum(slot.source.need.nbytes for slot in gone) - nbytes
    needed = []
    for slot in reversed(gone):
        if slot.source.need.nbytes <= spare:
            spare -= slot.source.need.nbytes
        else:
            needed.append(slot)
    return needed
