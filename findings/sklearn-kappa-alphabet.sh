#!/usr/bin/env bash
# What one would expect: weighted kappa punishes a reader more for grades that lie further apart. "None" against
# "severe" costs more than "mild" against "moderate", and BI-RADS 2 against 5 more than 2 against 3.
#
# What happens: scikit-learn sorts the grades that occur and counts places in that list. Words come in the order of
# the alphabet (mild, moderate, none, severe), so none against moderate is one step. Numbers lose their gaps: if
# nobody gave a 3 or a 4, then 2 against 5 is one step as well, and kappa stays the same to the last digit when each
# 5 is a 3. The order has to be given as `labels`; without it nothing warns.
#
# Why it matters: ordinal grades are what radiology readers give, as words in most tables, and the weighted kappa is
# what papers report. Here it comes out at half its value, 0.20 for 0.40, and looks quite usual.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'scikit-learn==1.9.1' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import sklearn
from sklearn.metrics import cohen_kappa_score

print("scikit-learn", sklearn.__version__)
order = ["none", "mild", "moderate", "severe"]
first = ["none", "mild", "moderate", "severe", "none", "mild", "moderate", "severe"]
second = ["mild", "mild", "severe", "severe", "none", "moderate", "none", "moderate"]
plain = float(cohen_kappa_score(first, second, weights="linear"))
ordered = float(cohen_kappa_score(first, second, weights="linear", labels=order))
print(f"words: linear kappa {plain:.2f}, with the order given {ordered:.2f}")

one, other = [1, 2, 2, 5, 5, 1, 2], [1, 2, 5, 5, 5, 2, 1]
gaps = float(cohen_kappa_score(one, other, weights="quadratic"))
whole = float(cohen_kappa_score(one, other, weights="quadratic", labels=[1, 2, 3, 4, 5]))
swapped = ([3 if grade == 5 else grade for grade in readings] for readings in (one, other))
renamed = float(cohen_kappa_score(*swapped, weights="quadratic"))
print(f"BI-RADS 1, 2 and 5: quadratic kappa {gaps:.3f}, with all five grades {whole:.3f}, with 3 for 5 {renamed:.3f}")
assert (round(plain, 2), round(ordered, 2)) == (0.2, 0.4), "the behaviour has changed"
assert gaps == renamed != whole, "the behaviour has changed"
PYTHON
