"""A NIfTI volume without the words of its header, its extensions and what follows its voxels.

Source: nifti1.h and nifti2.h of the NIfTI Data Format Working Group.
"""

from __future__ import annotations

import gzip
import io
import math
import struct
import zlib
from dataclasses import dataclass

from store.errors import CaseError
from tools.privacy.copy import Copy
from tools.privacy.header import EMPTIED, REMOVED, Change

_GZIP = b"\x1f\x8b"
# What a gzip file says in its head, which holds a name and a time: RFC 1952, section 2.3.1.
_FLAGS, _NO_FLAGS, _TIME = 3, 0, slice(4, 8)
# Ours: what lies behind an extension's flag is aligned to 16 bytes.
_ALIGNED = 16


@dataclass(frozen=True)
class _Layout:
    """Where a header holds what: name → (start, bytes)."""

    size: int
    magic: int
    dim: tuple[int, str]
    bitpix: int
    vox_offset: tuple[int, str]
    words: dict[str, tuple[int, int]]


_LAYOUTS = {
    348: _Layout(
        348, 344, (40, "8h"), 72, (108, "f"),
        {
            "data_type": (4, 10), "db_name": (14, 18), "descrip": (148, 80), "aux_file": (228, 24),
            "intent_name": (328, 16),
        },
    ),
    540: _Layout(
        540, 4, (16, "8q"), 14, (168, "q"),
        {"descrip": (240, 80), "aux_file": (320, 24), "intent_name": (508, 16), "unused_str": (525, 15)},
    ),
}  # fmt: skip


def clean_nifti(data: bytes, most_bytes: int) -> Copy:
    """The copy of a ``.nii`` or ``.nii.gz`` file, of the same kind.

    Args:
        data: the file.
        most_bytes: that may be unpacked.

    Raises:
        CaseError: it is cut off, in two parts, or unpacks to more.
    """
    changes: list[Change] = []
    zipped = data.startswith(_GZIP)
    if zipped:
        if data[_FLAGS] != _NO_FLAGS or any(data[_TIME]):
            changes.append(Change("name and time in the gzip header", REMOVED))
        data = _unpacked(data, most_bytes)
    try:
        bare, more = _clean(data)
    except (struct.error, KeyError, OverflowError, ValueError):
        raise CaseError("This NIfTI file is cut off or damaged. Export it again from its source.") from None
    if zipped:
        bare = gzip.compress(bare, mtime=0)
    return Copy(bare, ".nii.gz" if zipped else ".nii", changes + more, pixels_seen=False)


def _unpacked(data: bytes, most_bytes: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            unpacked = file.read(most_bytes + 1)
    except (OSError, EOFError, zlib.error):
        raise CaseError("This NIfTI file is cut off or damaged. Export it again from its source.") from None
    if len(unpacked) > most_bytes:
        raise CaseError(
            f"This NIfTI file unpacks to more than {most_bytes / 2**20:.4g} MB. Send a part of it."
        )
    return unpacked


def _clean(data: bytes) -> tuple[bytes, list[Change]]:
    order = "<" if struct.unpack("<i", data[:4])[0] in _LAYOUTS else ">"
    layout = _LAYOUTS[struct.unpack(f"{order}i", data[:4])[0]]
    if data[layout.magic : layout.magic + 2] == b"ni":
        raise CaseError(
            "This NIfTI file is in two parts, .hdr and .img. Save it as one .nii file and give that."
        )
    start = int(struct.unpack_from(order + layout.vox_offset[1], data, layout.vox_offset[0])[0])
    end = start + _voxel_bytes(data, layout, order)
    flag = layout.size + 4
    if start < flag or end > len(data):
        raise ValueError
    head, changes = bytearray(data[: layout.size]), []
    for name, (place, size) in layout.words.items():
        if any(head[place : place + size]):
            changes.append(Change(name, EMPTIED))
            head[place : place + size] = bytes(size)
    if any(data[layout.size : start]):
        changes.append(Change("extensions", REMOVED))
    if any(data[end:]):
        changes.append(Change("bytes after its end", REMOVED))
    begin = -(-flag // _ALIGNED) * _ALIGNED
    struct.pack_into(order + layout.vox_offset[1], head, layout.vox_offset[0], begin)
    return bytes(head) + bytes(begin - layout.size) + data[start:end], changes


def _voxel_bytes(data: bytes, layout: _Layout, order: str) -> int:
    dim = struct.unpack_from(order + layout.dim[1], data, layout.dim[0])
    bits = struct.unpack_from(f"{order}h", data, layout.bitpix)[0]
    if not 0 < dim[0] < 8 or bits <= 0 or min(dim[1 : dim[0] + 1]) < 1:
        raise ValueError
    return int(-(-math.prod(dim[1 : dim[0] + 1]) * bits // 8))
