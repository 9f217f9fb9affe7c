#!/usr/bin/env bash
# What one would expect: a perceptual hash tells pictures that look different apart, and gives a picture much the same
# hash whether it is stored in 8 bits or in 16.
#
# What happens: ImageHash lets Pillow bring the picture to 8 bits, and that cuts everything above 255 off. A grey
# 16-bit PNG whose values lie above that is one white sheet, and so every such picture has the same hash: three
# pictures with nothing in common are at distance 0, for the average, perceptual, difference and wavelet hash alike.
# Saved in 8 bits, the same three lie well apart. Nothing is raised and nothing warns.
#
# Why it matters: these hashes are used to find duplicates and to keep one picture from lying in both training and
# test set. In a collection of 16-bit radiographs all are duplicates of the first, and all but one are thrown out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'imagehash==4.3.2' 'pillow==13.0.0' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version
from itertools import combinations

import imagehash
import numpy as np
from PIL import Image

print("ImageHash", version("ImageHash"), "Pillow", version("pillow"))
down, across = np.mgrid[:128, :128]
drawn = (
    2000 + 900 * np.sin(down / 9),
    2000 + 900 * np.cos(across / 15),
    1100 + 25.0 * np.hypot(down - 40, across - 80),
)


def opened(pixels: np.ndarray) -> Image.Image:
    kept = io.BytesIO()
    Image.fromarray(pixels).save(kept, "PNG")
    return Image.open(kept)


seen = {}
for name in ("average_hash", "phash", "dhash", "whash"):
    asked = getattr(imagehash, name)
    for bits, made in ((16, [d.astype(np.uint16) for d in drawn]), (8, [(d / 16).astype(np.uint8) for d in drawn])):
        hashes = [asked(opened(pixels)) for pixels in made]
        seen[name, bits] = [int(one - other) for one, other in combinations(hashes, 2)]
    print(f"{name}: distances of 64 in 16 bits {seen[name, 16]}, in 8 bits {seen[name, 8]}")
assert all(max(seen[name, 16]) == 0 for name, _ in seen), "the behaviour has changed"
assert all(min(seen[name, 8]) > 5 for name, _ in seen), "the behaviour has changed"
PYTHON
