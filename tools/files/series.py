"""A folder or zip of DICOM files to images: one per series, its slices in anatomical order.

Files are grouped by Series Instance UID (in memory only), size, colour and orientation. CT, MR, PET and
nuclear-medicine slices become one stack; radiographs, cines and photographs stay one image each.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from store.errors import CaseError
from store.pictures.image import Image
from tools.files.arrays.limits import Allocate, ReadLimits, refusing_damage
from tools.files.dicom.display import text
from tools.files.dicom.frames import Frame, frame_header
from tools.files.dicom.headers import Header, read_header
from tools.files.dicom.ordering import same_direction
from tools.files.dicom.reader import read_series
from tools.files.file_type import ACCEPTED, read_head, recognise

_STACKED = ("CT", "MR", "PT", "NM")

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
                f"It holds more than {2 * self.limits.max_frames} files. Send one series at a time, and of a "
                "long series a part."
            )
        if self.size > self.limits.max_bytes:
            most = self.limits.max_bytes / 1024**2
            raise CaseError(
                f"Its files take more than {most:.4g} MB together. Send one series at a time, and of a long "
                "series a part or every second slice; whoever runs Casebook can raise max_file_mb."
            )


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
    check_total(headers, limits)
    left_out = len(files) - len(headers)
    note = (
        f"{left_out} other files in the {where} hold no DICOM picture and were left out."
        if left_out
        else None
    )
    images = [read_series(stack, limits, allocate) for stack in grouped(headers)]
    return [replace(image, notes=(*image.notes, note)) if note else image for image in images]


def check_total(headers: list[Header], limits: ReadLimits) -> None:
    """Refuse files that hold too much together, by their headers alone.

    Raises:
        CaseError: more values than are read at once.
    """
    voxels = sum(h.frames * h.shape[0] * h.shape[1] * (3 if h.colour else 1) for h in headers)
    if voxels > limits.max_total_voxels:
        raise CaseError(
            f"Its pictures hold {voxels / 1e6:.4g} million values; up to {limits.max_total_voxels / 1e6:.4g} "
            "million are read at once. Send one series at a time, and of a long series a part or "
            "every second slice."
        )


def grouped(headers: list[Header]) -> list[list[Header]]:
    """Group headers into stacks in the order of the files; single pictures are stacks of one."""
    stacks: list[tuple[tuple[object, ...], Frame | None, list[Header]]] = []
    for header in headers:
        if not _stackable(header):
            stacks.append(((), None, [header]))
            continue
        first = Frame(header, 0, frame_header(header.ds, 0))
        key = (text(header.ds, "SeriesInstanceUID"), header.shape, header.colour, bool(header.mosaic))
        for other, other_first, stack in stacks:
            if other == key and other_first is not None and same_direction(first, other_first):
                stack.append(header)
                break
        else:
            stacks.append((key, first, [header]))
    return [stack for _, _, stack in stacks]


def _stackable(header: Header) -> bool:
    """Whether a file is part of a volume: a slice, a mosaic, or frames that each have a place in the patient.

    Source: DICOM PS3.3 section C.7.6.16.2.3 (Plane Position); a concatenation or an enhanced series in
    several files has it for every frame, a cine has not.
    """
    if text(header.ds, "Modality") not in _STACKED or not text(header.ds, "SeriesInstanceUID"):
        return False
    return header.stored == 1 or bool(header.ds.get("PerFrameFunctionalGroupsSequence"))
