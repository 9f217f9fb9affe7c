"""Files of vectors for tests: as Google publishes them, as two arrays, and broken in every way."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np


def vectors(count: int, length: int = 6144, *, labels: int = 2, seed: int = 0) -> np.ndarray:
    """`count` vectors ``(count, length)`` float32, none negative; every `labels`-th looks alike."""
    random = np.random.default_rng(seed)
    centres = random.random((labels, length))
    return (centres[np.arange(count) % labels] + 0.2 * random.random((count, length))).astype(np.float32)


def keyed(path: Path, rows: np.ndarray, keys: Sequence[str] | None = None) -> Path:
    """One array per picture, with keys as in the published file."""
    names = keys or [f"dataset/images/{i}.png" for i in range(len(rows))]
    np.savez(path, **dict(zip(names, rows, strict=True)))
    return path


def stacked(path: Path, rows: np.ndarray, ids: Sequence[str]) -> Path:
    """Two arrays."""
    np.savez_compressed(path, ids=np.array(ids), embeddings=rows)
    return path


def packed(path: Path, parts: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip archive of these bytes."""
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(f"{name}.npy", data)
    return path


def array(values: object, **more: object) -> bytes:
    """The bytes of one array."""
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(values, **more), allow_pickle=True)  # type: ignore[call-overload]
    return buffer.getvalue()


def claims(shape: str, descr: str = "<f4") -> bytes:
    """The header of an array of this shape, and no numbers."""
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()


def table(path: Path, rows: Sequence[Sequence[str]], header: str = "key,label,group") -> Path:
    """A CSV file."""
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n", "utf-8")
    return path
