#!/usr/bin/env bash
# What one would expect: the gradient magnitude of a CT is largest where the edge is steepest, and the same for a CT of
# whole numbers, as scanners give them, as for one of floats, up to rounding.
#
# What happens: scipy's gaussian_gradient_magnitude squares within the type of the picture. In 16 bits with a sign the
# square of a slope above 181 a pixel does not fit and wraps around: 204 becomes 0, and 283 becomes 120. The steepest
# edges vanish while the gentle ones stay. A NaN on the way makes NumPy say "invalid value in sqrt", no more. In 8 bits
# nothing warns at all: a slope of 35 is 14, and only slopes up to 15 are right.
#
# Why it matters: the sharpness of a border is a feature in radiology (bone, calcification) and in dermoscopy. The
# sharpest borders are measured as none, and a watershed along the gradient runs through them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'scipy==1.17.1' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import scipy
from scipy.ndimage import gaussian_gradient_magnitude

print("scipy", scipy.__version__, "numpy", np.__version__)


def steepness(low: int, high: int, kind: type) -> tuple[int, float]:
    """The slope in the middle of the edge between two greys, in whole numbers and in floats."""
    picture = np.full((32, 64), low, kind)
    picture[:, 32:] = high
    whole = gaussian_gradient_magnitude(picture, 2)
    true = gaussian_gradient_magnitude(picture.astype(float), 2)
    return int(whole[16, 31]), round(float(true[16, 31]), 1)


seen = {}
for name, kind, low, high in (
    ("fat and muscle", np.int16, -100, 50),
    ("muscle and spongy bone", np.int16, 50, 800),
    ("muscle and bone", np.int16, 50, 1100),
    ("muscle and dense bone", np.int16, 50, 1500),
    ("skin and a faint mole", np.uint8, 180, 120),
    ("skin and a dark mole", np.uint8, 200, 20),
):
    seen[name] = steepness(low, high, kind)
    print(f"{name}, {kind.__name__}: {seen[name][0]}, in floats {seen[name][1]}")
assert abs(seen["fat and muscle"][0] - seen["fat and muscle"][1]) <= 1
assert abs(seen["muscle and spongy bone"][0] - seen["muscle and spongy bone"][1]) <= 1
assert seen["muscle and bone"][0] == 0 and seen["muscle and bone"][1] > 200, "the behaviour has changed"
assert seen["muscle and dense bone"][0] < 130 and seen["muscle and dense bone"][1] > 280, "the behaviour has changed"
assert seen["skin and a dark mole"][0] < 16 and seen["skin and a dark mole"][1] > 30, "the behaviour has changed"
PYTHON
