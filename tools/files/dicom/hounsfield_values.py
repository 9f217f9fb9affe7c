"""Hounsfield values of a stack, kept in as few bytes as they need, with their padding marked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import NO_VALUE
from tools.files.arrays.limits import Allocate


class HounsfieldValues:
    """int16 while every value fits and float32 from then on; nothing once a frame is on another scale.

    Args:
        allocate: makes the arrays.
        shape: ``(F, H, W)``.

    Attributes:
        array: the values so far, padding as `NO_VALUE` or NaN; None once a frame had none.
    """

    def __init__(self, allocate: Allocate, shape: tuple[int, ...]) -> None:
        self._allocate = allocate
        self.array: NDArray[Any] | None = allocate(shape, np.int16)
        self._filled: list[int] = []

    def keep(
        self, position: int, values: NDArray[Any], padding: NDArray[np.bool_] | None, *, in_hu: bool
    ) -> None:
        """Put one frame in its place.

        Args:
            position: of the frame, 0-based.
            values: ``(H, W)``.
            padding: which of them are padding, or None.
            in_hu: whether they are Hounsfield units.
        """
        if not in_hu:
            self.array = None
        if self.array is None:
            return
        if self.array.dtype == np.int16 and not self._kept_whole(self.array[position], values, padding):
            self.array = self._wider(self.array)
        if self.array.dtype != np.int16:
            self.array[position] = values
            if padding is not None:
                self.array[position][padding] = np.nan
        self._filled.append(position)

    def _kept_whole(
        self, place: NDArray[Any], values: NDArray[Any], padding: NDArray[np.bool_] | None
    ) -> bool:
        """Write a frame as int16; whether nothing but padding was changed by that."""
        with np.errstate(invalid="ignore"):
            place[...] = values.astype(np.int16)
        same = place == values
        if padding is not None:
            place[padding] = NO_VALUE
            same |= padding
        return bool(same.all())

    def _wider(self, narrow: NDArray[Any]) -> NDArray[Any]:
        """The frames so far as float32."""
        wider = self._allocate(narrow.shape, np.float32)
        for done in self._filled:
            wider[done] = narrow[done]
            wider[done][narrow[done] == NO_VALUE] = np.nan
        return wider
