#!/usr/bin/env bash
# What one would expect: in an enhanced multi-frame DICOM object each frame carries its own position and, where they
# differ, its own Rescale Slope (the functional groups are made for it). A reader gives a volume in the order of the
# positions with rescaled values, or says that it cannot.
#
# What happens: SimpleITK rescales all frames by the slope of the first one. With slopes of 0.5, 2, 3 and 1 a stored 100
# reads 50 in every frame. The frames stay in the order in which they are stored: with positions of 0, 4, 2 and 6 mm the
# second and third slice are exchanged, and the spacing is 1 mm, which is in no header (it is 2 mm, as four sorted
# frames give). Classic slices, one a file, are sorted. Nothing is raised and nothing warns.
#
# Why it matters: PET scales each slice by its own maximum, and enhanced MR does so as well. Uptake is wrong by a factor
# that changes from slice to slice, and a lesion that is cut in two by exchanged slices has half of its height.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'simpleitk==2.5.7' 'pydicom==3.0.2' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import EnhancedPETImageStorage, ExplicitVRLittleEndian, generate_uid

print("SimpleITK", SimpleITK.Version.VersionString(), "pydicom", pydicom.__version__)
path = Path(sys.argv[1]) / "enhanced.dcm"


def item(**elements: object) -> list[Dataset]:
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return [made]


def write(places: tuple[float, ...], slopes: tuple[float, ...]) -> None:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID, image.Modality = EnhancedPETImageStorage, generate_uid(), "PT"
    image.StudyInstanceUID, image.SeriesInstanceUID, image.FrameOfReferenceUID = (generate_uid() for _ in range(3))
    image.set_pixel_data(np.stack([np.full((4, 4), 100 + n, np.int16) for n in range(4)]), "MONOCHROME2", 16)
    shared, frames = Dataset(), []
    shared.PixelMeasuresSequence = item(PixelSpacing=[1, 1], SliceThickness=2, SpacingBetweenSlices=2)
    shared.PlaneOrientationSequence = item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    for place, slope in zip(places, slopes, strict=True):
        frame = Dataset()
        frame.FrameContentSequence = item(StackID="1", InStackPositionNumber=int(place / 2) + 1)
        frame.PlanePositionSequence = item(ImagePositionPatient=[0, 0, place])
        frame.PixelValueTransformationSequence = item(RescaleSlope=slope, RescaleIntercept=0, RescaleType="US")
        frames.append(frame)
    image.SharedFunctionalGroupsSequence, image.PerFrameFunctionalGroupsSequence = [shared], frames
    image.save_as(path, enforce_file_format=True)


seen = {}
for places, slopes in (((0, 2, 4, 6), (0.5, 2, 3, 1)), ((0, 4, 2, 6), (1, 1, 1, 1))):
    write(places, slopes)
    volume = SimpleITK.ReadImage(str(path))
    values = SimpleITK.GetArrayFromImage(volume)[:, 0, 0].tolist()
    seen[places] = (values, volume.GetSpacing()[2])
    print(f"stored 100 to 103 at {places} mm, slopes {slopes}: {values}, {volume.GetSpacing()[2]} mm apart")
assert seen[0, 2, 4, 6] == ([50, 50.5, 51, 51.5], 2), "the behaviour has changed"
assert seen[0, 4, 2, 6] == ([100, 101, 102, 103], 1), "the behaviour has changed"
PYTHON
