"""The files of one decoded image in a folder of its own, and the key of what they hold.

meta.json     what `Image` says besides its arrays
frame.png     the one frame, or
frames.npy    all frames of a volume, read as a memory map
values.npy    values behind grey frames: uint8 or int16 if those do, else float32
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Image, Slice
from store.pictures.mapped import let_go
from store.pictures.window import Window

META = "meta.json"
"""The file without which there is no image."""
# Ours: frames of a mapped volume that are in memory at once while it is walked through.
_HELD = 16


def key_of(image: Image) -> str:
    """SHA-256 in hex over frames, values and everything else the image says."""
    digest = hashlib.sha256(json.dumps(_meta(image), sort_keys=True).encode())
    for array in (image.frames, image.values):
        if array is not None:
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            for frame in _each(array):
                digest.update(frame.data)
    return digest.hexdigest()


def files_of(image: Image) -> set[str]:
    """The names of the files of an image."""
    frames = "frame.png" if image.frame_count == 1 else "frames.npy"
    return {META, frames} | (set() if image.values is None else {"values.npy"})


def read_image(folder: Path) -> Image:
    """The image whose files are in a folder; the arrays of a volume are read-only memory maps.

    Raises:
        OSError: a file is not there or cannot be read.
        ValueError: a file is not what was written, also as `KeyError` and `TypeError`.
    """
    meta = json.loads((folder / META).read_text("utf-8"))
    frames = _read_frames(folder, meta.pop("frame_count"))
    values = _read_array(folder / "values.npy", len(frames)) if meta.pop("has_values") else None
    spacing = _pair(meta.pop("spacing_mm"))
    slices = tuple(_slice(one) for one in meta.pop("slices", ()))
    window = _window(meta.pop("window", None))
    return Image(
        frames=frames,
        values=values,
        spacing_mm=spacing,
        notes=tuple(meta.pop("notes")),
        slices=slices,
        window=window,
        **meta,
    )


def write_image(folder: Path, image: Image) -> None:
    """Write the files of an image into a folder.

    Raises:
        OSError: the disk does not take them.
    """
    from PIL import Image as PillowImage

    if image.frame_count == 1:
        frame = np.ascontiguousarray(image.frames[0])
        PillowImage.fromarray(frame).save(folder / "frame.png", compress_level=1)
    else:
        _write_array(folder / "frames.npy", image.frames, np.dtype(np.uint8))
    if image.values is not None:
        _write_array(folder / "values.npy", image.values, _value_type(image.values))
    (folder / META).write_text(json.dumps(_meta(image)), "utf-8")


def _meta(image: Image) -> dict[str, Any]:
    return {
        "file_type": image.file_type,
        "index": image.index,
        "unit": image.unit,
        "spacing_mm": list(image.spacing_mm) if image.spacing_mm else None,
        "modality": image.modality,
        "body_part": image.body_part,
        "facts": dict(image.facts),
        "notes": list(image.notes),
        "slices": [asdict(one) for one in image.slices],
        "scale_caution": image.scale_caution,
        "volumes": image.volumes,
        "window": asdict(image.window) if image.window else None,
        "inverted": image.inverted,
        "frame_count": image.frame_count,
        "has_values": image.values is not None,
    }


def _slice(told: dict[str, Any]) -> Slice:
    return Slice(told["facts"], tuple(told["notes"]), _pair(told["spacing_mm"]), _window(told.get("window")))


def _window(told: dict[str, Any] | None) -> Window | None:
    return Window(**told) if told else None


def _pair(spacing: list[float] | None) -> tuple[float, float] | None:
    return (spacing[0], spacing[1]) if spacing else None


def _each(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Each frame; a mapped array is not kept in memory once it has been walked through."""
    for number, frame in enumerate(array):
        yield np.ascontiguousarray(frame)
        if number % _HELD == _HELD - 1:
            let_go(array)
    let_go(array)


def _value_type(values: NDArray[Any]) -> np.dtype[Any]:
    if values.dtype in (np.uint8, np.int16):
        return values.dtype
    for frame in _each(values):
        whole = np.isfinite(frame).all() and np.array_equal(frame, np.rint(frame))
        if not whole or frame.min() < -32768 or frame.max() > 32767:
            return np.dtype(np.float32)
    return np.dtype(np.int16)


def _write_array(path: Path, array: NDArray[Any], dtype: np.dtype[Any]) -> None:
    """Write ``.npy`` frame by frame, so that a volume is never held twice."""
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": array.shape}
    with path.open("wb") as file:
        np.lib.format.write_array_header_2_0(file, header)
        for frame in _each(array):
            file.write(frame.astype(dtype, copy=False).tobytes())


def _read_frames(folder: Path, count: int) -> NDArray[np.uint8]:
    from PIL import Image as PillowImage

    if count > 1:
        return _read_array(folder / "frames.npy", count)
    with PillowImage.open(folder / "frame.png", formats=["PNG"]) as picture:
        return np.asarray(picture)[None]


def _read_array(path: Path, count: int) -> NDArray[Any]:
    array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.array(array) if count == 1 else array
