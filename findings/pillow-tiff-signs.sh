#!/usr/bin/env bash
# What one would expect: a TIFF whose samples are declared as signed 8-bit integers opens with negative numbers, and
# one of unsigned 32-bit integers with large positive ones; both declarations are in the file (tag 339).
#
# What happens: Pillow opens the signed 8-bit file as mode "L", so −5 becomes 251, and the unsigned 32-bit file as
# mode "I", so 4,000,000,000 becomes −294,967,296. Nothing is raised and nothing warns; another reader of the same
# bytes gives the numbers that were written.
#
# Why it matters: segmentation tools and microscopes write label maps and difference images in just these types. A
# label of −1 for "outside" becomes label 255, and ids beyond two thousand million change their sign.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pillow==13.0.0' 'tifffile==2026.3.3' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import numpy as np
import PIL
import tifffile
from PIL import Image

folder = Path(sys.argv[1])
print("Pillow", PIL.__version__, "tifffile", tifffile.__version__)
seen = {}
for dtype, value in (("int8", -5), ("uint32", 4_000_000_000)):
    path = folder / f"{dtype}.tif"
    tifffile.imwrite(path, np.full((4, 4), value, dtype), photometric="minisblack")
    with Image.open(path) as picture:
        seen[dtype] = (picture.mode, int(np.asarray(picture)[0, 0]))
    print(f"{dtype} {value}: Pillow says {seen[dtype]}, tifffile says {int(tifffile.imread(path)[0, 0])}")
assert seen == {"int8": ("L", 251), "uint32": ("I", -294_967_296)}, "the behaviour has changed"
PYTHON
