#!/usr/bin/env bash
# What one would expect: a lossless JPEG 2000 image gives back the very numbers that went in. How many bits they have,
# and whether they carry a sign, is in its header.
#
# What happens: Pillow stretches a grey image of 10 or 12 bits to 16 bits: the values of a 12-bit one come back times
# 16, those of a 10-bit one times 64. A signed image comes back with 32768 added, so -1000 is 31768. The mode is
# "I;16" in all cases, so one cannot tell the stretched from the others, and the header is not handed out. Another
# decoder of the same bytes gives the numbers that were stored.
#
# Why it matters: JPEG 2000 is the codec of DICOM archives, and 12 bits and signs are what CT and radiographs have.
# Frames taken out of the files and opened with Pillow have other numbers than those decoded by DICOM software, and
# Hounsfield values are out by the factor without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pillow==13.0.0' 'imagecodecs==2026.3.6' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import io

import imagecodecs
import numpy as np
import PIL
from PIL import Image

print("Pillow", PIL.__version__, "imagecodecs", imagecodecs.__version__)
seen = {}
for bits, dtype in ((16, np.uint16), (12, np.uint16), (10, np.uint16), (16, np.int16)):
    stored = np.linspace(0, 1000, 64 * 64).astype(dtype).reshape(64, 64)
    if dtype is np.int16:
        stored = -stored
    packed = imagecodecs.jpeg2k_encode(stored, level=0, bitspersample=bits, reversible=True)
    assert (imagecodecs.jpeg2k_decode(packed) == stored).all()
    picture = Image.open(io.BytesIO(packed))
    seen[bits, dtype.__name__] = (picture.mode, int(np.asarray(picture)[-1, -1]))
    print(f"{bits} bits {dtype.__name__}: stored {stored[-1, -1]}, Pillow says {seen[bits, dtype.__name__]}")
assert seen == {
    (16, "uint16"): ("I;16", 1000),
    (12, "uint16"): ("I;16", 16_000),
    (10, "uint16"): ("I;16", 64_000),
    (16, "int16"): ("I;16", 31_768),
}, "the behaviour has changed"
PYTHON
