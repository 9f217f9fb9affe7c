#!/usr/bin/env bash
# What one would expect: a NIfTI file that carries two transforms, the scanner's (qform, code 1) and the one to another
# scan after registration (sform, code 2, "aligned"), lies at one place for two readers, or one of them says that there
# are two. `set_sform(found, code="aligned")` of nibabel writes such a file, and leaves the qform as it was.
#
# What happens: nibabel puts the volume where the sform says, SimpleITK where the qform says. It takes the sform only if
# its code is 1, or if there is no qform; the codes 2 to 5 lose. So the same registration, stored with code 1 or with
# code 2, is followed or thrown away. Neither reader says that there are two transforms.
#
# Why it matters: a mask drawn in one program lies beside the lesion in the other, by exactly the motion between the two
# scans that the registration had found. All the values are right, and only their places are not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'simpleitk==2.5.7' 'nibabel==5.4.2' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK

path = Path(sys.argv[1]) / "scan.nii"
print("SimpleITK", SimpleITK.Version.VersionString(), "nibabel", nibabel.__version__)
scanner, registered = np.eye(4), np.eye(4)
registered[:3, 3] = 12, -7, 4  # mm
seen = {}
for code in ("scanner", "aligned", "talairach", "mni"):
    scan = nibabel.Nifti1Image(np.zeros((4, 4, 4), np.int16), scanner)
    scan.set_qform(scanner, code="scanner")
    scan.set_sform(registered, code=code)
    nibabel.save(scan, path)
    by_nibabel = nibabel.load(path).affine[:3, 3].tolist()
    x, y, z = SimpleITK.ReadImage(str(path)).GetOrigin()
    seen[code] = (by_nibabel, [-x + 0.0, -y + 0.0, z])  # SimpleITK counts to the left and to the back
    print(f"sform {code!r}: first voxel by nibabel at {seen[code][0]}, by SimpleITK at {seen[code][1]}")
assert all(by_nibabel == [12, -7, 4] for by_nibabel, _ in seen.values())
assert seen["scanner"][1] == [12, -7, 4], "the behaviour has changed"
assert all(seen[code][1] == [0, 0, 0] for code in ("aligned", "talairach", "mni")), "the behaviour has changed"
PYTHON
