"""What the viewer is told of an image, and the bytes of one slice. Neither holds a name, a file or a fact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Image
from store.pictures.window import Window
from tools.files.arrays.windowing import between, percentile_window

_KINDS = {"u1": "uint8", "i2": "int16", "f4": "float32"}


def described(image: Image) -> dict[str, Any]:
    """The geometry and the windows of an image, as data for the browser.

    ``windows`` and ``spacings`` hold one entry for all slices, or one for each: a window is None where the
    file gives a table instead, a spacing is ``[row, column]`` in mm or None.
    """
    width, height = image.size
    return {
        "count": image.frame_count,
        "width": width,
        "height": height,
        "kind": _kind(image),
        "index": image.index,
        "windows": _each(image, [_window(_of_slice(image, n)) for n in range(image.frame_count)]),
        "spacings": _each(image, [image.at(n).spacing_mm for n in range(image.frame_count)]),
        "inverted": image.inverted and image.values is not None,
        "start": _told(_start(image)),
    }


def slice_bytes(image: Image, index: int, *, as_shown: bool) -> bytes:
    """One slice, row by row, little endian.

    Args:
        image: the image.
        index: which slice, 0-based.
        as_shown: the 8 bits that Casebook shows, instead of the values behind them.

    Raises:
        IndexError: there is no such slice.
    """
    if not 0 <= index < image.frame_count:
        raise IndexError(index)
    stack = image.frames if as_shown else _stack(image)
    return np.ascontiguousarray(stack[index], dtype=stack.dtype.newbyteorder("<")).tobytes()


def _stack(image: Image) -> NDArray[Any]:
    return image.frames if image.values is None else image.values


def _kind(image: Image) -> str:
    stack = _stack(image)
    return "rgb" if stack.ndim == 4 else _KINDS[stack.dtype.str[1:]]


def _of_slice(image: Image, index: int) -> Window | None:
    if image.values is None:
        return Window(127.5, 255.0, "LINEAR_EXACT")
    return image.slices[index].window if image.slices else image.window


def _start(image: Image) -> Window:
    """Where a change of the window starts from if the file gives none: what holds nearly all of one slice."""
    values = _stack(image)[image.index]
    known = _of_slice(image, image.index) or between(*percentile_window(np.asarray(values)))
    return known or Window(float(values.flat[0]), 1.0)


def _window(window: Window | None) -> dict[str, Any] | None:
    return None if window is None else _told(window)


def _told(window: Window) -> dict[str, Any]:
    return {"level": window.level, "width": window.width, "function": window.function}


def _each(image: Image, every: list[Any]) -> list[Any]:
    return every if image.slices and any(one != every[0] for one in every) else every[:1]
