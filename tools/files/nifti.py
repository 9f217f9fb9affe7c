"""NIfTI volumes to `Image`: axial slices in radiological convention.

A NIfTI header tells geometry and nothing of the examination, so modality and body part stay unknown,
and values have no unit.

Source: NIfTI-1 and NIfTI-2 header definitions (nifti1.h, nifti2.h of the NIfTI Data Format Working
Group) as nibabel reads them; RAS+ axes as in nibabel's "Coordinate systems and affines".
"""

from __future__ import annotations

import gzip
import io
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image
from tools.files.arrays.limits import Allocate, ReadLimits, cut_off, refusing_damage
from tools.files.arrays.windowing import most_content, percentile_window, to_uint8
from tools.files.nifti_colour import SHOWN, colours, is_colour

_HEADER_BYTES = {1: 348, 2: 540}
_RADIOLOGICAL = "Axial slices, seen from the feet: the patient's left is on the right of the picture."
_UNKNOWN_SIDES = "The file does not say how it lies in the patient: left, right, front and back are unknown."


def read_nifti(path: Path, limits: ReadLimits, allocate: Allocate = np.empty) -> Image:
    """Read one ``.nii`` or gzipped ``.nii.gz`` volume; of a series of volumes the first.

    Args:
        path: the file, plain or gzipped.
        limits: refused from the header, before anything is allocated.
        allocate: makes the array of frames.

    Raises:
        CaseError: too large, cut off, damaged, two-part, or of complex values.
    """
    with refusing_damage("NIfTI file"), closing(_open(path)) as stream:
        header = _header(stream)
        shape = _shape(header)
        colour = is_colour(header.get_data_dtype())
        limits.check(frames=shape[2], rows=shape[1], columns=shape[0], samples=3 if colour else 1)
        stored = _first_volume(stream, header, shape, path)
        oriented = int(header["sform_code"]) > 0 or int(header["qform_code"]) > 0
        volume, spacing = _canonical(stored, header) if oriented else (stored, _pixdim(header))
    columns, rows, slices = volume.shape
    low, high = (0.0, 255.0) if colour else percentile_window(stored.ravel(order="K"))
    frames = allocate((slices, rows, columns, 3) if colour else (slices, rows, columns), np.uint8)
    for z in range(slices):
        # From RAS+ voxels: rows run from front to back, columns from the patient's right to the left.
        plane = volume[::-1, ::-1, z] if oriented else volume[:, ::-1, z]
        frames[z] = colours(plane.T) if colour else to_uint8(plane.T, low, high)
    in_mm = header.get_xyzt_units()[0] == "mm" and min(spacing) > 0 and bool(np.isfinite(spacing).all())
    facts = {
        "size": f"{columns} × {rows} pixels",
        "frames": str(slices),
        "values": "colours" if colour else str(stored.dtype.name),
    }
    if in_mm:
        facts["voxel size"] = " × ".join(f"{v:.4g}" for v in spacing) + " mm"
    return Image(
        frames=frames,
        file_type="NIfTI",
        index=most_content(frames),
        spacing_mm=(float(spacing[1]), float(spacing[0])) if in_mm else None,
        facts=facts,
        notes=_notes(header, oriented, None if colour else (low, high)),
    )


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _header(stream: IO[bytes]) -> Any:
    import nibabel
    from nibabel.spatialimages import HeaderDataError

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
    try:
        return kind.from_fileobj(io.BytesIO(head[: _HEADER_BYTES[version]]))
    except HeaderDataError as error:
        raise ValueError from error


def _shape(header: Any) -> tuple[int, int, int]:
    shape = [int(n) for n in header.get_data_shape()]
    if not shape:
        raise CaseError("This NIfTI file holds no volume. Send one that has data.")
    x, y, z = [*shape, 1, 1][:3]
    return x, y, z


def _first_volume(stream: IO[bytes], header: Any, shape: tuple[int, int, int], path: Path) -> NDArray[Any]:
    """The stored values of the first volume, ``(X, Y, Z)``, scaled where the header says so."""
    dtype = header.get_data_dtype()
    if (dtype.kind not in "iuf" or dtype.itemsize > 8) and not is_colour(dtype):
        raise CaseError("This NIfTI file holds complex values, which are not read. Save real numbers.")
    offset = max(int(header["vox_offset"]), int(header["sizeof_hdr"]))
    wanted = dtype.itemsize * shape[0] * shape[1] * shape[2]
    if isinstance(stream, io.BufferedReader) and path.stat().st_size < offset + wanted:
        raise cut_off("NIfTI file")
    stream.seek(offset)
    data = stream.read(wanted)
    if len(data) < wanted:
        raise cut_off("NIfTI file")
    stored = np.frombuffer(data, dtype).reshape(shape, order="F")
    slope, inter = (None, None) if is_colour(dtype) else header.get_slope_inter()
    if slope in (None, 0) or (slope == 1 and not inter):
        return stored
    return stored * np.float32(slope) + np.float32(inter or 0)


def _canonical(stored: NDArray[Any], header: Any) -> tuple[NDArray[Any], tuple[float, ...]]:
    """The volume with axes nearest to right, anterior, superior, and its voxel size in file units."""
    from nibabel import orientations

    affine = header.get_best_affine()
    turn = orientations.io_orientation(affine)
    if not np.isfinite(turn).all():
        raise ValueError
    sizes = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    ordered = np.empty(3)
    ordered[turn[:, 0].astype(int)] = sizes
    return orientations.apply_orientation(stored, turn), tuple(float(v) for v in ordered)


def _pixdim(header: Any) -> tuple[float, ...]:
    return tuple(abs(float(v)) for v in header["pixdim"][1:4])


def _notes(header: Any, oriented: bool, window: tuple[float, float] | None) -> tuple[str, ...]:
    notes = [_RADIOLOGICAL if oriented else _UNKNOWN_SIDES]
    notes.append(
        f"NIfTI names no window; brightness shows values {window[0]:.6g} to {window[1]:.6g} "
        "(0.5th to 99.5th percentile)."
        if window
        else SHOWN
    )
    shape = header.get_data_shape()
    volumes = int(np.prod(shape[3:], dtype=np.int64)) if len(shape) > 3 else 1
    if volumes > 1:
        notes.append(f"The file holds {volumes} volumes; the first is shown.")
    return tuple(notes)
