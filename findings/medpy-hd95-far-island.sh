#!/usr/bin/env bash
# What one would expect: HD95, the 95th percentile of the Hausdorff distance with which segmentations are compared in
# nearly every paper, is one number: of each contour the distance that 95 % of its points keep to the other, and the
# larger of the two. Two libraries agree on it.
#
# What happens: MedPy throws the distances of both contours into one heap and takes the percentile of that. Wrong points
# of the one contour are thinned by all the right ones of the other. A prediction that finds the lesion to the pixel and
# adds a false island 48 pixels away has HD95 = 0.0 in MedPy, which is the score of a perfect one, and 44.6 in the
# surface-distance of DeepMind. The plain Hausdorff distance is 48.08 in both. MedPy's documentation has "the 95th
# percentile of the (symmetric) Hausdorff distance" and does not say of which set.
#
# Why it matters: false islands are what HD95 is reported for besides Dice. Models of two papers, or of two teams of one
# challenge, are ranked by libraries and not by contours.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'numpy==2.4.6' 'scipy==1.17.1' 'simpleitk==2.5.7' \
  'medpy==0.5.2' 'surface-distance==0.1' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import surface_distance
from medpy.metric import binary

print("MedPy", version("medpy"), "surface-distance", version("surface-distance"))
truth = np.zeros((120, 120), bool)
truth[20:60, 20:60] = True
island = truth.copy()
island[90:94, 90:94] = True
found = {}
for name, predicted in (("perfect", truth), ("with a false island", island)):
    apart = surface_distance.compute_surface_distances(truth, predicted, (1, 1))
    found[name] = [
        binary.hd95(predicted, truth),
        surface_distance.compute_robust_hausdorff(apart, 95),
        binary.hd(predicted, truth),
        surface_distance.compute_robust_hausdorff(apart, 100),
    ]
    ours, theirs, whole, wholly = (round(float(value), 2) for value in found[name])
    print(f"{name}: HD95 {ours} in MedPy, {theirs} in surface-distance; Hausdorff distance {whole} and {wholly}")
assert found["perfect"] == [0, 0, 0, 0], "the behaviour has changed"
assert found["with a false island"][0] == 0 and found["with a false island"][1] > 40, "the behaviour has changed"
assert abs(found["with a false island"][2] - found["with a false island"][3]) < 0.1, "the behaviour has changed"
PYTHON
