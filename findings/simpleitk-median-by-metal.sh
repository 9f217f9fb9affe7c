#!/usr/bin/env bash
# What one would expect: the median of the voxels of one label depends on the voxels of that label and no others. Nobody
# would take the mean of it for an exact number and its median for a rough one.
#
# What happens: SimpleITK reads the median off a histogram whose bins reach from the lowest to the highest voxel of the
# whole image. One clip, tooth or line of metal anywhere in the scan widens them: a nodule of 8 HU has a median of 16 HU
# with one voxel of 3071 HU in another corner, and of 67 HU with one of 30000, though no voxel of the nodule goes above
# 30 (LabelIntensityStatistics; LabelStatistics has other bins and is out by 2 HU here). The mean stays exact. The
# documentation speaks of a histogram and of the width of its bins, and not of what they span.
#
# Why it matters: an adrenal nodule below 10 HU is called benign, one above is followed up. The median is what people
# take because it is robust against metal.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'simpleitk==2.5.7' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import SimpleITK

print("SimpleITK", SimpleITK.Version.VersionString())
scan = np.full((32, 32, 32), -50, np.int16)
scan[:4] = -1024  # air
label = np.zeros(scan.shape, np.uint8)
label[10:22, 10:22, 10:22] = 1
nodule = np.random.default_rng(0).normal(8, 6, int(label.sum())).round().clip(-14, 30).astype(np.int16)
scan[label == 1] = nodule

seen = {}
for metal in (None, 3071, 30000):
    image = scan.copy()
    if metal:
        image[30, 30, 30] = metal
    volume, mask = SimpleITK.GetImageFromArray(image), SimpleITK.GetImageFromArray(label)
    intensity, plain = SimpleITK.LabelIntensityStatisticsImageFilter(), SimpleITK.LabelStatisticsImageFilter()
    intensity.Execute(mask, volume)
    plain.Execute(volume, mask)
    seen[metal] = (float(np.median(image[label == 1])), intensity.GetMedian(1), plain.GetMedian(1))
    print(f"metal {metal}: median {seen[metal][0]}, by LabelIntensityStatistics {seen[metal][1]:.1f},", end=" ")
    print(f"by LabelStatistics {seen[metal][2]:.1f}; mean {nodule.mean():.2f}, by both {plain.GetMean(1):.2f}")
    assert abs(plain.GetMean(1) - nodule.mean()) < 1e-6 and abs(intensity.GetMean(1) - nodule.mean()) < 1e-6
assert all(true == 8 for true, _, _ in seen.values()) and nodule.max() <= 30
assert round(seen[3071][1]) == 16 and round(seen[30000][1]) == 67, "the behaviour has changed"
assert abs(seen[30000][2] - 8) > 1.5, "the behaviour has changed"
PYTHON
