#!/usr/bin/env bash
# What one would expect: two readers grade some cases, and other cases have been read by nobody yet. The unread
# ones are marked as missing (NaN), and an agreement coefficient says nothing about them.
#
# What happens: statsmodels turns NaN into one more grade when it counts the raters of each case. A case that
# neither has read becomes a case on which both agree, and Fleiss' kappa climbs with every one of them: from -0.03
# to 0.60 here. krippendorff leaves NaN out, but when the grades are words the empty text is a grade to it, too, and
# nothing warns; the same readings in numbers give -0.25 in place of 0.44.
#
# Why it matters: reading lists are usually half done. The readers seem to agree the better the less they have read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'statsmodels==0.15.0' 'krippendorff==0.9.0' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import krippendorff
import numpy as np
import statsmodels
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

print("statsmodels", statsmodels.__version__)
graded = np.array([[0, 0], [1, 1], [0, 1], [1, 0], [0, 0], [1, 0]], float)
kappas = []
for unread in (0, 2, 6):
    table, grades = aggregate_raters(np.vstack([graded, np.full((unread, 2), np.nan)]))
    kappas.append(round(float(fleiss_kappa(table)), 2))
    print(f"{unread} unread cases: grades {grades.tolist()}, kappa {kappas[-1]}")

words = np.array([["mild", "mild", "severe", "", ""], ["severe", "mild", "mild", "", ""]])
numbers = np.where(words == "", np.nan, (words == "severe").astype(float))
alphas = [round(float(krippendorff.alpha(given, level_of_measurement="nominal")), 2) for given in (words, numbers)]
print("krippendorff 0.9.0: alpha of words with empty texts", alphas[0], "- of numbers with NaN", alphas[1])
assert kappas == [-0.03, 0.42, 0.6], "the behaviour has changed"
assert alphas == [0.44, -0.25], "the behaviour has changed"
PYTHON
