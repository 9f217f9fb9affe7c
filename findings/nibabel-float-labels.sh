#!/usr/bin/env bash
# What one would expect: a segmentation whose labels are whole numbers, held as floats, is asked to be stored as
# 8- or 16-bit integers (`set_data_dtype`), and reads back with the same whole numbers, which fit the type easily.
#
# What happens: nibabel takes the type as a budget of steps and stretches the range of the data over all of it,
# with a slope and an intercept in the header. Labels 0, 1, 2, 7 come back from 16 bits as 0, 0.99998, 1.99997, 7,
# and from 8 bits as 0, 0.988, 2.004, 7; the voxels on disk are -32768 and the like. `== 1` finds no voxel. An
# array of integers is stored as it is, so the fault comes and goes with the type of the array.
#
# Why it matters: masks are floats after any resampling or model. A volume counted by `mask == 2` is then zero, and
# readers that ignore the slope see labels that do not exist.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'nibabel==5.4.2' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import nibabel
import numpy as np

path = Path(sys.argv[1]) / "labels.nii"
labels = np.array([0, 1, 2, 7]).reshape(2, 2, 1)
print("nibabel", nibabel.__version__)
found = {}
for held in (np.float64, np.int64):
    for asked in (np.int16, np.uint8):
        image = nibabel.Nifti1Image(labels.astype(held), np.eye(4), dtype=asked)
        nibabel.save(image, path)
        again = nibabel.load(path)
        back = again.get_fdata()
        found[held.__name__, asked.__name__] = int((back == labels).sum())
        stored = again.dataobj.get_unscaled().ravel().tolist()
        print(f"{held.__name__} as {asked.__name__}: {back.ravel().round(5).tolist()}, on disk {stored}")
print("labels that are equal, of 4:", found)
assert found["float64", "int16"] < 4 and found["float64", "uint8"] < 4, "the behaviour has changed"
assert found["int64", "int16"] == 4 and found["int64", "uint8"] == 4, "the behaviour has changed"
PYTHON
