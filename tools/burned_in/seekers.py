"""What looks for places in pictures: several at once, and one that knows pictures that it has seen."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from store.pictures.image import Pixels
from tools.burned_in.boxes import Box

# Ours: a question brings 20 pictures, of each of which three are looked at.
_REMEMBERED = 64


class Seeker(Protocol):
    """Finds places in pictures."""

    def find(self, picture: Pixels, *, read: bool = False) -> list[Box]:
        """Every place.

        Args:
            picture: ``(H, W)`` or ``(H, W, 3)`` uint8.
            read: tell apart what names nobody.
        """
        ...

    def find_again(self, picture: Pixels) -> list[Box]:
        """What is found at one glance, after the places were masked."""
        ...


@dataclass(frozen=True)
class Together:
    """Finds what any of some finds.

    Attributes:
        seekers: each is asked.
    """

    seekers: Sequence[Seeker]

    def find(self, picture: Pixels, *, read: bool = False) -> list[Box]:
        """As `Seeker.find`."""
        return [box for one in self.seekers for box in one.find(picture, read=read)]

    def find_again(self, picture: Pixels) -> list[Box]:
        """As `Seeker.find_again`."""
        return [box for one in self.seekers for box in one.find_again(picture)]


class Remembering:
    """Knows where something was in the last pictures: they are looked at twice where the user is asked.

    Args:
        seeker: looks at the others. Only places are remembered, under a hash of the pixels.
    """

    def __init__(self, seeker: Seeker) -> None:
        self._seeker = seeker
        self._known: OrderedDict[tuple[str, bool], list[Box]] = OrderedDict()

    def find(self, picture: Pixels, *, read: bool = False) -> list[Box]:
        """As `Seeker.find`."""
        pixels = np.ascontiguousarray(picture)
        key = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest(), read
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._seeker.find(picture, read=read)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return list(found)

    def find_again(self, picture: Pixels) -> list[Box]:
        """As `Seeker.find_again`."""
        return self._seeker.find_again(picture)
