#!/usr/bin/env bash
# What one would expect: two readers of one DICOM radiograph give the same stored values. A radiograph may be stored
# with low values shown white (MONOCHROME1); that says how to show it and changes no value.
#
# What happens: SimpleITK hands the values of a MONOCHROME1 file out upside down, as the largest value that Bits
# Stored allows minus the value, before it applies slope and intercept. Its metadata still says MONOCHROME1.
# pydicom gives the values as they are. Nothing is raised and nothing warns.
#
# Why it matters: a program that reads the metadata and turns MONOCHROME1 round, as pipelines for chest
# radiographs do, turns these images twice and shows a negative. Those of one hospital that uses MONOCHROME1 come
# out the other way round from the rest, and thresholds on the values pick the background.
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


seen = {}
for kind in ("MONOCHROME1", "MONOCHROME2"):
    path = folder / f"{kind}.dcm"
    radiograph(PhotometricInterpretation=kind).save_as(path, enforce_file_format=True)
    given = SimpleITK.ReadImage(str(path))
    seen[kind] = SimpleITK.GetArrayFromImage(given).ravel().tolist()
    stored = pydicom.dcmread(path).pixel_array.ravel().tolist()
    print(f"SimpleITK {seen[kind]} and {given.GetMetaData('0028|0004').strip()}, pydicom {stored}")
    assert stored == [0, 100, 1000, 4095], "the behaviour has changed"
    assert given.GetMetaData("0028|0004").strip() == kind, "the behaviour has changed"
assert seen == {"MONOCHROME1": [4095, 3995, 3095, 0], "MONOCHROME2": [0, 100, 1000, 4095]}, "the behaviour has changed"
PYTHON
