"""The values behind a grey stack, kept in as few bytes as they need; padding of HU is marked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import NO_VALUE
from tools.files.arrays.limits import Allocate

_NARROW_TO_WIDE = (np.uint8, np.int16, np.float32)


class KeptValues:
    """uint8 or int16 while every value fits, float32 from the first one on that does not.

    Args:
        allocate: makes the arrays.
        shape: ``(F, H, W)``.

    Attributes:
        in_hu: whether every frame so far is on the scale of Hounsfield units.
    """

    def __init__(self, allocate: Allocate, shape: tuple[int, ...]) -> None:
        self._allocate, self._shape = allocate, shape
        self._array: NDArray[Any] | None = None
        self._filled: list[int] = []
        self.in_hu = True

    @property
    def array(self) -> NDArray[np.generic]:
        """The values so far, padding of Hounsfield units as `NO_VALUE` or NaN."""
        if self._array is None:
            raise ValueError("no frame was kept yet")
        return self._array

    def keep(
        self, position: int, values: NDArray[Any], padding: NDArray[np.bool_] | None, *, in_hu: bool
    ) -> None:
        """Put one frame in its place.

        Args:
            position: of the frame, 0-based.
            values: ``(H, W)``.
            padding: which of them are padding, or None.
            in_hu: whether they are Hounsfield units; only those have their padding marked.
        """
        self.in_hu = self.in_hu and in_hu
        marked = padding if in_hu else None
        if self._array is None:
            self._array = self._allocate(self._shape, np.uint8 if values.dtype.itemsize == 1 else np.int16)
        while not _put(self._array[position], values, marked):
            self._array = self._wider(self._array)
        self._filled.append(position)

    def _wider(self, narrow: NDArray[Any]) -> NDArray[Any]:
        """The frames so far in the next wider type."""
        kinds = [np.dtype(kind) for kind in _NARROW_TO_WIDE]
        wide = _NARROW_TO_WIDE[kinds.index(narrow.dtype) + 1]
        wider = self._allocate(narrow.shape, wide)
        for done in self._filled:
            wider[done] = narrow[done]
            if narrow.dtype == np.int16 and self.in_hu:
                wider[done][narrow[done] == NO_VALUE] = np.nan
        return wider


def _put(place: NDArray[Any], values: NDArray[Any], padding: NDArray[np.bool_] | None) -> bool:
    """Write a frame; whether the type of the place holds it as it is, with its padding marked."""
    if place.dtype == np.float32:
        place[...] = values
        if padding is not None:
            place[padding] = np.nan
        return True
    if place.dtype == np.uint8 and padding is not None:
        return False
    with np.errstate(invalid="ignore"):
        place[...] = values.astype(place.dtype)
    same = place == values
    if padding is not None:
        place[padding] = NO_VALUE
        same |= padding
    return bool(same.all())
