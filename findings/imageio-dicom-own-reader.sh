#!/usr/bin/env bash
# What one would expect: imageio reads uncompressed DICOM, as its list of formats says, or refuses what it cannot read.
#
# What happens: it reads with a parser of its own, which knows neither Bits Stored nor Planar Configuration. A CT value
# of -5 stored in 12 bits, two's complement, becomes 4091, while pydicom and SimpleITK read -5. A colour picture that is
# stored plane by plane comes back as its red plane alone, a grey picture of the right size. Nothing is raised.
#
# Why it matters: fat and air of such a CT turn into metal, and a dermoscopic or Doppler picture loses its colours, in
# notebooks that read everything with one function.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'imageio==2.38.1' 'pydicom==3.0.2' 'simpleitk==2.5.7' \
  'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import imageio.v2
import numpy as np
import pydicom
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

print("imageio", imageio.__version__, "pydicom", pydicom.__version__)


def write(path: Path, sop_class: str, pixels: bytes, **elements: object) -> Path:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID = sop_class, generate_uid()
    image.SeriesInstanceUID, image.StudyInstanceUID, image.InstanceNumber = generate_uid(), generate_uid(), 1
    for keyword, value in elements.items():
        setattr(image, keyword, value)
    image.PixelData = pixels
    image["PixelData"].VR = "OW" if image.BitsAllocated == 16 else "OB"
    image.save_as(path, enforce_file_format=True)
    return path


values = np.array([[-5, 5], [1, 2]], np.int16)
ct = write(
    Path(sys.argv[1]) / "ct.dcm", CTImageStorage, (values & 0x0FFF).astype("<u2").tobytes(),
    Modality="CT", Rows=2, Columns=2, SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2",
    BitsAllocated=16, BitsStored=12, HighBit=11, PixelRepresentation=1, RescaleSlope=1, RescaleIntercept=0,
)
colours = np.zeros((2, 3, 3), np.uint8)
colours[..., 0], colours[:, 1:, 2] = 200, 100
skin = write(
    Path(sys.argv[1]) / "skin.dcm", SecondaryCaptureImageStorage, colours.transpose(2, 0, 1).tobytes(),
    Modality="XC", Rows=2, Columns=3, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=1,
    BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0,
)

read = {
    "imageio": np.asarray(imageio.v2.imread(ct, format="DICOM")),
    "pydicom": pydicom.dcmread(ct).pixel_array,
    "SimpleITK": SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(ct)))[0],
}
for name, one in read.items():
    print(name, one.tolist())
picture = np.asarray(imageio.v2.imread(skin, format="DICOM"))
print("colour picture", colours.shape, "by imageio", picture.shape, sorted(set(picture.ravel().tolist())))
assert read["imageio"][0, 0] == 4091
assert (read["pydicom"] == values).all() and (read["SimpleITK"] == values).all()
assert (pydicom.dcmread(skin).pixel_array == colours).all()
assert picture.shape == (2, 3) and (picture == 200).all()
PYTHON
