"""What a reader remembers of pictures it has seen, so that a second question does not pay for them again."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from tools.models.systems.reading import Request

if TYPE_CHECKING:
    from torch import Tensor


class Held(Protocol):
    """What can be remembered of a picture."""

    @property
    def nbytes(self) -> int:
        """Bytes it takes in memory."""


@dataclass(frozen=True)
class Layers:
    """What a language model computed for a prompt's beginning.

    Attributes:
        pairs: keys and values, ``(1, heads, length, size)`` each, per layer.
    """

    pairs: tuple[tuple[Tensor, Tensor], ...]

    @classmethod
    def of(cls, cache: Any) -> Layers:
        """The layers of a filled cache of transformers."""
        return cls(tuple((layer.keys, layer.values) for layer in cache.layers))

    @property
    def nbytes(self) -> int:
        """Bytes of all layers."""
        return sum(keys.nbytes + values.nbytes for keys, values in self.pairs)


T = TypeVar("T", bound=Held)

KEEP_IMAGES = 4
KEEP_BYTES = 1 << 30
"""Bounds of what one reader remembers. Ours: one picture is about 220 MB for the largest reader in half
precision, so the last few of a conversation fit."""


class SeenImages(Generic[T]):
    """The last few pictures' computed states, least recently used first out. Safe between threads."""

    def __init__(self, *, images: int = KEEP_IMAGES, nbytes: int = KEEP_BYTES) -> None:
        self._images = images
        self._limit = nbytes
        self._states: OrderedDict[str, tuple[T, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Bytes held now."""
        with self._lock:
            return sum(size for _, size in self._states.values())

    def get(self, key: str) -> T | None:
        """The state of the picture `key`, or None when it is not held."""
        with self._lock:
            if key not in self._states:
                return None
            self._states.move_to_end(key)
            return self._states[key][0]

    def put(self, key: str, state: T, nbytes: int) -> None:
        """Remember `state`; older ones leave. One that alone is over the bound is not kept."""
        with self._lock:
            self._states.pop(key, None)
            self._states[key] = (state, nbytes)
            while self._states and (
                len(self._states) > self._images
                or sum(size for _, size in self._states.values()) > self._limit
            ):
                self._states.popitem(last=False)

    def look(self, key: str, look: Callable[[], T]) -> tuple[T, bool]:
        """The state of the picture `key`, made by `look` unless it is held; and whether it was held."""
        state = self.get(key)
        if state is not None:
            return state, True
        state = look()
        self.put(key, state, state.nbytes)
        return state, False

    def clear(self) -> None:
        """Forget all pictures and free what they held."""
        with self._lock:
            self._states.clear()


def picture_key(request: Request) -> str:
    """The key of the request's picture: its own and its pixels', as slices of one file share the first."""
    pixels = hashlib.blake2b(request.pixels.tobytes(), digest_size=16).hexdigest()
    return f"{request.image_key}:{','.join(map(str, request.pixels.shape))}:{pixels}"
