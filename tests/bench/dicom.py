"""DICOM and NIfTI files of folders, and those that pydicom and nibabel ship, shown beside other programs.

    python -m tests.bench.dicom [FOLDER ...] [--all]

One line a file that is shown differently by more than two of 255 levels, or is refused here; `--all` prints
every file. DICOM is held beside dcmtk and SimpleITK, NIfTI beside nibabel and SimpleITK
(``tests.bench.nifti``). dcmtk (dcm2pnm, dcmj2pnm, dcml2pnm) is told the window that Casebook chose and no
overlays; SimpleITK's rescaled values go through the same window. A program that is not installed is left out
and named. Exit 1 while a file differs for a reason that is not known.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from store.errors import CaseError
from store.pictures.image import Image
from tests.bench import nifti
from tests.bench.rendered import Row, Shown, difference, is_squared
from tools.files.arrays.windowing import to_uint8
from tools.files.decoding import Decoder
from tools.files.file_type import read_head, recognise

_RENDERERS = {"50": "dcmj2pnm", "51": "dcmj2pnm", "53": "dcmj2pnm", "55": "dcmj2pnm", "57": "dcmj2pnm"}
_RENDERERS |= {"70": "dcmj2pnm", "80": "dcml2pnm", "81": "dcml2pnm"}


def shipped() -> list[Path]:
    """The test files that are part of the installed pydicom."""
    import pydicom

    return sorted(Path(pydicom.__file__).parent.joinpath("data", "test_files").glob("*.dcm"))


def _kind(path: Path) -> str | None:
    try:
        return recognise(read_head(path)) if path.is_file() else None
    except CaseError:
        return None


def compare(path: Path, decoder: Decoder) -> Row:
    """Show one file three times."""
    header = _header(path)
    row = Row(path.name, f"{header.get('syntax', '')[-6:]} {header.get('photometric', '')}")
    try:
        image = decoder.read(path)[0]
    except CaseError as refusal:
        row.casebook = f"refused: {refusal}"
        theirs = _dcmtk(path, header, None, 0)
        row.note("dcmtk", "shown" if isinstance(theirs, np.ndarray) else theirs)
        return row
    row.casebook = image.facts.get("window", "colour")
    ours = np.asarray(image.frames[image.index])
    beside = {"dcmtk": _dcmtk(path, header, image, image.index), "SimpleITK": _itk(path, image)}
    for program, theirs in beside.items():
        told, differs = difference(ours, theirs, squared=is_squared(image))
        row.note(program, told, differs=differs)
    row.why = _why(image) if row.differs else ""
    return row


def _why(image: Image) -> str:
    """What explains a difference."""
    if any("rescale slope of 0" in note for note in image.notes):
        return (
            "SimpleITK multiplies by a slope of 0; Casebook shows stored values, as dcmtk does, and says so"
        )
    return ""


def _header(path: Path) -> dict[str, str]:
    import pydicom

    try:
        ds = pydicom.dcmread(path, force=True, stop_before_pixels=True)
        meta = getattr(ds, "file_meta", {})
        return {
            "syntax": str(meta.get("TransferSyntaxUID", "")),
            "photometric": str(ds.get("PhotometricInterpretation", "")),
        }
    except Exception as error:
        return {"photometric": f"unreadable: {type(error).__name__}"}


def _dcmtk(path: Path, header: dict[str, str], image: Image | None, frame: int) -> Shown | str:
    program = _RENDERERS.get(header.get("syntax", "").rpartition(".")[2], "dcm2pnm")
    if header.get("syntax", "").startswith("1.2.840.10008.1.2.4") and program == "dcm2pnm":
        return "not its encoding"
    if shutil.which(program) is None:
        return f"no {program}"
    limits = _limits(image.facts.get("window", "")) if image else None
    if limits and limits[1] - limits[0] < 1:
        return "takes no window narrower than 1"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "shown.pnm"
        command = [program, "-O", "+F", str(frame + 1), *_dcmtk_window(image), str(path), str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or not target.exists():
            return "refused: " + (done.stderr.strip().splitlines() or ["?"])[-1][-60:]
        return np.asarray(PillowImage.open(target)).copy()


def _dcmtk_window(image: Image | None) -> list[str]:
    if image is None:
        return ["+Wm"]
    window = image.facts.get("window", "")
    if window.startswith("VOI LUT"):
        return ["+Wl", "1"]
    if "(from the file)" in window:
        return ["+Wi", "1"]
    limits = _limits(window)
    if limits is None:
        return []
    low, high = limits
    return ["+Ww", f"{(low + high) / 2 + 0.5:.10g}", f"{high - low + 1:.10g}"]


def _limits(window: str) -> tuple[float, float] | None:
    """The values that are black and white, of a window in words; as dcmtk's LINEAR has it if from a file."""
    if found := re.match(r"(\S+) to (\S+) \(from the pixels", window):
        return float(found[1]), float(found[2])
    if found := re.match(r"(\S+)/(\S+) \(from the file", window):
        center, width = float(found[1]) - 0.5, float(found[2]) - 1
        return center - width / 2, center + width / 2
    if found := re.match(r"(\S+)/(\S+) \(Casebook", window):
        return float(found[1]) - float(found[2]) / 2, float(found[1]) + float(found[2]) / 2
    return None


def _itk(path: Path, image: Image) -> Shown | str:
    if find_spec("SimpleITK") is None:
        return "no SimpleITK"
    import SimpleITK as itk  # noqa: N813

    try:
        values: NDArray[Any] = itk.GetArrayFromImage(itk.ReadImage(str(path)))
    except RuntimeError:
        return "refused"
    grey = image.frames.ndim == 3
    frame = values[image.index] if len(values.shape) == image.frames.ndim else values
    if not grey:
        return frame if frame.dtype == np.uint8 else "more than 8 bits"
    limits = _limits(image.facts.get("window", ""))
    if limits is None:
        return "a table"
    if image.facts["photometric interpretation"] == "MONOCHROME1":
        return "turns values of MONOCHROME1 round"
    shown = to_uint8(frame, *limits)
    return 255 - shown if any("INVERSE" in note for note in image.notes) else shown


_COMPARED = {"DICOM": compare, "NIfTI": nifti.compare, "gzip": nifti.compare}


def main() -> int:
    """Compare, print the table; 1 when a file differs and nothing explains it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dicom", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of DICOM and NIfTI files")
    parser.add_argument("--all", action="store_true", help="print the files that are the same, too")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    with Decoder() as decoder:
        for path in [path for folder in given.folders for path in sorted(folder.rglob("*"))]:
            kind = _kind(path)
            if kind in _COMPARED:
                rows.append(_COMPARED[kind](path, decoder))
        rows += [compare(path, decoder) for path in shipped()]
        rows += [nifti.compare(path, decoder) for path in nifti.shipped()]
    for row in rows:
        if given.all or row.differs or row.refused:
            print(row)
    refused = sum(row.refused for row in rows)
    differing = sum(row.differs for row in rows)
    explained = sum(row.differs and bool(row.why) for row in rows)
    print(
        f"{len(rows)} files: {len(rows) - refused - differing} the same, {differing} differ ({explained} of "
        f"them explained), {refused} refused."
    )
    return 1 if differing > explained else 0


if __name__ == "__main__":
    sys.exit(main())
