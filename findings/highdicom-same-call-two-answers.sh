#!/usr/bin/env bash
# What one would expect: highdicom's `get_frame(1)` is the first frame in its Hounsfield units, each time it is called
# and the same as pydicom's, which decodes the pixels for it. Looking at `pixel_array` beforehand changes nothing.
#
# What happens: it changes the values. A CT of 12 bits in two's complement, as scanners have stored it for decades,
# reads 3796 where -300 is stored, and -1 reads 4095. After anybody has looked at `pixel_array`, the same call on the
# same object says -300, and so does get_volume. On its own path, highdicom hands the decoder Bits Allocated for Bits
# Stored, so the sign stays hidden among the unused bits; the other path is pydicom's. Of the two its documentation says
# only that getting single frames is faster. Nothing is raised or warned of, and a CT of 16 bits is right both ways.
#
# Why it matters: fat, lung and air become denser than any metal, all positive values stay right, and a notebook gives
# other numbers when its cells are run in another order.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'highdicom==0.28.2' 'pydicom==3.0.2' \
  'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import highdicom
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

print("highdicom", version("highdicom"), "pydicom", version("pydicom"))
units = [-300, -1, 5, 100]


def write_slice(path: Path, bits: int) -> None:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID, image.Modality = CTImageStorage, generate_uid(), "CT"
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
        setattr(image, keyword, generate_uid())
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID"):
        setattr(image, keyword, "")
    image.ImagePositionPatient, image.ImageOrientationPatient = [0, 0, 0], [1, 0, 0, 0, 1, 0]
    image.PixelSpacing, image.SliceThickness = [1, 1], 1
    image.RescaleIntercept, image.RescaleSlope, image.RescaleType = 0, 1, "HU"
    stored = np.tile(np.array(units, np.int16), (4, 1)).view(np.uint16) & (2**bits - 1)
    image.set_pixel_data(stored, "MONOCHROME2", 16)
    image.BitsStored, image.HighBit, image.PixelRepresentation = bits, bits - 1, 1
    image.save_as(path, enforce_file_format=True)


found = {}
for bits in (12, 16):
    path = Path(sys.argv[1]) / f"{bits}.dcm"
    write_slice(path, bits)
    image = highdicom.imread(path)
    before = image.get_frame(1)[0].tolist()
    image.pixel_array  # noqa: B018 - only looked at
    after, volume = image.get_frame(1)[0].tolist(), image.get_volume().array[0, 0].tolist()
    found[bits] = before
    print(f"{bits} bits, stored {units}: pydicom {pydicom.dcmread(path).pixel_array[0].tolist()},", end=" ")
    print(f"get_frame(1) {before}, after a look at pixel_array {after}, get_volume then {volume}")
    assert after == volume == units, "the behaviour has changed"
assert found == {12: [3796, 4095, 5, 100], 16: units}, "the behaviour has changed"
PYTHON
