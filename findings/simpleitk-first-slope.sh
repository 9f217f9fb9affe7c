#!/usr/bin/env bash
# What one would expect: a series of slices, each with its own Rescale Slope as PET scanners write it, is read into one
# volume of the rescaled values, whatever the order of the slopes.
#
# What happens: SimpleITK settles the type of the pixels by the first slice alone. If that one happens to have a whole
# slope (1, say), the volume is one of whole numbers, and every slice after it is rescaled and then cut off: with
# slope 0.25 a stored 2 becomes 0, not 0.5. With the first slope at 0.5 the same slices come out right. Nothing is
# raised.
#
# Why it matters: uptake in PET is read from these numbers. Small values vanish, and only in some patients: those
# whose lowest slice has a whole slope.
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
from pydicom.uid import ExplicitVRLittleEndian, PositronEmissionTomographyImageStorage, generate_uid

print("SimpleITK", SimpleITK.Version.VersionString(), "pydicom", pydicom.__version__)


def write_slice(path: Path, series: str, place: int, slope: float) -> None:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID = PositronEmissionTomographyImageStorage, generate_uid()
    image.Modality, image.SeriesInstanceUID, image.InstanceNumber = "PT", series, place + 1
    image.ImagePositionPatient, image.ImageOrientationPatient = [0, 0, 2 * place], [1, 0, 0, 0, 1, 0]
    image.PixelSpacing, image.RescaleSlope, image.RescaleIntercept = [1, 1], slope, 0
    image.set_pixel_data(np.full((4, 4), 2, np.int16), "MONOCHROME2", 16)
    image.save_as(path, enforce_file_format=True)


seen = {}
for slopes in ((1, 1.25, 0.25), (0.5, 1.25, 0.25)):
    folder = Path(sys.argv[1]) / f"first-{slopes[0]}"
    folder.mkdir()
    series = generate_uid()
    for place, slope in enumerate(slopes):
        write_slice(folder / f"{place}.dcm", series, place, slope)
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    volume = reader.Execute()
    seen[slopes] = SimpleITK.GetArrayFromImage(volume)[:, 0, 0].tolist()
    print(f"stored 2, slopes {slopes}: {seen[slopes]}, {volume.GetPixelIDTypeAsString()}")
assert seen == {(1, 1.25, 0.25): [2, 2, 0], (0.5, 1.25, 0.25): [1.0, 2.5, 0.5]}, "the behaviour has changed"
PYTHON
