#!/usr/bin/env bash
# What one would expect: a volume in Analyze 7.5, the format before NIfTI (.hdr and .img, orientation 0, "transverse
# unflipped"), lies in the patient alike for two readers, or one of them says that it cannot tell.
#
# What happens: both take the columns from right to left and the slices from feet to head. The rows run from back to
# front for nibabel and from front to back for SimpleITK. What is at the front of the patient in one is at the back in
# the other: one of the two volumes is a mirror image, which no turning brings into the other. The voxels are the same.
# SimpleITK puts the first voxel at 0, nibabel the middle one. On its way the one says that the format is deprecated,
# the other nothing. The same volume as NIfTI lies alike in both.
#
# Why it matters: atlases and collections of MR from before 2005 are in this format. Laid over one another by their
# coordinates, a scan and its mask are front to back; and if somebody mends that by a turn, left is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'nibabel==5.4.2' 'simpleitk==2.5.7' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" -W ignore - "$folder" 2>/dev/null <<'PYTHON'
import sys
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK

folder = Path(sys.argv[1])
print("nibabel", nibabel.__version__, "SimpleITK", SimpleITK.Version.VersionString())
voxels = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
analyze = nibabel.AnalyzeImage(voxels, np.diag([-1.0, 2, 3, 1]))
analyze.to_filename(folder / "scan.img")
assert (folder / "scan.hdr").read_bytes()[252] == 0, "orientation 0, transverse unflipped"
nibabel.Nifti1Image(voxels, np.diag([-1.0, 2, 3, 1])).to_filename(folder / "scan.nii")
seen = {}
for name in ("scan.nii", "scan.img"):
    one = nibabel.load(folder / name)
    other = SimpleITK.ReadImage(str(folder / name))
    assert (np.asarray(one.dataobj) == SimpleITK.GetArrayFromImage(other).T).all()
    # the patient's left, back and head are positive in ITK; right, front and head in nibabel's words are turned to that
    axes = np.diag([-1.0, -1, 1])
    ours = axes @ one.affine[:3, :3]
    theirs = np.reshape(other.GetDirection(), (3, 3)) @ np.diag(other.GetSpacing())
    seen[name] = ours.diagonal().tolist(), theirs.diagonal().tolist()
    print(f"{name}: steps to the left, back and head: nibabel {seen[name][0]}, SimpleITK {seen[name][1]}")
assert seen["scan.nii"] == ([1.0, -2.0, 3.0], [1.0, -2.0, 3.0])
assert seen["scan.img"] == ([1.0, -2.0, 3.0], [1.0, 2.0, 3.0]), "the behaviour has changed"
PYTHON
