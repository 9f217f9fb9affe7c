#!/usr/bin/env bash
# What one would expect: D95 of a target is the dose that 95 % of it gets at least. Of a target that gets 50 Gy
# everywhere it is 50 Gy, as are D98, D50 and D2. It is never below the minimum of the same dose-volume histogram.
#
# What happens: dicompyler-core looks for the bin whose volume is nearest to 95 %. With an even dose the volume is 100 %
# up to 50 Gy and 0 % above, so all the bins below 50 Gy are equally near, and it takes the first of them: 0.00 Gy. D98,
# D95, D90, D50 and D2 are all 0 Gy beside a minimum, mean and maximum of 50. A small target under an ordinary dose, of
# 12 points between 49.1 and 51.5 Gy, has a D95 of 49.1 and D98 = D99 = 0, since the first step down is 8 %. For large
# targets with an uneven dose the figures are right. D100 has a case of its own in the code. Nothing is raised.
#
# Why it matters: D95 and D98 are what a plan is judged by, and the small, evenly treated targets (metastases) are those
# with steps. In a table of many patients a zero is not seen; in a mean it halves the dose.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps 'dicompyler-core==0.5.6' \
  'pydicom==2.4.4' 'six==1.17.0' 'numpy==1.26.4' 'matplotlib==3.11.0' 'contourpy==1.3.3' 'cycler==0.12.1' \
  'kiwisolver==1.5.0' 'fonttools==4.63.0' 'pyparsing==3.3.2' 'pillow==12.3.0' 'packaging==26.0' \
  'python-dateutil==2.9.0.post0' 2>/dev/null
cd "$folder"
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
from dicompylercore.dvhcalc import get_dvh
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, RTDoseStorage, RTStructureSetStorage, generate_uid

print("dicompyler-core", version("dicompyler-core"), "- pydicom", version("pydicom"))
FRAME = generate_uid()


def begun(kind: str, modality: str) -> Dataset:
    one = Dataset()
    one.file_meta = FileMetaDataset()
    one.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one.SOPClassUID, one.SOPInstanceUID, one.Modality = kind, generate_uid(), modality
    one.is_little_endian, one.is_implicit_VR = True, False
    return one


def dose_of(gray: np.ndarray) -> Dataset:
    """A dose on points 2 mm apart, the first of them at 0, 0, 0."""
    dose = begun(RTDoseStorage, "RTDOSE")
    dose.NumberOfFrames, dose.Rows, dose.Columns = gray.shape
    dose.BitsAllocated, dose.BitsStored, dose.HighBit, dose.PixelRepresentation = 16, 16, 15, 0
    dose.SamplesPerPixel, dose.PhotometricInterpretation = 1, "MONOCHROME2"
    dose.ImagePositionPatient, dose.ImageOrientationPatient = [0, 0, 0], [1, 0, 0, 0, 1, 0]
    dose.PixelSpacing, dose.GridFrameOffsetVector = [2, 2], [2.0 * place for place in range(len(gray))]
    dose.DoseUnits, dose.DoseType, dose.DoseSummationType, dose.DoseGridScaling = "GY", "PHYSICAL", "PLAN", 0.01
    dose.PixelData = np.round(gray * 100).astype(np.uint16).tobytes()
    return dose


def target(columns: int, rows: int, slices: int) -> Dataset:
    """A box around that many points of the dose, from the second slice on."""
    structures, region, drawn = begun(RTStructureSetStorage, "RTSTRUCT"), Dataset(), Dataset()
    region.ROINumber, region.ROIName, region.ReferencedFrameOfReferenceUID = 1, "target", FRAME
    drawn.ReferencedROINumber, drawn.ContourSequence = 1, []
    right, low = 5 + 2 * columns, 5 + 2 * rows
    for place in range(1, slices + 1):
        contour = Dataset()
        contour.ContourGeometricType, contour.NumberOfContourPoints = "CLOSED_PLANAR", 4
        corners = ((5, 5), (right, 5), (right, low), (5, low))
        contour.ContourData = [number for x, y in corners for number in (x, y, 2 * place)]
        drawn.ContourSequence.append(contour)
    structures.StructureSetROISequence, structures.ROIContourSequence = [region], [drawn]
    return structures


even = np.full((8, 20, 20), 50.0)
uneven = np.random.default_rng(1).normal(50, 0.6, even.shape)
found = {}
for name, gray, size in (("even", even, (6, 6, 5)), ("small", uneven, (2, 2, 3)), ("large", uneven, (12, 12, 6))):
    histogram = get_dvh(target(*size), dose_of(gray), 1)
    found[name] = {share: float(getattr(histogram, share).value) for share in ("D99", "D98", "D95", "D50", "D2")}
    print(f"{name} ({np.prod(size)} points): minimum {histogram.min:.2f}, mean {histogram.mean:.2f}", end=", ")
    print(f"maximum {histogram.max:.2f} Gy;", ", ".join(f"{share} {dose:.2f}" for share, dose in found[name].items()))
assert set(found["even"].values()) == {0.0}, "the behaviour has changed"
assert found["small"]["D98"] == 0 and found["small"]["D95"] > 48, "the behaviour has changed"
assert min(found["large"].values()) > 47
PYTHON
