"""NIfTI volumes to `Image`: axial slices in radiological convention, one volume after another.

A NIfTI header tells geometry (``tools.files.nifti_geometry``) and nothing of the examination, so modality and
body part stay unknown, and values have no unit. Slices are cut from a map of the file and never held whole.

Source: NIfTI-1 and NIfTI-2 header definitions (nifti1.h, nifti2.h of the NIfTI Data Format Working
Group) as nibabel reads them.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image, Slice
from store.pictures.mapped import let_go
from store.pictures.window import Window
from tools.files.arrays.kept_values import KeptValues
from tools.files.arrays.limits import Allocate, ReadLimits, cut_off, refusing_damage
from tools.files.arrays.squaring import Squaring, resampled_note, squared
from tools.files.arrays.windowing import between, most_content, percentile_window, to_uint8
from tools.files.nifti_colour import SHOWN, colours, is_colour
from tools.files.nifti_geometry import Geometry, geometry_of
from tools.files.nifti_values import apart_ms, scaling

_HEADER_BYTES = {1: 348, 2: 540}
_CHUNK = 1024 * 1024
_ENOUGH = 1_000_000
# Ours: slices whose pages are in memory at once.
_HELD = 16
# Source: CIFTI-2 specification, table of intent codes (NIFTI_INTENT_CONNECTIVITY_UNKNOWN and the following).
_CIFTI = range(3000, 3100)
_NO_PICTURE = (
    "This is a CIFTI file: values at points of the brain's surface and between them, not a picture. Send the "
    "volume they were taken from, as NIfTI."
)
_NO_NUMBER = "No voxel of this volume holds a number (all are NaN or infinite), so there is nothing to show."


@dataclass(frozen=True)
class _Volumes:
    """The stored values, ``(X, Y, Z, T)`` with the axes as shown, their scale, the time between."""

    stored: NDArray[Any]
    slope: float | None
    inter: float
    apart_ms: float | None = None

    def scaled(self, values: NDArray[Any]) -> NDArray[Any]:
        if self.slope is None:
            return values
        return values * np.float32(self.slope) + np.float32(self.inter)


def read_nifti(path: Path, limits: ReadLimits, allocate: Allocate = np.empty) -> Image:
    """Read one ``.nii`` or gzipped ``.nii.gz`` file; of a series of volumes as many as the limits allow.

    Args:
        path: the file, plain or gzipped.
        limits: refused from the header, before anything is allocated.
        allocate: makes the arrays.

    Raises:
        CaseError: too large, cut off, damaged, two-part, of complex values, or no picture (CIFTI).
    """
    with refusing_damage("NIfTI file"), _as_value_error(), closing(_open(path)) as stream:
        header = _header(stream)
        if int(header["intent_code"]) in _CIFTI:
            raise CaseError(_NO_PICTURE)
        shape, there = _shape(header)
        samples = 3 if is_colour(header.get_data_dtype()) else 1
        limits.check(frames=shape[2], rows=shape[1], columns=shape[0], samples=samples)
        count = _readable(shape, there, limits, header.get_data_dtype().itemsize)
        stored = _stored(stream, header, (*shape, count), path, allocate)
        geometry = geometry_of(header)
        volumes = _Volumes(_turned(stored, geometry), *scaling(header), apart_ms(header))
        return _image(volumes, geometry, there, limits, allocate)


def _image(
    volumes: _Volumes, geometry: Geometry, there: int, limits: ReadLimits, allocate: Allocate
) -> Image:
    columns, rows, slices, count = volumes.stored.shape
    colour = is_colour(volumes.stored.dtype)
    window = None if colour else percentile_window(volumes.scaled(_sample(volumes.stored)))
    aspect = (geometry.voxel[1], geometry.voxel[0])
    squaring = squared((rows, columns), aspect, slices * count, 3 if colour else 1, limits)
    shape = (slices * count, *squaring.shape)
    shown = between(*window) if window else None
    frames = allocate((*shape, 3) if colour else shape, np.uint8)
    values = None if colour else KeptValues(allocate, shape)
    numbers = colour
    for number in range(slices * count):
        plane = volumes.scaled(_plane(volumes.stored, number, oriented=geometry.turn is not None))
        numbers = numbers or bool(np.isfinite(plane).any())
        frames[number] = squaring.picture(to_uint8(plane, *window) if window else colours(plane))
        if values is not None:
            values.keep(number, squaring.values(plane), None, in_hu=False)
        if number % _HELD == _HELD - 1:
            for array in (frames, volumes.stored, values.array if values else frames):
                let_go(array)
    spacing = squaring.spacing(geometry.spacing_mm)
    return Image(
        frames=frames,
        file_type="NIfTI",
        index=0,
        values=values.array if values else None,
        window=shown,
        spacing_mm=spacing,
        facts=_facts(volumes, geometry, there),
        notes=tuple(_notes(geometry, squaring, window, numbers, (count, there))),
        slices=_slices(slices, count, there, spacing, shown),
        volumes=count,
    ).at(most_content(frames[:slices]))


def _plane(stored: NDArray[Any], number: int, *, oriented: bool) -> NDArray[Any]:
    """One slice, ``(rows, columns)``: from front to back, from the patient's right to the left."""
    volume, z = divmod(number, stored.shape[2])
    # Of RAS+ voxels both axes are turned round; of those whose sides are unknown only the columns.
    plane = stored[::-1, ::-1, z, volume] if oriented else stored[:, ::-1, z, volume]
    return np.asarray(plane.T)


