#!/usr/bin/env bash
# What one would expect: smoothing a CT that is all air, -1000 HU, gives air. Smoothing is a mean of neighbours, and all
# of them are alike. SciPy and scikit-image have it so, and so has TorchIO.
#
# What happens: MONAI's GaussianSmooth goes on with zeros beyond the edge, and 0 HU is water. With a sigma of 2 the
# corner of the picture is -358 HU, the edge -599, and the rim is five pixels wide. GaussianSharpen makes -4188 of the
# corner, lighter than nothing. MedianSmooth of the same library leaves air alone. There is no argument for the edge,
# and the documentation does not name it. Nothing warns.
#
# Why it matters: these are steps of training pipelines for CT, where patches are cut through lung and liver. Every
# patch gets a rim of some other tissue on all its sides, and a network that is trained on smoothed patches meets it
# nowhere in use.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'monai==1.6.1' 'torch==2.13.0' \
  'scipy==1.17.1' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import torch
from monai.transforms import GaussianSharpen, GaussianSmooth, MedianSmooth
from scipy import ndimage

print("MONAI", version("monai"), "SciPy", version("scipy"))
air = np.full((32, 32), -1000, np.float32)
seen = {"SciPy": ndimage.gaussian_filter(air, 2)}
for name, step in (("smooth", GaussianSmooth(2)), ("sharpen", GaussianSharpen()), ("median", MedianSmooth(2))):
    seen[name] = np.asarray(step(torch.tensor(air[None])))[0]
for name, picture in seen.items():
    print(f"{name}: corner {picture[0, 0]:.0f}, edge {picture[0, 16]:.0f}, middle {picture[16, 16]:.0f}", end="; ")
    print(f"{(abs(picture + 1000) > 5).mean():.0%} of the picture out by more than 5 HU")
assert (seen["SciPy"] == -1000).all() and (seen["median"] == -1000).all()
assert -370 < seen["smooth"][0, 0] < -350 and -610 < seen["smooth"][0, 16] < -590, "the behaviour has changed"
assert seen["sharpen"][0, 0] < -4000, "the behaviour has changed"
assert abs(seen["smooth"][16, 16] + 1000) < 1
PYTHON
