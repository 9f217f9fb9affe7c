#!/usr/bin/env bash
# What one would expect: saving a HEIC photo with an orientation in its EXIF gives the same file whether the EXIF is
# handed over as Pillow's `Image.Exif` object or as the bytes of that very object.
#
# What happens: with bytes, pillow-heif turns the orientation into the file's own rotation box (irot) and readers
# show the photo upright; with the object, only the EXIF number is written. HEIC readers are told to ignore EXIF
# orientation and to follow irot, so the second file lies on its side in every one of them.
#
# Why it matters: test photos of skin made in this way pass every check of the size and fail only on a person's eye;
# and a measurement of "height" is taken along the wrong side.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pillow-heif==1.8.1' 'pillow==13.0.0' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
folder = Path(sys.argv[1])
exif = Image.Exif()
exif[0x0112] = 6  # turn by 90 degrees
sizes = {}
for name, given in (("object", exif), ("bytes", exif.tobytes())):
    path = folder / f"{name}.heic"
    Image.new("RGB", (64, 32), (200, 150, 120)).save(path, exif=given)
    sizes[name] = (Image.open(path).size, b"irot" in path.read_bytes())
print("pillow-heif", pillow_heif.__version__, "(size shown, has irot):", sizes)
assert sizes["object"] != sizes["bytes"], "the behaviour has changed"
assert sizes["bytes"][1] and not sizes["object"][1], "the behaviour has changed"
PYTHON
