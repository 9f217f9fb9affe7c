#!/usr/bin/env bash
# What one would expect: a CT of whole numbers times 0.5 is half as bright, as in NumPy; or, if the result must stay
# whole, it is rounded; or it is an error.
#
# What happens: SimpleITK makes the number whole before it reckons, not the result after. `image * 0.5` is an image
# of zeros, `image * 1.5` is the image as it was. Division does give an image of floats, and yet `image / 2.5` is the
# image divided by 2. Floats as pixels give the numbers one expects. Nothing is raised and nothing warns.
#
# Why it matters: blending two scans half and half, a dose factor, a unit factor: all of them are fractions on whole
# numbers. A factor of 1.5 that does nothing and a division by 2.5 that is one by 2 pass for results.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'simpleitk==2.5.7' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import SimpleITK

print("SimpleITK", SimpleITK.Version.VersionString())
scan = SimpleITK.GetImageFromArray(np.array([[100, -1000]], np.int16))
same = SimpleITK.Cast(scan, SimpleITK.sitkFloat32)
seen, right = {}, {}
for name in ("* 0.5", "* 1.5", "+ 0.5", "/ 2.5"):
    factor = float(name[2:])
    results = []
    for image in (scan, same):
        result = {"*": image * factor, "+": image + factor, "/": image / factor}[name[0]]
        results.append(SimpleITK.GetArrayFromImage(result).ravel().tolist())
    seen[name], right[name] = results
    print(f"[100, -1000] {name}: as whole numbers {seen[name]}, as floats {right[name]}")
wrong = {"* 0.5": [0, 0], "* 1.5": [100, -1000], "+ 0.5": [100, -1000], "/ 2.5": [50.0, -500.0]}
assert seen == wrong, "the behaviour has changed"
PYTHON
