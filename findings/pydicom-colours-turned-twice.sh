#!/usr/bin/env bash
# What one would expect: pydicom's guide to pixel data says that `pixel_array` is "in the color space as given by
# Photometric Interpretation", YBR_FULL among its examples, and that `convert_color_space` makes RGB of it. So a colour
# picture stored as YBR_FULL gets its colours by convert_color_space(pixel_array, its PhotometricInterpretation, "RGB").
#
# What happens: since pydicom 3 `pixel_array` has turned YBR_FULL and YBR_FULL_422 into RGB already, while the dataset
# goes on saying YBR_FULL. The line of the guide turns the colours once more: skin of (200, 120, 90) becomes a pale
# green of (148, 229, 188), and the grey of an ultrasound gets a colour. With pydicom 2.4 the same line gives the skin
# back. The reference of pixel_array and the release notes do tell of the change, against the guide. Nothing is raised.
#
# Why it matters: dermatoscopes, endoscopes and ultrasound write YBR. After an update the redness of a lesion is green,
# and a study of skin colour mixes the two, as the files of some devices are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/turn.py" <<'PYTHON'
import sys

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixel_data_handlers import convert_color_space
from pydicom.uid import ExplicitVRLittleEndian, VLPhotographicImageStorage, generate_uid

skin = np.full((4, 4, 3), [200, 120, 90], np.uint8)
image = Dataset()
image.file_meta = FileMetaDataset()
image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = VLPhotographicImageStorage
image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = generate_uid()
image.StudyInstanceUID, image.SeriesInstanceUID, image.Modality = generate_uid(), generate_uid(), "XC"
image.Rows, image.Columns, image.SamplesPerPixel, image.PlanarConfiguration = 4, 4, 3, 0
image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 8, 8, 7, 0
image.PhotometricInterpretation = "YBR_FULL"
image.PixelData = convert_color_space(skin, "RGB", "YBR_FULL").tobytes()
image.is_little_endian, image.is_implicit_VR = True, False
image.save_as(sys.argv[1], write_like_original=False)

read = pydicom.dcmread(sys.argv[1])
held = read.pixel_array
shown = convert_color_space(held, read.PhotometricInterpretation, "RGB")[0, 0].astype(int)
print(f"pydicom {pydicom.__version__}: skin (200, 120, 90), pixel_array {held[0, 0].tolist()}, said to be", end=" ")
print(f"{read.PhotometricInterpretation}, by the guide {shown.tolist()}")
expected = [200, 120, 90] if pydicom.__version__.startswith("2.") else [148, 229, 188]
assert abs(shown - expected).max() <= 2, "the behaviour has changed"
PYTHON
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'numpy==2.4.6' 2>/dev/null
for version in 2.4.4 3.0.2; do
  "$folder/env/bin/pip" install --quiet --disable-pip-version-check --target "$folder/$version" "pydicom==$version" \
    2>/dev/null
  PYTHONPATH="$folder/$version" "$folder/env/bin/python" -W ignore "$folder/turn.py" "$folder/skin-$version.dcm"
done
