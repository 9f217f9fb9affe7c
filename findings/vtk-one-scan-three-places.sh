#!/usr/bin/env bash
# What one would expect: a scan is at the same place whether SimpleITK wrote it as MetaImage, NRRD or NIfTI. All three
# formats hold origin, spacing and direction, and SimpleITK reads the same place from all of them.
#
# What happens: VTK, and PyVista through it, keep origin and direction of MetaImage. Of NRRD they keep the origin and
# drop the direction: a scan whose rows run to the right and whose columns run to the front, as most of those do that
# were NIfTI once, is laid out from the same corner to the other sides. A voxel is shown 134 mm from its place. Of NIfTI
# they drop the origin too. The image has a field for the direction in all three cases, and is said to be upright.
# Nothing is raised or warned of. VTK's documentation of NIfTI says that the matrix is to be asked for separately; in
# that of NRRD there is no word of it.
#
# Why it matters: the lesion from the .nrrd of 3D Slicer and the scan from .mha are shown in one scene. They are
# mirrored against one another, and with a lesion near the middle that is not seen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'vtk==9.7.2' 'pyvista==0.49.1' 'simpleitk==2.5.7' \
  'numpy==2.4.6' 2>/dev/null
cd "$folder"
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import pyvista
import SimpleITK

print("vtk", version("vtk"), "- pyvista", version("pyvista"), "- SimpleITK", SimpleITK.Version.VersionString())
scan = np.zeros((20, 30, 30), np.int16)
scan[5, 10, 20] = 1000  # one bright voxel: slice 5, row 10, column 20
image = SimpleITK.GetImageFromArray(scan)
image.SetSpacing((3, 3, 5))
image.SetOrigin((60, 40, -100))
image.SetDirection((-1, 0, 0, 0, -1, 0, 0, 0, 1))
places = {}
for ending in ("mha", "nrrd", "nii.gz"):
    SimpleITK.WriteImage(image, f"scan.{ending}")
    again = SimpleITK.ReadImage(f"scan.{ending}")
    wanted = np.round(again.TransformIndexToPhysicalPoint((20, 10, 5)), 3).tolist()
    shown = pyvista.read(f"scan.{ending}")
    places[ending] = np.round(shown.points[int(np.argmax(shown.active_scalars))], 3).tolist()
    direction = np.diag(shown.direction_matrix).tolist()
    print(f"{ending}: SimpleITK {wanted}, PyVista {places[ending]}, direction {direction}")
    assert wanted == [0, 10, -75]
print("NRRD beside MetaImage:", round(float(np.linalg.norm(np.subtract(places["nrrd"], places["mha"]))), 1), "mm")
assert places == {"mha": [0, 10, -75], "nrrd": [120, 70, -75], "nii.gz": [60, 30, 25]}, "the behaviour has changed"
PYTHON
