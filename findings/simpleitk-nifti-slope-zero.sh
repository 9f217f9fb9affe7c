#!/usr/bin/env bash
# What one would expect: a NIfTI-1 file whose scl_slope is 0 is not scaled, so that the stored values are the values:
# the format says that both scl_slope and scl_inter are to be ignored then. Files of programs that fill in the offset
# and leave the slope at its default are valid, and nibabel reads them so.
#
# What happens: SimpleITK takes the slope for 1 and adds scl_inter all the same. Where nibabel reads 0 and 1, it reads
# 10 and 11. Nothing is raised by either.
#
# Why it matters: the same volume has other numbers in two halves of one pipeline. An offset of -1024 makes soft tissue
# out of bone in one of them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'simpleitk==2.5.7' 'nibabel==5.4.2' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder/volume.nii" <<'PYTHON'
import struct
import sys

import nibabel
import numpy as np
import SimpleITK

path = sys.argv[1]
print("SimpleITK", SimpleITK.Version.VersionString(), "nibabel", nibabel.__version__)
stored = np.zeros((4, 4, 4), np.int16)
stored[3, 0, 0] = 1
nibabel.save(nibabel.Nifti1Image(stored, np.eye(4)), path)
with open(path, "r+b") as file:  # scl_slope and scl_inter are at bytes 112 and 116 of the header
    file.seek(112)
    file.write(struct.pack("<ff", 0.0, 10.0))

by_nibabel = nibabel.load(path).get_fdata()
by_simpleitk = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(path))
print("nibabel:", sorted(set(by_nibabel.ravel().tolist())))
print("SimpleITK:", sorted(set(by_simpleitk.ravel().tolist())))
assert set(by_nibabel.ravel().tolist()) == {0, 1}
assert set(by_simpleitk.ravel().tolist()) == {10, 11}
PYTHON
