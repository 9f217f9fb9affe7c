"""How a NIfTI volume lies in the patient and how large its voxels are, as its header tells.

Source: nifti1.h of the NIfTI Data Format Working Group (qform, sform, xyzt_units) as nibabel reads it; RAS+
axes as in nibabel's "Coordinate systems and affines".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.files.dicom.orientation import PLAIN_SHARE, in_words, letters

_TO_MM = {"mm": 1.0, "meter": 1000.0, "micron": 0.001}
# Ours: a smaller tilt is within what a patient's head turns and is not worth a word.
_TOLD_DEGREES = 5.0
# Ours: two descriptions of one position that differ by less are one, written with other rounding.
_SAME_DEGREES = 2.0
_NO_UNIT = "The file names no unit for its voxel size ({size}), so there is no scale in millimetres."
_UNKNOWN = "The file does not say how it lies in the patient: left, right, front and back are unknown."
_ORDER = "by position, from feet to head: slice 1 is nearest the feet, the last nearest the head"
_AXES = {"L": "left and right", "R": "left and right", "A": "front and back", "P": "front and back"}


@dataclass(frozen=True)
class Geometry:
    """Where a volume lies.

    Attributes:
        turn: nibabel's orientation that makes its axes right, anterior, superior; None if it says nothing.
        voxel: size along (right, anterior, superior), or as stored where it says nothing; in the file's unit.
        mm: what one unit is in millimetres, or None where the file names none.
        facts: plane, sides, order and sizes.
        notes: sentences on the same, the one on sides first.
    """

    turn: NDArray[Any] | None
    voxel: tuple[float, float, float]
    mm: float | None
    facts: dict[str, str]
    notes: tuple[str, ...]

    @property
    def spacing_mm(self) -> tuple[float, float] | None:
        """(row, column) spacing of an axial slice, or None without a unit."""
        if self.mm is None or min(self.voxel) <= 0 or not np.isfinite(self.voxel).all():
            return None
        return self.voxel[1] * self.mm, self.voxel[0] * self.mm


def geometry_of(header: Any) -> Geometry:
    """The geometry of a header.

    Raises:
        ValueError: an affine that maps no voxel anywhere.
    """
    if not (_coded(header, "sform") or _coded(header, "qform")):
        x, y, z = (abs(float(v)) for v in header["pixdim"][1:4])
        return _measured(header, None, (x, y, z), {}, (_UNKNOWN,))
    from nibabel import orientations

    affine = header.get_best_affine()
    turn = orientations.io_orientation(affine)
    if not np.isfinite(turn).all():
        raise ValueError
    columns = np.empty((3, 3))
    for axis, (to, flip) in enumerate(turn):
        columns[:, int(to)] = affine[:3, axis] * flip
    x, y, z = (float(v) for v in np.linalg.norm(columns, axis=0))
    facts, note = _lie(columns / np.linalg.norm(columns, axis=0))
    doubt = _disagreement(header)
    if doubt:
        note = f"{doubt} Which side is left and which is right is uncertain."
        facts["sides"] = "uncertain: sform and qform of the file disagree"
    return _measured(header, turn, (x, y, z), facts, (note,))


def _coded(header: Any, name: str) -> bool:
    return int(header[f"{name}_code"]) > 0


def _measured(
    header: Any,
    turn: NDArray[Any] | None,
    voxel: tuple[float, float, float],
    facts: dict[str, str],
    notes: tuple[str, ...],
) -> Geometry:
    """Add the sizes."""
    mm = _TO_MM.get(header.get_xyzt_units()[0])
    told = Geometry(turn, voxel, mm, facts, notes)
    if told.spacing_mm is None:
        size = " × ".join(f"{v:.4g}" for v in voxel)
        more = _NO_UNIT.format(size=size) if mm is None else "The file gives no usable voxel size."
        return Geometry(turn, voxel, None, facts, (*notes, more))
    wide, high, deep = (v * (mm or 1.0) for v in voxel)
    sizes = {
        "voxel size": f"{wide:.4g} × {high:.4g} × {deep:.4g} mm (wide × high × deep)",
        "pixel spacing": f"{wide:.4g} × {high:.4g} mm (wide × high)",
        "slice spacing": f"{deep:.4g} mm",
        "scale from": "the voxel size of the NIfTI header",
    }
    return Geometry(turn, voxel, mm, {**facts, **sizes}, notes)


def _lie(axes: NDArray[np.float64]) -> tuple[dict[str, str], str]:
    """Plane, sides and order for unit axes (columns: towards right, anterior, superior), and the sentence."""
    upright = float(np.abs(np.diag(axes)).min())
    degrees = round(math.degrees(math.acos(min(1.0, upright))))
    to_lps = np.array([-1.0, -1.0, 1.0])
    right, lower = letters(-axes[:, 0] * to_lps), letters(-axes[:, 1] * to_lps)
    left, upper = letters(axes[:, 0] * to_lps), letters(axes[:, 1] * to_lps)
    oblique = upright <= PLAIN_SHARE
    tilted = f", tilted by {degrees} degrees" if degrees >= _TOLD_DEGREES else ""
    facts = {
        "plane": f"oblique, nearest to axial{tilted}" if oblique else f"axial{tilted}",
        "sides": in_words((left, right, upper, lower)),
        "slice order": _ORDER,
    }
    kind = "Oblique slices, nearest to axial" if oblique else "Axial slices"
    where = "nearest the right edge" if oblique else "on the right"
    return facts, f"{kind}{tilted}, seen from the feet: the patient's left is {where} of the picture."


def _disagreement(header: Any) -> str:
    """In what sform and qform disagree, as a sentence; ``""`` where they agree or only one is there."""
    if not (_coded(header, "sform") and _coded(header, "qform")):
        return ""
    from nibabel import aff2axcodes

    forms = [header.get_sform(), header.get_qform()]
    codes = [aff2axcodes(form) for form in forms]
    if codes[0] != codes[1]:
        pairs = zip(*codes, strict=True)
        axes = dict.fromkeys(_AXES.get(one, "head and feet") for one, other in pairs if one != other)
        return f"Two descriptions in the file, sform and qform, disagree about {' and about '.join(axes)}."
    sides = [form[:3, :3] / np.linalg.norm(form[:3, :3], axis=0) for form in forms]
    cosine = float(np.clip((sides[0] * sides[1]).sum(axis=0), -1, 1).min())
    degrees = math.degrees(math.acos(cosine))
    if degrees < _SAME_DEGREES:
        return ""
    return f"Two descriptions in the file, sform and qform, disagree by {degrees:.0f} degrees."
