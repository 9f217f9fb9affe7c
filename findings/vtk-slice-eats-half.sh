#!/usr/bin/env bash
# What one would expect: VTK reads a folder of slices, each with its own Rescale Slope as PET scanners write it, into
# one volume of the rescaled values, each slice in its place (vtkDICOMImageReader, with which PyVista reads folders).
#
# What happens: whether the volume is one of floats is settled by the file that the disk happens to list last. If its
# slope has a fraction it is, and a slice whose slope and intercept are whole is then written into it as 16-bit whole
# numbers: it fills half of its slice with values like 3e-38, two pixels in each, and every slice after it begins half
# a slice too early, so that two slices share one picture. The end of the volume is never written. Each of the files
# alone is read well. Nothing is raised. (If the file listed last has a whole slope, floats are written into a volume of
# whole numbers, beyond its end; that is not run here.)
#
# Why it matters: one slice in many has a slope of 1 by chance. Uptake there is lost, and a lesion lies half a slice up
# and half a picture aside; shown with a window, the tiny numbers are a dark band that looks like no uptake.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps 'vtk==9.7.2' 'pydicom==3.0.2' \
  'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import os
import sys
from pathlib import Path

import numpy as np
from pydicom import __version__
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, PositronEmissionTomographyImageStorage, generate_uid
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOImage import vtkDICOMImageReader

print("VTK", vtkVersion.GetVTKVersion(), "pydicom", __version__)
slopes = (0.5, 0.5, 1, 0.5)
folder = Path(sys.argv[1]) / "series"
folder.mkdir()
series, frame_of_reference = generate_uid(), generate_uid()
for name in "abcd":
    (folder / name).touch()
listed = [entry.name for entry in os.scandir(folder)]
names = [listed[1], listed[2], listed[0], listed[3]]  # the whole slope is not the one that is listed last
for place, slope in enumerate(slopes):
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID = PositronEmissionTomographyImageStorage, generate_uid()
    image.SeriesInstanceUID, image.FrameOfReferenceUID, image.Modality = series, frame_of_reference, "PT"
    image.InstanceNumber, image.SliceThickness, image.PixelSpacing = place + 1, 2, [1, 1]
    image.ImagePositionPatient, image.ImageOrientationPatient = [0, 0, 2 * place], [1, 0, 0, 0, 1, 0]
    image.RescaleSlope, image.RescaleIntercept = slope, 0
    image.set_pixel_data(np.full((4, 4), 100 * (place + 1), np.uint16), "MONOCHROME2", 16)
    image.save_as(folder / names[place], enforce_file_format=True)


def read(reader: vtkDICOMImageReader) -> np.ndarray:
    reader.Update()
    image = reader.GetOutput()
    return vtk_to_numpy(image.GetPointData().GetScalars()).reshape(image.GetDimensions()[::-1]).astype(float)


alone = []
for place in range(len(slopes)):
    reader = vtkDICOMImageReader()
    reader.SetFileName(str(folder / names[place]))
    alone.append(float(read(reader)[0, 0, 0]))
reader = vtkDICOMImageReader()
reader.SetDirectoryName(str(folder))
volume = read(reader)
print("stored 100, 200, 300, 400 with slopes", slopes)
print("each file alone:", alone)
for number, slice_ in enumerate(volume):
    rows = ["%.3g" % value for value in slice_[: 2 if number == 3 else 4, 0]]
    print(f"slice {number} of the folder, row by row:", rows, "and memory never written" * (number == 3))
assert alone == [50, 100, 300, 200], "the behaviour has changed"
assert (volume[0] == 200).all() and not (volume == 300).any(), "the behaviour has changed"
assert (volume[1, :2] < 1e-30).all() and (volume[1, 2:] == 100).all(), "the behaviour has changed"
assert (volume[2, :2] == 100).all() and (volume[2, 2:] == 50).all(), "the behaviour has changed"
PYTHON
