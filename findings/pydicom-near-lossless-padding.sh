#!/usr/bin/env bash
# What one would expect: a CT slice whose surroundings are all of its Pixel Padding Value, -2000, is compressed as
# JPEG-LS near-lossless with an error of at most 2. A flat area costs a run-length coder nothing, so it should come
# back as it was, and the padding value in the header should still find it.
#
# What happens: the encoder carries the error of the last pixel before a run on through all of the run. Nearly all of
# the flat surroundings come back as -2002, -2001, -1999 or -1998; what still has the padding value is under a fifth.
# pydicom leaves the Pixel Padding Value as it was, adds no Pixel Padding Range Limit, and does not note that the file
# is lossy now.
#
# Why it matters: whoever masks padding by its value takes the rest of it for something that was measured, below all
# Hounsfield units: shares of air, means and histograms of a CT are wrong, in files that are within their error of 2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pydicom==3.0.2' 'pyjpegls==1.5.1' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, JPEGLSNearLossless, generate_uid

print("pydicom", pydicom.__version__)
y, x = np.mgrid[:128, :128]
scanned = (y - 64) ** 2 + (x - 64) ** 2 < 56**2
noise = np.random.default_rng(0).normal(40, 20, (128, 128)).astype(np.int16)
pixels = np.where(scanned, noise, np.int16(-2000))

image = Dataset()
image.file_meta = FileMetaDataset()
image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
image.SOPClassUID, image.SOPInstanceUID, image.Modality = CTImageStorage, generate_uid(), "CT"
image.RescaleSlope, image.RescaleIntercept, image.RescaleType = 1, 0, "HU"
image.set_pixel_data(pixels, "MONOCHROME2", 16)
image.PixelPaddingValue = -2000

image.compress(JPEGLSNearLossless, jls_error=2, generate_instance_uid=False)
read = image.pixel_array
values, counts = np.unique(read[~scanned], return_counts=True)
kept = float((read[~scanned] == image.PixelPaddingValue).mean())
print("largest difference:", int(abs(read.astype(int) - pixels).max()))
print("values of what was all -2000:", dict(zip(values.tolist(), counts.tolist(), strict=True)))
print(f"still has the padding value: {kept:.0%}")
print("range limit:", image.get("PixelPaddingRangeLimit"), "lossy:", image.get("LossyImageCompression"))
assert abs(read.astype(int) - pixels).max() <= 2
assert kept < 0.2 and len(values) > 2
assert "PixelPaddingRangeLimit" not in image and "LossyImageCompression" not in image
PYTHON
