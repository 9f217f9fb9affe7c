"""Decoded images kept once by content, outside of chats and messages.

    root/ab/abcdef…/meta.json     what `Image` says besides its arrays
                    frame.png     the one frame, or
                    frames.npy    all frames of a volume, read as a memory map
                    values.npy    values behind grey frames: uint8 or int16 if those do, else float32

An image appears whole or not at all: it is written into a folder beside, flushed, and renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image, Slice
from store.pictures.mapped import let_go
from store.pictures.places import older_than, place_of
from store.pictures.window import Window
from store.whole_file import writable

_PART = ".part"
# Ours: no image takes minutes to write, so a part this old was left by a process that died.
_ABANDONED_S = 3600.0
# Ours: frames of a mapped volume that are in memory at once while it is walked through.
_HELD = 16


class ImageStore:
    """A folder of decoded images.

    Args:
        root: the folder; made when the first image is kept.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, image: Image) -> str:
        """Keep an image; the same content is kept once.

        Returns:
            The key: SHA-256 in hex over frames, values and everything else the image says.

        Raises:
            SetupError: the folder cannot be written, or its disk is full; nothing of the image is left.
        """
        meta = _meta(image)
        key = _key(image, meta)
        if not self.holds(key):
            with writable():
                self._put(self._folder(key), image, meta)
        return key

    def _put(self, folder: Path, image: Image, meta: dict[str, Any]) -> None:
        parts = self._root / _PART
        parts.mkdir(parents=True, exist_ok=True)
        _sweep(parts)
        folder.parent.mkdir(exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=parts))
        try:
            _write(part, image, meta)
            _move(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def size(self, key: str) -> int:
        """How many bytes of disk an image takes; 0 if it is not kept."""
        return sum(file.stat().st_size for file in self._folder(key).glob("*"))

    def get(self, key: str) -> Image:
        """The image kept under `key`; the arrays of a volume are read-only memory maps.

        Raises:
            CaseError: nothing whole is kept under this key.
        """
        folder = self._folder(key)
        try:
            meta = json.loads((folder / "meta.json").read_text("utf-8"))
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
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CaseError(
                f"The image {key[:12]}… is no longer kept, or its files were changed. Add the image again."
            ) from error

    def holds(self, key: str) -> bool:
        """Whether an image is kept under `key`."""
        return self._folder(key).is_dir()

    def remove(self, key: str) -> None:
        """Forget an image; no error if it is already gone."""
        folder = self._folder(key)
        gone = self._root / _PART / f"gone-{uuid.uuid4().hex}"
        try:
            gone.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(gone)  # at once, so that nobody finds half an image
        except FileNotFoundError:
            return
        except OSError:  # a full disk takes no new name, and this makes room
            gone = folder
        shutil.rmtree(gone, ignore_errors=True)

    def older(self, seconds: float) -> list[str]:
        """The keys of the images that were put in more than so many seconds ago."""
        return list(older_than(self._root, seconds))

    def _folder(self, key: str) -> Path:
        return place_of(self._root, key, what="image")


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


def _key(image: Image, meta: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(meta, sort_keys=True).encode())
    for array in (image.frames, image.values):
        if array is not None:
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            for frame in _each(array):
                digest.update(frame.data)
    return digest.hexdigest()


def _each(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Each frame; a mapped array is not kept in memory once it has been walked through."""
    for number, frame in enumerate(array):
        yield np.ascontiguousarray(frame)
        if number % _HELD == _HELD - 1:
            let_go(array)
    let_go(array)


def _write(part: Path, image: Image, meta: dict[str, Any]) -> None:
    from PIL import Image as PillowImage

    if image.frame_count == 1:
        frame = np.ascontiguousarray(image.frames[0])
        PillowImage.fromarray(frame).save(part / "frame.png", compress_level=1)
    else:
        _write_array(part / "frames.npy", image.frames, np.dtype(np.uint8))
    if image.values is not None:
        _write_array(part / "values.npy", image.values, _value_type(image.values))
    (part / "meta.json").write_text(json.dumps(meta), "utf-8")
    for path in (*part.iterdir(), part):
        _flush(path)


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


def _flush(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows does not open folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _move(part: Path, folder: Path) -> None:
    try:
        part.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process kept the same image first
            raise
    _flush(folder.parent)


def _sweep(parts: Path) -> None:
    for part in parts.iterdir():
        try:
            if time.time() - part.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(part, ignore_errors=True)
        except FileNotFoundError:
            continue


def _read_frames(folder: Path, count: int) -> NDArray[np.uint8]:
    from PIL import Image as PillowImage

    if count > 1:
        return _read_array(folder / "frames.npy", count)
    with PillowImage.open(folder / "frame.png", formats=["PNG"]) as picture:
        return np.asarray(picture)[None]


def _read_array(path: Path, count: int) -> NDArray[Any]:
    array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.array(array) if count == 1 else array
