#!/usr/bin/env bash
# What one would expect: nilearn's math_img("after - before") of two masks of 0 and 1 gives -1 where something went,
# 1 where something came, and 0 elsewhere. Images are numbers with a sign to everybody who works with them, and to
# nibabel's get_fdata as well.
#
# What happens: masks are stored as unsigned 8-bit numbers, and math_img reckons in the type of the file. What went is
# 255 and not -1, so the mean of the difference of two masks of equal volume is not 0, and no threshold below zero finds
# anything. A CT or MR of 16 bits times 2 wraps around likewise: 20000 becomes -25536. The same image stored with a scale
# of its own (scl_slope), as many are, comes out right. Nothing is raised or warned of; the documentation says that the
# formula is applied to the data and does not name the type.
#
# Why it matters: change of a lesion between two dates is just this formula, and what has gone is shown as the brightest
# spot of all.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'nilearn==0.14.1' 'nibabel==5.4.2' 'numpy==2.4.6' \
  'scipy==1.17.1' 'pandas==3.0.3' 'scikit-learn==1.9.1' 2>/dev/null
cd "$folder"
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import nibabel
import numpy as np
from nilearn.image import math_img

print("nilearn", version("nilearn"), "- nibabel", version("nibabel"))
before, after = np.zeros((2, 6, 4, 4), np.uint8)
before[:3], after[2:5] = 1, 1
for name, mask in (("before", before), ("after", after)):
    nibabel.save(nibabel.Nifti1Image(mask, np.eye(4)), f"{name}.nii.gz")
difference = math_img("after - before", after="after.nii.gz", before="before.nii.gz").get_fdata()
by_hand = nibabel.load("after.nii.gz").get_fdata() - nibabel.load("before.nii.gz").get_fdata()
print("math_img:", np.unique(difference).tolist(), "mean", difference.mean())
print("get_fdata and minus:", np.unique(by_hand).tolist(), "mean", by_hand.mean())
scan = np.full((4, 4, 4), 20000, np.int16)
plain = nibabel.Nifti1Image(scan, np.eye(4))
scaled = nibabel.Nifti1Image(np.full(scan.shape, 40000, np.uint16), np.eye(4))
scaled.header.set_slope_inter(0.5, 0)
nibabel.save(plain, "plain.nii.gz")
nibabel.save(scaled, "scaled.nii.gz")
doubled = {}
for name in ("plain", "scaled"):
    doubled[name] = float(math_img("2 * scan", scan=f"{name}.nii.gz").get_fdata().flat[0])
    stored = nibabel.load(f"{name}.nii.gz")
    print(f"{name}: {stored.get_fdata().flat[0]:.0f}, slope {stored.dataobj.slope}, twice that: {doubled[name]:.0f}")
assert np.unique(difference).tolist() == [0, 1, 255] and by_hand.mean() == 0, "the behaviour has changed"
assert doubled["plain"] == -25536 and doubled["scaled"] == 40000, "the behaviour has changed"
PYTHON
