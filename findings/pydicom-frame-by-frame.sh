#!/usr/bin/env bash
# What one would expect: `iter_pixels` gives the frames of a DICOM file one at a time, the same frames that
# `pixel_array` gives all at once; the two differ in memory only.
#
# What happens: with gdcm as the decoder, a signed image in JPEG-LS whose samples use fewer bits than they have room
# for (13 of 16 here) comes out right from `pixel_array` and raises "output array is read-only" from
# `iter_pixels`. Both have the signs to repair, and the second tries it in bytes that it may not write. With all 16
# bits in use, or with another decoder, `iter_pixels` works.
#
# Why it matters: `iter_pixels` is there for large multi-frame files. A program that passed its tests on small ones
# with `pixel_array` fails on such CT volumes alone, and only where gdcm is the decoder that is installed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pydicom==3.0.2' 'python-gdcm==3.2.6' 'pyjpegls==1.5.1' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import io

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import iter_pixels, pixel_array
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, JPEGLSLossless, generate_uid

print("pydicom", pydicom.__version__)
values = (np.arange(64 * 64, dtype=np.int16) - 2000).reshape(64, 64)
seen = {}
for bits in (13, 16):
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, generate_uid()
    image.set_pixel_data(values, "MONOCHROME2", bits)
    image.compress(JPEGLSLossless)
    for decoder in ("gdcm", "pyjpegls"):
        kept = io.BytesIO()
        image.save_as(kept, enforce_file_format=True)
        whole = (pixel_array(kept, decoding_plugin=decoder) == values).all()
        try:
            single = (next(iter_pixels(kept, decoding_plugin=decoder)) == values).all()
        except ValueError as error:
            single = str(error)
        seen[bits, decoder] = (whole, single)
        print(f"{bits} of 16 bits, {decoder}: pixel_array right: {whole}, iter_pixels right: {single}")
failed = {key for key, (whole, single) in seen.items() if whole and single == "output array is read-only"}
right = {key for key, (whole, single) in seen.items() if whole and single is np.True_}
assert failed == {(13, "gdcm")} and len(right) == 3, "the behaviour has changed"
PYTHON
