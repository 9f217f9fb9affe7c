#!/usr/bin/env bash
# What one would expect: the Hausdorff distance of a segmentation that lies 12 pixels from the lesion is about 12,
# whichever way it lies. It is measured for the class that is asked for, as the other metrics of the same call are.
#
# What happens: MISeval hands the whole picture to a function that takes a list of points. Each row of pixels is then one
# point, in as many dimensions as the picture has columns. A lesion moved 12 pixels up or down has the same rows in
# another order, so its distance is 0.0, that of a perfect segmentation. Moved 12 pixels aside it has 2.83, and so has a
# segmentation that is empty: 2.83 is the root of the 8 pixels of a row. Of two classes both get the same number. Its
# own "average" Hausdorff distance says 12 for both. Nothing is raised or warned of.
#
# Why it matters: this is a library made for measuring segmentations in medicine, and "HD" is the first metric of
# distance in its list. A model that finds lesions a finger's breadth too high is without a fault by this number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  'miseval==1.3.0' 'hausdorff==0.2.6' 'dictances==1.5.3' 'numba==0.68.1' 'llvmlite==0.50.0' 'numpy==2.4.6' \
  'scipy==1.17.1' 'scikit-image==0.26.0' 'scikit-learn==1.9.1' 'joblib==1.5.3' 'threadpoolctl==3.6.0' \
  'narwhals==2.15.0' 'lazy_loader==0.5' 'packaging==26.0' 'networkx==3.6.1' 'pillow==12.3.0' 'imageio==2.37.3' \
  'tifffile==2026.3.3' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
from miseval import evaluate

print("miseval", version("miseval"), "- hausdorff", version("hausdorff"))
lesion = np.zeros((64, 64), int)
lesion[24:32, 24:32] = 1
tried = {
    "the same": lesion, "12 up": np.roll(lesion, -12, 0), "12 down": np.roll(lesion, 12, 0),
    "12 aside": np.roll(lesion, 12, 1), "nothing found": np.zeros_like(lesion),
}
found = {}
for name, segmentation in tried.items():
    found[name] = round(float(evaluate(lesion, segmentation, "HD")), 2)
    dice, other = evaluate(lesion, segmentation, "DSC"), evaluate(lesion, segmentation, "AHD")
    print(f"{name}: Hausdorff {found[name]}, 'average' Hausdorff {other:.2f}, Dice {dice:.2f}")
classes = evaluate(lesion, tried["12 aside"], "HD", multi_class=True, n_classes=2)
print("12 aside, background and lesion:", classes.round(2).tolist())
assert found == {"the same": 0, "12 up": 0, "12 down": 0, "12 aside": 2.83, "nothing found": 2.83}, "it has changed"
assert classes[0] == classes[1], "it has changed"
PYTHON
