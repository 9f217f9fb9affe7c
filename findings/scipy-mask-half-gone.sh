#!/usr/bin/env bash
# What one would expect: the mask of a lesion, an array of yes and no, that is turned or enlarged by scipy.ndimage keeps
# its area, give or take the edge, as the same mask in numbers does; or scipy says that it cannot do it for yes and no.
#
# What happens: the spline gives numbers such as 0.9999999999, and for an array of bool scipy cuts off what is behind
# the point instead of rounding, so a hair below 1 is "no". With the default order of 3 half of the mask is gone after
# a turn by 10 degrees, speckled all over its inside; after a zoom by 2, too. With order=1 the edge is eaten away and
# some specks are missing. In whole numbers the same mask is rounded and right. Nothing is raised and nothing warns.
#
# Why it matters: masks are turned and brought to the size of their image in every augmentation and every overlay. The
# area of a lesion is then half of what was drawn, and each overlap that is computed from it is wrong with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'scipy==1.17.1' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import scipy
from scipy import ndimage

print("scipy", scipy.__version__, "numpy", np.__version__)
y, x = np.mgrid[:64, :64]
lesion = (y - 32) ** 2 + (x - 32) ** 2 < 20**2
inside = ndimage.binary_erosion(lesion, iterations=4)
print("lesion:", int(lesion.sum()), "pixels")

left, holes = {}, {}
for order in (0, 1, 3):
    for kind in (bool, np.uint8):
        turned = ndimage.rotate(lesion.astype(kind), 10, reshape=False, order=order)
        larger = ndimage.zoom(lesion.astype(kind), 2, order=order)
        left[order, kind] = (turned.sum() / lesion.sum(), larger.sum() / 4 / lesion.sum())
        holes[order, kind] = float((turned[inside] == 0).mean())
        shares = " and ".join(f"{share:.0%}" for share in left[order, kind])
        print(f"order {order}, {kind.__name__}: {shares} of it left by turning and by zooming,", end=" ")
        print(f"{holes[order, kind]:.0%} of the inside are holes")
assert all(abs(share - 1) < 0.02 for key in left for share in left[key] if key[0] == 0 or key[1] is np.uint8)
assert all(share < 0.6 for share in left[3, bool]) and holes[3, bool] > 0.3, "the behaviour has changed"
assert all(share < 0.95 for share in left[1, bool]) and holes[1, bool] < 0.02, "the behaviour has changed"
PYTHON
