#!/usr/bin/env bash
# What one would expect: a reader who gave no grade is left out of Krippendorff's alpha, which is made for missing
# values. In a table of words an empty cell is read as an empty text.
#
# What happens: among numbers NaN is missing, and among words only the text "nan" is. An empty text is a grade like
# any other, so two readers who both left a case out agree on it, and alpha rises: from 0.44 to 0.67 with three cases
# read and one left out by both.
#
# Why it matters: in a class that leaves the hard cases blank, readers seem to agree the more the less they read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'krippendorff==0.9.0' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
from importlib.metadata import version

import krippendorff
import numpy as np


def alpha(blank):
    grades = [["benign", "malignant", blank, "benign"], ["benign", "malignant", blank, "malignant"]]
    return krippendorff.alpha(reliability_data=grades, level_of_measurement="nominal")


print("krippendorff", version("krippendorff"))
numbers = [[1, 2, np.nan, 1], [1, 2, np.nan, 2]]
missing = krippendorff.alpha(reliability_data=numbers, level_of_measurement="nominal")
print(f"numbers, NaN: {missing:.3f}; words, 'nan': {alpha('nan'):.3f}; words, '': {alpha(''):.3f}")
assert round(missing, 3) == round(alpha("nan"), 3) == 0.444
assert round(alpha(""), 3) == 0.667
PYTHON
