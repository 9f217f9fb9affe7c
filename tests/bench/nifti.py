"""NIfTI files beside SimpleITK and beside nibabel's numbers: orientation, order of slices, scaling, window.

Part of ``tests.bench.dicom``. Of every volume all slices are compared. SimpleITK turns a volume to left,
posterior, superior by itself; of nibabel's array in RAS+ both axes of a slice are turned round. Where the
header says nothing of how a volume lies, axes are taken as they are stored, and only the columns are turned.
"""

from __future__ import annotations

import re
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image
from tests.bench.rendered import Row, difference, is_squared
from tools.files.decoding import Decoder

_WINDOW = re.compile(r"shows values (\S+) to (\S+) \(")

Volumes = NDArray[Any]
"""``(T, Z, rows, columns[, 3])``: as a radiologist looks at axial slices, or as stored."""


def shipped() -> list[Path]:
    """The NIfTI files that are part of the installed nibabel, if its tests are."""
    import nibabel

    folder = Path(nibabel.__file__).parent / "tests" / "data"
    return sorted([*folder.glob("*.nii"), *folder.glob("*.nii.gz")])


def compare(path: Path, decoder: Decoder) -> Row:
    """Show one file three times."""
    row = Row(path.name, "NIfTI")
    try:
        image = decoder.read(path)[0]
    except CaseError as refusal:
        row.casebook = f"refused: {refusal}"
        return row
    row.what = f"NIfTI {image.facts['values']}, {image.volumes} × {image.frame_count // image.volumes} slices"
    window = next((found for note in image.notes if (found := _WINDOW.search(note))), None)
    limits = (float(window[1]), float(window[2])) if window else None
    row.casebook = f"{limits[0]:g} to {limits[1]:g}" if limits else "colours"
    warnings.simplefilter("ignore")
    for program, values in (("nibabel", _nibabel(path)), ("SimpleITK", _simpleitk(path))):
        told, differs = _beside(image, values, limits)
        row.note(program, told, differs=differs)
        if program == "nibabel" and limits and not isinstance(values, str):
            told, differs = _window(values, limits)
            row.note("percentiles of nibabel's values", told, differs=differs)
    return row


def _beside(image: Image, values: Volumes | str, limits: tuple[float, float] | None) -> tuple[str, bool]:
    if isinstance(values, str):
        return values, False
    theirs = values.reshape(-1, *values.shape[2:])[: image.frame_count]
    if len(theirs) < image.frame_count:
        return f"{len(theirs)} slices for {image.frame_count}", True
    told = [
        difference(np.asarray(ours), _levels(plane, limits), squared=is_squared(image))
        for ours, plane in zip(image.frames, theirs, strict=True)
    ]
    different = [one for one, differs in told if differs]
    if different:
        return f"{len(different)} of {len(told)} slices, such as {different[0]}", True
    return f"at most {max(int(one) for one, _ in told)}", False


def _levels(plane: NDArray[Any], limits: tuple[float, float] | None) -> NDArray[np.uint8]:
    """From `limits` to 0 and 255, with arithmetic of its own."""
    if limits is None:
        return plane.astype(np.uint8)
    low, high = limits
    share = (np.nan_to_num(plane.astype(np.float64), nan=low) - low) / ((high - low) or 1.0)
    return np.floor(np.clip(share, 0, 1) * 255 + 0.5).astype(np.uint8)


def _window(values: Volumes, limits: tuple[float, float]) -> tuple[str, bool]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return "no numbers", False
    exact = np.percentile(finite, [0.5, 99.5])
    if exact[0] == exact[1]:
        exact = np.array([finite.min(), finite.max()])
    off = float(np.abs(exact - limits).max()) / (float(exact[1] - exact[0]) or 1.0)
    return f"{exact[0]:g} to {exact[1]:g}", off > 0.01


def _load(path: Path) -> Any:
    import nibabel
    from nibabel.filebasedimages import ImageFileError
    from nibabel.spatialimages import HeaderDataError

    try:
        return nibabel.Nifti1Image.from_filename(path)
    except (ImageFileError, HeaderDataError):
        return nibabel.Nifti2Image.from_filename(path)


def _nibabel(path: Path) -> Volumes | str:
    import nibabel

    image = _load(path)
    header: Any = image.header
    lies = int(header["sform_code"]) > 0 or int(header["qform_code"]) > 0
    if lies:
        image = nibabel.as_closest_canonical(image)
    stored = np.asarray(image.dataobj)
    if stored.dtype.names:
        stored = np.stack([stored[name] for name in "RGB"], axis=-1)
    else:
        stored = stored.reshape(*stored.shape, 1)
    # (X, Y, Z, T, samples) to (T, Z, Y, X[, 3]).
    samples = stored.shape[-1]
    five = stored.reshape(*[*stored.shape[:-1], 1, 1, 1][:3], -1, samples, order="F")
    turned = five.transpose(3, 2, 1, 0, 4)
    turned = turned[:, :, ::-1, ::-1] if lies else turned[:, :, :, ::-1]
    return turned if samples == 3 else turned[..., 0]


def _simpleitk(path: Path) -> Volumes | str:
    if find_spec("SimpleITK") is None:
        return "not installed"
    import SimpleITK as itk  # noqa: N813

    header: Any = _load(path).header
    if not (int(header["sform_code"]) > 0 or int(header["qform_code"]) > 0):
        return "takes an unknown lie for one of its own"
    try:
        image = itk.ReadImage(str(path))
    except RuntimeError as refusal:
        return "refused: " + str(refusal).strip().splitlines()[-1][-60:]
    if image.GetDimension() == 4:
        volumes = [image[:, :, :, t] for t in range(image.GetSize()[3])]
    elif image.GetDimension() == 3:
        volumes = [image]
    else:
        return f"{image.GetDimension()} dimensions"
    return np.stack([itk.GetArrayFromImage(itk.DICOMOrient(one, "LPS")) for one in volumes])
