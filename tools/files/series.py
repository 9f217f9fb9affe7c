"""A folder or zip of DICOM files to images: one per series, its slices in anatomical order.

Files are grouped by Series Instance UID (in memory only), size, colour and orientation. CT, MR, PET and
nuclear-medicine slices become one stack; radiographs, cines and photographs stay one image each.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image
from tools.files.arrays.limits import Allocate, ReadLimits, refusing_damage
from tools.files.dicom.display import number, text
from tools.files.dicom.reader import Header, read_header, read_stack
from tools.files.file_type import ACCEPTED, read_head, recognise

_STACKED = ("CT", "MR", "PT", "NM")

# Ours. Direction cosines of one scan agree to four decimals; another plane differs by far more.
_SAME_DIRECTION = 0.01
# Ours. Table positions are written to a tenth of a millimetre; a missing slice doubles a gap.
_EVEN_GAPS_MM = 0.1

_CHUNK = 1024 * 1024


def read_folder(folder: Path, limits: ReadLimits, allocate: Allocate = np.empty) -> list[Image]:
    """Read every DICOM series below a folder. Links are not followed.

    Args:
        folder: the folder.
        limits: for everything in it together.
        allocate: makes the arrays of frames and values.

    Raises:
        CaseError: too many files or bytes, no DICOM picture, or a series that cannot be read.
    """
    return _read_files(_files(folder, limits), limits, allocate, "folder")


def read_zip(path: Path, unpacked: Path, limits: ReadLimits, allocate: Allocate = np.empty) -> list[Image]:
    """Read every DICOM series in a zip.

    Args:
        path: the zip.
        unpacked: an empty folder to unpack into; entries get numbers for names there.
        limits: bytes, files and nesting, counted while unpacking and not believed from the zip.
        allocate: makes the arrays of frames and values.

    Raises:
        CaseError: as `read_folder`; a password; a zip bomb; damage.
    """
    with refusing_damage("zip file"):
        _unpack(path, unpacked, _Budget(limits), limits.max_nesting)
    return _read_files(_files(unpacked, limits), limits, allocate, "zip")


@dataclass
class _Budget:
    """Files and bytes so far."""

    limits: ReadLimits
    files: int = 0
    size: int = 0

    def spend(self, *, files: int = 0, size: int = 0) -> None:
        """Count; refuse what goes over the limits."""
        self.files, self.size = self.files + files, self.size + size
        if self.files > 2 * self.limits.max_frames:
            raise CaseError(
                f"It holds more than {2 * self.limits.max_frames} files. Send one series at a time."
            )
        if self.size > self.limits.max_bytes:
            most = self.limits.max_bytes / 1024**2
            raise CaseError(f"Its files take more than {most:.4g} MB together. Send one series at a time.")


def _files(folder: Path, limits: ReadLimits) -> list[Path]:
    found: list[Path] = []
    budget = _Budget(limits)
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root, name)
            if path.is_symlink() or not path.is_file():
                continue
            found.append(path)
            budget.spend(files=1, size=path.stat().st_size)
    return found


def _unpack(path: Path, folder: Path, budget: _Budget, levels: int) -> None:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                raise CaseError("This zip is protected by a password. Pack it without one.")
            budget.spend(files=1)
            target = folder / f"{budget.files:06d}"
            with archive.open(info) as source, target.open("wb") as file:
                while chunk := source.read(_CHUNK):
                    budget.spend(size=len(chunk))
                    file.write(chunk)
            if read_head(target)[:4] != b"PK\x03\x04":
                continue
            if levels == 0:
                deepest = budget.limits.max_nesting
                raise CaseError(f"This zip nests zips more than {deepest} deep. Pack the series in one.")
            inner = target.rename(folder.parent / f"inner-{levels}")
            _unpack(inner, folder, budget, levels - 1)
            inner.unlink()


def _read_files(files: list[Path], limits: ReadLimits, allocate: Allocate, where: str) -> list[Image]:
    headers: list[Header] = []
    refusals: list[CaseError] = []
    for path in files:
        try:
            if recognise(read_head(path)) == "DICOM":
                headers.append(read_header(path, limits))
        except CaseError as refusal:
            refusals.append(refusal)
    if not headers:
        if len(files) == 1 and refusals:
            raise refusals[0]
        raise CaseError(f"This {where} holds no DICOM picture. {ACCEPTED}")
    series = list(_series(headers))
    _check_total(headers, limits)
    left_out = len(files) - len(headers)
    note = (
        f"{left_out} other files in the {where} hold no DICOM picture and were left out."
        if left_out
        else None
    )
    images = [_read_series(stack, limits, allocate) for stack in series]
    return [replace(image, notes=(*image.notes, note)) if note else image for image in images]


def _check_total(headers: list[Header], limits: ReadLimits) -> None:
    voxels = sum(h.frames * h.shape[0] * h.shape[1] * (3 if h.colour else 1) for h in headers)
    if voxels > limits.max_total_voxels:
        raise CaseError(
            f"Its pictures hold {voxels / 1e6:.4g} million values; up to {limits.max_total_voxels / 1e6:.4g} "
            "million are read at once. Send one series at a time."
        )


def _series(headers: list[Header]) -> Iterator[list[Header]]:
    """Group headers into stacks; single images are stacks of one."""
    stacks: list[tuple[tuple[object, ...], NDArray[np.float64] | None, list[Header]]] = []
    for header in headers:
        if header.frames > 1 or text(header.ds, "Modality") not in _STACKED:
            yield [header]
            continue
        key = (text(header.ds, "SeriesInstanceUID"), header.shape, header.colour)
        direction = _vector(header, "ImageOrientationPatient", 6)
        for other, other_direction, stack in stacks:
            if other == key and _alike(direction, other_direction):
                stack.append(header)
                break
        else:
            stacks.append((key, direction, [header]))
    for _, _, stack in stacks:
        yield stack


def _alike(one: NDArray[np.float64] | None, other: NDArray[np.float64] | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.abs(one - other).max() < _SAME_DIRECTION)


def _vector(header: Header, keyword: str, length: int) -> NDArray[np.float64] | None:
    numbers = [number(header.ds, keyword, i) for i in range(length)]
    return None if None in numbers else np.array(numbers, dtype=np.float64)


def _read_series(stack: list[Header], limits: ReadLimits, allocate: Allocate) -> Image:
    if len(stack) == 1:
        return read_stack(stack, limits, allocate)
    positions = _positions(stack)
    if positions is None or len(np.unique(positions.round(3))) < len(stack):
        ordered = sorted(stack, key=lambda h: number(h.ds, "InstanceNumber") or 0.0)
        image = read_stack(ordered, limits, allocate)
        told = "gives no position" if positions is None else "repeats positions"
        return replace(
            image, notes=(*image.notes, f"The series {told}; slices follow their instance numbers.")
        )
    order = np.argsort(positions)
    image = read_stack([stack[i] for i in order], limits, allocate)
    gaps = np.diff(positions[order])
    if np.ptp(gaps) > _EVEN_GAPS_MM:
        return replace(image, notes=(*image.notes, "The gap between slices varies; some may be missing."))
    return replace(image, facts={**image.facts, "slice spacing": f"{float(np.median(gaps)):.4g} mm"})


def _positions(stack: list[Header]) -> NDArray[np.float64] | None:
    """Each slice's place along the normal of the first, in mm, or None where one has none.

    Source: DICOM PS3.3 section C.7.6.2.1.1 (Image Position and Image Orientation).
    """
    direction = _vector(stack[0], "ImageOrientationPatient", 6)
    places = [_vector(header, "ImagePositionPatient", 3) for header in stack]
    if direction is None or any(place is None for place in places):
        return None
    normal = np.cross(direction[:3], direction[3:])
    return np.array([float(np.dot(place, normal)) for place in places if place is not None])
