#!/usr/bin/env bash
# What one would expect: a prediction that finds nothing of a lesion has no contour, so its distance to the true contour
# is infinite, unknown (NaN) or an error. It is in no case as good as a perfect one.
#
# What happens: seg-metrics writes 0.0 for the Hausdorff distance, HD95 and the mean, median and spread of the surface
# distances, which is what it writes for a prediction that is right to the voxel. A lesion that is invented where none
# is has 0.0 as well. A prediction two voxels off has 2.0, so a model gets better by not drawing the hard ones. Dice
# beside it is 0.0, as it should be. SimpleITK refuses to measure the same two masks. Nothing is raised; a line in the log
# speaks of precision and recall.
#
# Why it matters: tables of a test set hold the mean of each column. Missed small lesions lower the mean distance, and
# of two models the one that misses more has the better HD95.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'seg-metrics==1.2.8' 'simpleitk==2.5.7' \
  'scipy==1.17.1' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import contextlib
import io
from importlib.metadata import version

import numpy as np
import SimpleITK
from seg_metrics import seg_metrics

print("seg-metrics", version("seg_metrics"), "SimpleITK", SimpleITK.Version.VersionString())
lesion = np.zeros((10, 40, 40), np.uint8)
lesion[3:6, 10:20, 10:20] = 1
nothing = np.zeros_like(lesion)
distances = ("hd", "hd95", "msd", "mdsd", "stdsd")


def measured(truth: np.ndarray, found: np.ndarray) -> dict[str, float]:
    with contextlib.redirect_stdout(io.StringIO()):
        table = seg_metrics.write_metrics(
            labels=[1], gdth_img=truth, pred_img=found, csv_file=None, spacing=[1, 1, 1]
        )
    return {name: float(table[0][name][0]) for name in ("dice", *distances)}


for case, truth, found in (
    ("right to the voxel", lesion, lesion),
    ("two voxels off", lesion, np.roll(lesion, 2, axis=2)),
    ("missed", lesion, nothing),
    ("invented", nothing, lesion),
):
    seen = measured(truth, found)
    try:
        other = SimpleITK.HausdorffDistanceImageFilter()
        other.Execute(SimpleITK.GetImageFromArray(truth), SimpleITK.GetImageFromArray(found))
        distance = other.GetHausdorffDistance()
    except RuntimeError:
        distance = "refused"
    print(f"{case}: {seen}; Hausdorff distance of SimpleITK: {distance}")
    if case == "two voxels off":
        assert seen["hd"] == seen["hd95"] == distance == 2.0
        continue
    assert all(seen[name] == 0.0 for name in distances), "the behaviour has changed"
    assert seen["dice"] == (1.0 if case == "right to the voxel" else 0.0)
    assert distance == (0.0 if case == "right to the voxel" else "refused")
PYTHON
