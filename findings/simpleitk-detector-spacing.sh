#!/usr/bin/env bash
# What one would expect: a radiograph that carries both the spacing of the detector (Imager Pixel Spacing) and the
# spacing after calibration (Pixel Spacing, with the way of calibration beside it) is measured by the second. It is
# the only one of the two that stands for lengths in the patient.
#
# What happens: for DX, CR, MG and XA alike SimpleITK takes the spacing of the detector and passes over Pixel Spacing.
# It does so even where the calibrated spacing is the only one: then it answers 1.0. A secondary capture with the
# same element does get its 0.16. Nothing warns.
#
# Why it matters: everything between tube and detector is magnified. With 0.2 mm on the detector and 0.16 mm in the
# patient, a nodule of 10 mm is measured as 12.5 mm, although the file says better.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'simpleitk==2.5.7' 'pydicom==3.0.2' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid

folder = Path(sys.argv[1])
print("SimpleITK", SimpleITK.Version.VersionString(), "pydicom", pydicom.__version__)


def radiograph(**more: object) -> Dataset:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID = DigitalXRayImageStorageForPresentation, generate_uid()
    image.Modality = "DX"
    image.set_pixel_data(np.array([[0, 100], [1000, 4095]], np.uint16), "MONOCHROME2", 12)
    for name, value in more.items():
        setattr(image, name, value)
    return image


classes = {
    "DX": DigitalXRayImageStorageForPresentation,
    "CR": pydicom.uid.ComputedRadiographyImageStorage,
    "MG": pydicom.uid.DigitalMammographyXRayImageStorageForPresentation,
    "XA": pydicom.uid.XRayAngiographicImageStorage,
    "OT": pydicom.uid.SecondaryCaptureImageStorage,
}
calibrated = {"PixelSpacing": [0.16, 0.16], "PixelSpacingCalibrationType": "GEOMETRY"}
seen = {}
for kind, given in classes.items():
    for spacings in (calibrated, calibrated | {"ImagerPixelSpacing": [0.2, 0.2]}):
        path = folder / "radiograph.dcm"
        radiograph(Modality=kind, SOPClassUID=given, **spacings).save_as(path, enforce_file_format=True)
        seen.setdefault(kind, []).append(SimpleITK.ReadImage(str(path)).GetSpacing()[0])
    print(f"{kind}: calibrated 0.16 gives {seen[kind][0]}; with 0.2 of the detector beside it {seen[kind][1]}")
assert seen.pop("OT") == [0.16, 0.16], "the behaviour has changed"
assert all(answers == [1.0, 0.2] for answers in seen.values()), "the behaviour has changed"
PYTHON
