#!/usr/bin/env bash
# What one would expect: a CT in Hounsfield units, 16 bits with a sign as every reader gives it, handed over to ANTs as
# an array (`ants.from_numpy`) or as an image of SimpleITK (`ants.from_sitk`), keeps its values, or is refused.
#
# What happens: ANTsPy makes unsigned numbers of it and wraps round: air of -1000 HU becomes 4294966296 and fat of -100
# becomes 4294967196, above any metal; water and bone stay right. So it goes with 8, 32 and 64 bits with a sign, with
# new_image_like, and with an image of small whole numbers times -1. Floats stay, and so does the same CT read from its
# file by ANTs, which makes floats of it. Nothing is raised and nothing warns.
#
# Why it matters: air is half of a scan. Its mean, a threshold for lung or bone and a registration by intensities then
# go by four thousand million, and written to a file the values are lost for everybody after.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'antspyx==0.6.3' 'simpleitk==2.5.7' 'numpy==2.3.5' 2>/dev/null
"$folder/env/bin/python" -W error::UserWarning - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import ants
import numpy as np
import SimpleITK

print("ANTsPy", ants.__version__, "SimpleITK", SimpleITK.Version.VersionString())
path = str(Path(sys.argv[1]) / "ct.nii.gz")
ct = np.array([-1000, -100, 0, 40, 1200], np.int16).repeat(64).reshape(5, 8, 8)
SimpleITK.WriteImage(SimpleITK.GetImageFromArray(ct.transpose(2, 1, 0)), path)
read = ants.image_read(path)
images = {
    "read from the file": read,
    "from_numpy, floats": ants.from_numpy(ct.astype(np.float32)),
    "from_numpy": ants.from_numpy(ct),
    "from_numpy, 64 bits": ants.from_numpy(ct.astype(np.int64)),
    "from_sitk": ants.from_sitk(SimpleITK.ReadImage(path)),
    "new_image_like": read.new_image_like(ct),
}
for way, image in images.items():
    values = image.numpy()[:, 0, 0].tolist()
    print(f"{way}: {image.pixeltype}, {values}, above 1500 HU: {int((image.numpy() > 1500).sum())} of {ct.size}")
    whole = way not in ("read from the file", "from_numpy, floats")
    wanted = [4294966296, 4294967196, 0, 40, 1200] if whole else [-1000.0, -100.0, 0.0, 40.0, 1200.0]
    assert values == wanted, "the behaviour has changed"
PYTHON
