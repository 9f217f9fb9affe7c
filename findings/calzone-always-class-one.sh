#!/usr/bin/env bash
# What one would expect: calzone (made at the FDA to judge the probabilities that medical models give) is asked about one
# class of three by `class_to_calculate`, "the class index to calculate the metrics for", and all its figures are of
# that class. A slope of 1 in Cox's analysis means that the probabilities are right.
#
# What happens: Cox's slope, its intercept and their intervals are those of class 1, whichever class was asked for, while
# the other metrics of the same table are of the right one. A model that is right on class 1 and gives "malignant"
# (class 2) far too sure has a slope of 1.0 for it; it is 0.3 by a logistic regression. The function for the analysis
# by itself (cox_regression_analysis) takes the cases of the class that was asked for and the probabilities of class 1:
# for a class whose probabilities are perfect it finds a slope of -0.4. Nothing is raised or warned of.
#
# Why it matters: the class that a study is about need not be number 1 of several. That a model is too sure of cancer, a
# fault that the slope is made to show, is printed as "well calibrated" with a narrow interval.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  'calzone-tool==0.1.0' 'numpy==2.4.6' 'scipy==1.17.1' 'statsmodels==0.14.6' 'pandas==3.0.3' 'patsy==1.0.2' \
  'packaging==26.0' 'python-dateutil==2.9.0.post0' 'six==1.17.0' 'matplotlib==3.11.0' 'contourpy==1.3.3' \
  'cycler==0.12.1' 'kiwisolver==1.5.0' 'fonttools==4.63.0' 'pyparsing==3.3.2' 'pillow==12.3.0' \
  'scikit-learn==1.9.1' 'joblib==1.5.3' 'threadpoolctl==3.6.0' 'narwhals==2.15.0' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import statsmodels.api as sm
from calzone.metrics import CalibrationMetrics, cox_regression_analysis

print("calzone", version("calzone-tool"), "- statsmodels", version("statsmodels"))
chance = np.random.default_rng(0)
right = chance.dirichlet([1, 1, 1], 4000)
truth = np.array([chance.choice(3, p=row) for row in right])
share = right[:, 2] / (right[:, 0] + right[:, 2])
odds = (share / (1 - share)) ** 4
too_sure = right.copy()
too_sure[:, 2] = (1 - right[:, 1]) * odds / (1 + odds)
too_sure[:, 0] = np.clip(1 - right[:, 1] - too_sure[:, 2], 0, 1)


def by_formula(given: np.ndarray, kind: int) -> float:
    """The slope of a logistic regression of "is it this class" on the log odds that the model gives it."""
    given = np.clip(given[:, kind], 1e-7, 1 - 1e-7)
    fit = sm.Logit((truth == kind).astype(int), sm.add_constant(np.log(given / (1 - given)))).fit(disp=0)
    return float(fit.params[1])


table, alone, formula = [], [], []
for kind in range(3):
    figures = CalibrationMetrics(class_to_calculate=kind).calculate_metrics(
        truth, too_sure, metrics=["COX", "ECE-C"]
    )
    low, high = (float(figures[f"COX coef {end}ci"]) for end in ("lower", "upper"))
    table.append(float(figures["COX coef"]))
    alone.append(float(cox_regression_analysis(truth, right, class_to_calculate=kind)[0]))
    formula.append(by_formula(too_sure, kind))
    print(f"class {kind}: Cox slope {table[kind]:.2f} ({low:.2f} to {high:.2f}), by formula {formula[kind]:.2f},", end=" ")
    print(f"expected calibration error {figures['ECE-C']:.2f};", end=" ")
    print(f"right probabilities: function alone {alone[kind]:.2f}, by formula {by_formula(right, kind):.2f}")
assert table[0] == table[1] == table[2] and 0.9 < table[2] < 1.1, "the behaviour has changed"
assert formula[2] < 0.5 and 0.9 < formula[1] < 1.1
assert alone[0] < 0 and alone[2] < 0 and 0.9 < by_formula(right, 2) < 1.1, "the behaviour has changed"
PYTHON
