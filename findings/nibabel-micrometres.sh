#!/usr/bin/env bash
# What one would expect: a NIfTI file says in its header whether its lengths are metres, millimetres or
# micrometres (`xyzt_units`), and two readers give the same spacing for it.
#
# What happens: SimpleITK turns them into millimetres; nibabel hands the bare numbers out, in `get_zooms` and in the
# affine, and `mask_volume`, which promises mm^3, goes by them. A voxel of 500 micrometres has an edge of 0.5 in one
# and of 500 in the other.
#
# Why it matters: small-animal and microscopy volumes come in micrometres. A lesion of 1 mm^3 becomes one of a
# thousand million, from a call that is documented in mm^3.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'nibabel==5.4.2' 'simpleitk==2.5.7' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK
from nibabel.imagestats import mask_volume

path = Path(sys.argv[1]) / "lengths.nii"
print("nibabel", nibabel.__version__, "SimpleITK", SimpleITK.Version.VersionString())
seen = {}
for unit, edge in (("mm", 0.5), ("micron", 500.0), ("meter", 0.0005)):
    image = nibabel.Nifti1Image(np.ones((2, 2, 2), np.uint8), np.diag([edge, edge, edge, 1.0]))
    image.header.set_xyzt_units(unit)
    nibabel.save(image, path)
    again = nibabel.load(path)
    other = SimpleITK.ReadImage(str(path)).GetSpacing()[0]
    seen[unit] = (round(float(again.header.get_zooms()[0]), 6), round(other, 6))
    volume = mask_volume(again)
    print(f"{edge} {unit}: nibabel {seen[unit][0]}, SimpleITK {seen[unit][1]}, mask_volume {volume:.3g} mm^3")
assert seen == {"mm": (0.5, 0.5), "micron": (500.0, 0.5), "meter": (0.0005, 0.5)}, "the behaviour has changed"
PYTHON
