#!/usr/bin/env bash
# What one would expect: turning a 16-bit grey image by a few degrees, or moving it by half a pixel, keeps its
# values: an even area of 30000 is still 30000 away from the edges.
#
# What happens: with bilinear or bicubic resampling Pillow gives numbers of 8 bits, between 0 and 255, for images of
# mode "I;16", the mode in which it opens 16-bit PNG and TIFF files. The even area comes out below 130. The mode is
# still "I;16", nothing is raised and nothing warns. Nearest neighbour, quarter turns and `resize` are right, and so
# is the same turn in mode "I" or "F".
#
# Why it matters: radiographs exported for research are 16-bit PNG, and turning by a few degrees is the commonest
# augmentation. The image goes almost black, and scaling by its own maximum brings a wrong picture back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pillow==13.0.0' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import io

import numpy as np
import PIL
from PIL import Image

kept = io.BytesIO()
Image.fromarray(np.full((64, 64), 30000, np.uint16)).save(kept, "PNG")
picture = Image.open(kept)
print("Pillow", PIL.__version__, "mode", picture.mode)


def middle(image: Image.Image) -> tuple[int, int]:
    part = np.asarray(image)[24:40, 24:40]
    return int(part.min()), int(part.max())


half = (1, 0, 0.5, 0, 1, 0.5)
seen = {}
for way in (Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC):
    turned = picture.rotate(5, resample=way)
    moved = picture.transform(picture.size, Image.Transform.AFFINE, half, way)
    seen[way.name] = (middle(turned), middle(moved))
    print(f"{way.name}: by 5 degrees {seen[way.name][0]}, by half a pixel {seen[way.name][1]}, mode {turned.mode}")
right = middle(picture.convert("I").rotate(5, resample=Image.Resampling.BICUBIC))
print("in mode I, BICUBIC:", right)
assert seen["NEAREST"] == ((30000, 30000), (30000, 30000)) and right == (30000, 30000), "the behaviour has changed"
assert all(high < 256 for way in ("BILINEAR", "BICUBIC") for _, high in seen[way]), "the behaviour has changed"
PYTHON