def _sample(stored: NDArray[Any]) -> NDArray[Any]:
    flat = stored.ravel(order="K")
    return np.asarray(flat[:: max(1, flat.size // _ENOUGH)])


def _facts(volumes: _Volumes, geometry: Geometry, there: int) -> dict[str, str]:
    columns, rows, slices, count = volumes.stored.shape
    dtype = volumes.stored.dtype.name if volumes.slope is None else "float32"
    dtype = "colours" if is_colour(volumes.stored.dtype) else dtype
    facts = {"size": f"{columns} × {rows} pixels", "frames": str(slices * count), "values": dtype}
    if there > 1:
        facts["volumes"] = str(there)
        if volumes.apart_ms:
            facts["time between volumes"] = f"{volumes.apart_ms:.4g} ms (from the file)"
    return {**facts, **geometry.facts}


def _slices(
    slices: int, count: int, there: int, spacing: tuple[float, float] | None, window: Window | None
) -> tuple[Slice, ...]:
    if there < 2:
        return ()
    places = (divmod(number, slices) for number in range(slices * count))
    return tuple(
        Slice(
            {"volume": f"{volume + 1} of {there}", "slice of its volume": f"{z + 1} of {slices}"},
            (),
            spacing,
            window,
        )
        for volume, z in places
    )


def _notes(
    geometry: Geometry,
    squaring: Squaring,
    window: tuple[float, float] | None,
    numbers: bool,
    volumes: tuple[int, int],
) -> list[str]:
    notes = [*geometry.notes]
    if not numbers:
        notes.append(_NO_NUMBER)
    notes.append(
        f"NIfTI names no window; brightness shows values {window[0]:.6g} to {window[1]:.6g} "
        "(0.5th to 99.5th percentile)."
        if window
        else SHOWN
    )
    if squaring.changes:
        factor = geometry.mm or 1.0
        aspect = (geometry.voxel[1] * factor, geometry.voxel[0] * factor)
        notes.append(resampled_note(squaring, aspect, " mm" if geometry.mm else ""))
    read, there = volumes
    if there > 1:
        part = (
            "they follow one another"
            if read == there
            else f"the first {read} are read and follow one another"
        )
        notes.append(f"The file holds {there} volumes; {part}.")
    return notes


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _header(stream: IO[bytes]) -> Any:
    import nibabel

    head = stream.read(_HEADER_BYTES[2])
    version = 2 if head[4:7] in (b"n+2", b"ni2") else 1
    magic = head[4:8] if version == 2 else head[344:348]
    if magic[:2] == b"ni":
        raise CaseError("This is the header of a NIfTI volume in two parts. Save it as a single .nii file.")
    if magic[:2] != b"n+":
        raise CaseError("This gzip file holds no NIfTI volume. Send .nii.gz, or pack a DICOM series as zip.")
    if len(head) < _HEADER_BYTES[version]:
        raise EOFError
    kind = nibabel.Nifti2Header if version == 2 else nibabel.Nifti1Header
    return kind.from_fileobj(io.BytesIO(head[: _HEADER_BYTES[version]]))


@contextmanager
def _as_value_error() -> Iterator[None]:
    """What nibabel finds wrong with a header, when it reads it or whenever a value is asked for."""
    from nibabel.spatialimages import HeaderDataError

    try:
        yield
    except HeaderDataError as error:
        raise ValueError from error


def _shape(header: Any) -> tuple[tuple[int, int, int], int]:
    """(X, Y, Z) as stored, and how many volumes there are."""
    shape = [int(n) for n in header.get_data_shape()]
    if not shape:
        raise CaseError("This NIfTI file holds no volume. Send one that has data.")
    x, y, z = [*shape, 1, 1][:3]
    return (x, y, z), max(1, int(np.prod(shape[3:], dtype=np.int64))) if len(shape) > 3 else 1


def _readable(shape: tuple[int, int, int], there: int, limits: ReadLimits, itemsize: int) -> int:
    """How many volumes the limits allow.

    Raises:
        CaseError: not even one, by the bytes it unpacks to.
    """
    voxels = shape[0] * shape[1] * shape[2]
    if voxels * itemsize > limits.max_bytes:
        raise CaseError(
            f"One volume of this NIfTI file takes {voxels * itemsize / 1024**2:.4g} MB unpacked; up to "
            f"{limits.max_bytes / 1024**2:.4g} MB are read. Save it as int16, or cut it to a part."
        )
    most = limits.max_frames // shape[2], limits.max_total_voxels // voxels
    return max(1, min(there, *most, limits.max_bytes // (voxels * itemsize)))


def _stored(
    stream: IO[bytes], header: Any, shape: tuple[int, int, int, int], path: Path, allocate: Allocate
) -> NDArray[Any]:
    """The stored values, ``(X, Y, Z, T)`` in Fortran order: a map of the file, or of what it unpacks to."""
    dtype = header.get_data_dtype()
    if (dtype.kind not in "iuf" or dtype.itemsize > 8) and not is_colour(dtype):
        raise CaseError(
            "This NIfTI file holds complex values or numbers of 128 bits, which are not read. Save real "
            "numbers of at most 64 bits."
        )
    offset = max(int(header["vox_offset"]), int(header["sizeof_hdr"]))
    wanted = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
    if isinstance(stream, io.BufferedReader):
        if path.stat().st_size < offset + wanted:
            raise cut_off("NIfTI file")
        return np.memmap(path, dtype, "r", offset, shape, "F")
    stream.seek(offset)
    unpacked = allocate((wanted,), np.uint8)
    done = 0
    while done < wanted:
        chunk = stream.read(min(_CHUNK, wanted - done))
        if not chunk:
            raise cut_off("NIfTI file")
        unpacked[done : done + len(chunk)] = np.frombuffer(chunk, np.uint8)
        done += len(chunk)
        let_go(unpacked)
    return np.asarray(unpacked.view(dtype).reshape(shape, order="F"))


def _turned(stored: NDArray[Any], geometry: Geometry) -> NDArray[Any]:
    """A view with axes nearest to right, anterior, superior, where the file says how it lies."""
    from nibabel import orientations

    if geometry.turn is None:
        return stored
    return np.asarray(orientations.apply_orientation(stored, geometry.turn))
