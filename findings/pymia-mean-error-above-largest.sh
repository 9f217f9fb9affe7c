#!/usr/bin/env bash
# What one would expect: the mean absolute error of a reconstructed or synthetic image is at most its largest error, and
# never above the root of the mean squared error. It is the same whether the image is stored with a sign or without.
#
# What happens: pymia subtracts the images as they are. In 8 bits without a sign 10 - 11 is 255, so that an image which
# is off by 2 at most has a mean absolute error of about 100. In 16 bits it is about 26000. The root of the mean squared
# error, measured beside it, is 1.4 in every type. Stored with a sign, or as floats, MAE is 1.2. Nothing is raised or
# warned of.
#
# Why it matters: MAE is the number by which synthetic CT and denoising are compared. Models whose images are written
# without a sign look hopeless beside those that are not, with the same pixels.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps 'pymia==0.3.4' 'simpleitk==2.5.7' \
  'numpy==1.26.4' 'scipy==1.17.1' 'scikit-image==0.26.0' 'lazy_loader==0.5' 'packaging==26.0' 'networkx==3.6.1' \
  'pillow==12.3.0' 'imageio==2.37.3' 'tifffile==2026.3.3' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
from pymia.evaluation import metric

print("pymia", version("pymia"))
random = np.random.default_rng(0)
reference = random.integers(10, 200, (16, 32, 32))
prediction = reference + random.integers(-2, 3, reference.shape)
print("largest error:", abs(prediction - reference).max())
found = {}
for kind in (np.uint8, np.uint16, np.int16, np.float64):
    name = np.dtype(kind).name
    found[name] = {}
    for one in (metric.MeanAbsoluteError(), metric.RootMeanSquaredError()):
        one.reference, one.prediction = reference.astype(kind), prediction.astype(kind)
        found[name][one.metric] = round(float(one.calculate()), 4)
    print(f"{name}:", found[name])
assert found["uint8"]["MAE"] > 90 and found["uint16"]["MAE"] > 20000, "the behaviour has changed"
assert found["int16"]["MAE"] == found["float64"]["MAE"] < found["int16"]["RMSE"] < 2, "the behaviour has changed"
assert len({found[name]["RMSE"] for name in found}) == 1
PYTHON
