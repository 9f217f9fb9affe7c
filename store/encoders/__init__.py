"""Encoders: a picture becomes one unit vector, and the cosine of two vectors says how alike they look.

One encoder per kind of picture; each collection of the case library belongs to exactly one. The
built-in ones describe colour, texture and shape. They know nothing of diseases.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from store.encoders.grey import GreyEncoder
from store.encoders.skin import SkinEncoder
from store.pictures.image import Pixels

EncodedDomain = Literal["radiology", "dermatology"]


class Described(Protocol):
    """What a collection of the case library says of its encoder."""

    @property
    def name(self) -> str:
        """Name of the encoder, which is also the name of its collection."""

    @property
    def version(self) -> str:
        """Version; vectors of different versions are never compared."""

    @property
    def space(self) -> str:
        """Distance the vectors are made for: ``cosine``."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def domain(self) -> EncodedDomain:
        """Which pictures it is for."""

    @property
    def near_floor(self) -> float | None:
        """Similarity under which nothing is called near while a collection is too small to say itself.

        None where no such number is known: then nothing is called near or far.
        """


class Encoder(Described, Protocol):
    """What the case library needs of an encoder."""

    def encode(self, pixels: Pixels) -> NDArray[np.float32]:
        """Describe a picture ``(H, W, 3)`` uint8 by a ``(dimension,)`` float32 unit vector."""


@cache
def built_in_encoders() -> tuple[Encoder, ...]:
    """The encoders that come with Casebook, one per domain."""
    return SkinEncoder(), GreyEncoder()
