#!/usr/bin/env bash
# What one would expect: of the cases of an examination, the one that every reader got right is the easiest, whichever
# model of item response theory is fitted.
#
# What happens: girth's two-parameter model has nothing to fit there, ends at its bounds (a difficulty of 6 with a
# discrimination of 0.2), and so puts the case that all got right beside the one that nobody did, at the hard end. The
# one-parameter model of the same package puts them at -6 and 6. Nothing is raised or said.
#
# Why it matters: a list of the hardest cases of a class begins with the easiest one, and a teacher goes through it
# again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'girth==0.8.0' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import girth
import numpy as np

readers = 20
right = np.array([
    [1] * readers,  # every reader was right
    [1] * 10 + [0] * 10,
    [0] * readers,  # no reader was
    [1] * 15 + [0] * 5,
    [0, 1] * 10,
    [1, 0, 0, 1] * 5,
])
print("girth", version("girth"), "- numpy", version("numpy"))
one = girth.rasch_mml(right)["Difficulty"]
two = girth.twopl_mml(right)
print("all right, none right; one parameter:", one[[0, 2]].round(1))
print("all right, none right; two parameters:", two["Difficulty"][[0, 2]].round(1))
assert one[0] < -5.9 and one[2] > 5.9
assert two["Difficulty"][0] > 5.9 and two["Difficulty"][2] > 5.9
PYTHON
