#!/usr/bin/env bash
# What one would expect: `confidenceinterval.recall_score` is scikit-learn's `recall_score` with an interval, as its
# name and its arguments say, so with two kinds of case it is the sensitivity.
#
# What happens: without `average` it takes the mean over all cases of both kinds ("micro"), which is the accuracy. So
# do `precision_score` and `f1_score`: all three give the same number. A reader who finds 2 of 10 cancers among 100
# pictures has a recall of 0.92, with an interval from 0.87 to 0.97. `tpr_score` gives 0.2.
#
# Why it matters: where disease is rare, a test that misses it is reported as sensitive, with an interval that makes the
# number look careful.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  'confidenceinterval==1.0.5' 'numpy==2.4.6' 'scipy==1.17.1' 'scikit-learn==1.9.1' 'statsmodels==0.14.6' \
  'pandas==3.0.3' 'joblib==1.5.3' 'threadpoolctl==3.6.0' 'packaging==26.0' 'patsy==1.0.2' 'narwhals==2.15.0' \
  'python-dateutil==2.9.0.post0' 'six==1.17.0' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import confidenceinterval
from sklearn.metrics import recall_score

disease = [1] * 10 + [0] * 90
called = [1] * 2 + [0] * 98
print("confidenceinterval", version("confidenceinterval"), "- scikit-learn", version("scikit-learn"))
values = {}
for name in ("recall_score", "precision_score", "f1_score", "tpr_score"):
    value, (low, high) = getattr(confidenceinterval, name)(disease, called)
    values[name] = round(float(value), 2)
    print(f"{name}: {value:.2f}, 95 % interval {low:.2f} to {high:.2f}")
print("scikit-learn's recall_score:", recall_score(disease, called))
assert values == {"recall_score": 0.92, "precision_score": 0.92, "f1_score": 0.92, "tpr_score": 0.2}
assert recall_score(disease, called) == 0.2
PYTHON
