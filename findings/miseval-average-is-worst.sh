#!/usr/bin/env bash
# What one would expect: the average Hausdorff distance is a mean, over the points of both contours, of the way to the
# other contour. It is proposed because a single stray pixel hardly moves it. A distance between boundaries is 0 where
# the two are the same, and larger where they lie apart.
#
# What happens: "AHD" of MISeval is the largest distance and no mean: a segmentation that is right but for one stray
# pixel 36 away has 36.2, the plain Hausdorff distance (SimpleITK has 36.2 for that and 0.3 for the average). "BD",
# the boundary distance, is the mean over all pairs of points of the two contours, so that a perfect segmentation has
# 5.9, half the breadth of the lesion. One drawn two pixels too small all around is better, at 4.9. The documentation
# gives the names and recommends AHD; of both it says nothing else.
#
# Why it matters: the average distance is chosen to be fair to models with a stray pixel, and here it is not. By the
# other one, models that draw too little are rewarded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  'miseval==1.3.0' 'hausdorff==0.2.6' 'dictances==1.5.3' 'numba==0.68.1' 'llvmlite==0.50.0' 'numpy==2.4.6' \
  'scipy==1.17.1' 'scikit-image==0.26.0' 'scikit-learn==1.9.1' 'joblib==1.5.3' 'threadpoolctl==3.6.0' \
  'narwhals==2.15.0' 'lazy_loader==0.5' 'packaging==26.0' 'networkx==3.6.1' 'pillow==12.3.0' 'imageio==2.37.3' \
  'tifffile==2026.3.3' 'simpleitk==2.5.7' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import SimpleITK
from miseval import evaluate

print("miseval", version("miseval"), "- SimpleITK", version("simpleitk"))
lesion = np.zeros((64, 64), int)
lesion[20:28, 20:28] = 1
stray, small = lesion.copy(), np.zeros_like(lesion)
stray[5, 60] = 1
small[22:26, 22:26] = 1
distances = SimpleITK.HausdorffDistanceImageFilter()
average, boundary = {}, {}
for name, segmentation in {"perfect": lesion, "one stray pixel": stray, "too small": small}.items():
    average[name], boundary[name] = (float(evaluate(lesion, segmentation, metric)) for metric in ("AHD", "BD"))
    distances.Execute(*(SimpleITK.GetImageFromArray(one.astype(np.uint8)) for one in (lesion, segmentation)))
    largest, mean = distances.GetHausdorffDistance(), distances.GetAverageHausdorffDistance()
    print(f"{name}: MISeval AHD {average[name]:.2f}, BD {boundary[name]:.2f};", end=" ")
    print(f"SimpleITK largest {largest:.2f}, average {mean:.2f}")
    assert abs(average[name] - largest) < 0.01, "the behaviour has changed"
    if name == "one stray pixel":
        assert largest > 36 and mean < 1
assert average["perfect"] == 0 and boundary["perfect"] > 5 and boundary["too small"] < boundary["perfect"] - 0.5, "changed"
PYTHON
