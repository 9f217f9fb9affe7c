#!/usr/bin/env bash
# What one would expect: nilearn's swap_img_hemispheres mirrors a region to the other half of the brain. The halves meet
# at x = 0 of the space that the image says it is in, so what is 14 mm to the left comes to lie 14 mm to the right.
#
# What happens: it turns the order of the slices round and leaves the place of the image, so it mirrors about the middle
# of the picture. Where that is x = 0 all is well, as in the templates that nilearn brings. In an image that was cut or
# padded to one side, -14 mm becomes 16 or 34. The documentation says that the image is taken to be aligned sagittally,
# which it is, and "that this does not require a change of the affine matrix". FSL's own template of 1 mm, 182 voxels
# from 90 mm on, is off by 1 mm. Nothing is raised or warned of.
#
# Why it matters: a lesion is compared with the same place on the healthy side, in stroke and in epilepsy. The place
# that is measured is 20 mm beside it, perhaps in the ventricle, and the difference of the sides is large in everyone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'nilearn==0.14.1' 'nibabel==5.4.2' 'numpy==2.4.6' \
  'scipy==1.17.1' 'pandas==3.0.3' 'scikit-learn==1.9.1' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import nibabel
import numpy as np
from nilearn.image import swap_img_hemispheres

print("nilearn", version("nilearn"), "- nibabel", version("nibabel"))


def place(image: nibabel.Nifti1Image) -> float:
    """Where the one marked voxel is from left to right, in mm."""
    voxel = np.argwhere(image.get_fdata() == 1)[0]
    return float(nibabel.affines.apply_affine(image.affine, voxel)[0])


grids = {  # voxels from left to right, their size, the place of the first, the voxel that is marked
    "as FSL's 2 mm": (91, 2, -90, 38), "as FSL's 1 mm": (182, 1, -91, 77),
    "cut on the left by 20 mm": (81, 2, -70, 28), "one voxel more on the right": (92, 2, -90, 38),
}
found = {}
for name, (across, size, first, marked) in grids.items():
    data = np.zeros((across, 8, 8), np.float32)
    data[marked, 4, 4] = 1
    affine = np.diag([size, size, size, 1.0])
    affine[0, 3] = first
    image = nibabel.Nifti1Image(data, affine)
    found[name] = (place(image), place(swap_img_hemispheres(image)))
    print(f"{name}: {found[name][0]:.0f} mm becomes {found[name][1]:.0f} mm")
assert [before for before, _ in found.values()] == [-14] * 4
assert [after for _, after in found.values()] == [14, 13, 34, 16], "the behaviour has changed"
PYTHON
