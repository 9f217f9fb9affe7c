#!/usr/bin/env bash
# What one would expect: weighted kappa of two readers does not depend on whether the weights run from 0 to 1 or from 0
# to 4, since observed and expected disagreement are divided by the same largest distance. NLTK, which has the widest
# choice of agreement coefficients in Python, takes the largest distance as an argument (max_distance).
#
# What happens: it divides the expected disagreement by it and not the observed one. With five grades, ten cases and
# three disagreements by a single grade, linear kappa is 0.81 in scikit-learn and in NLTK as long as max_distance is
# left alone. With the right one, 4, it is 0.26, and quadratic kappa with 16 is -0.17 in place of 0.93: two readers who
# nearly always agree do worse than chance. Do_Kw, the observed disagreement by itself, does divide. Distances that are
# divided beforehand give 0.81 and 0.93 again. Nothing is raised, and the documentation of the call is "Cohen 1968".
#
# Why it matters: agreement of readers is what a teaching case or a set of labels is judged by. The careful user who
# names the range of the grades is the one who gets the wrong number, and reports that the grading cannot be learned.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'nltk==3.10.4' 'scikit-learn==1.9.1' 'numpy==2.4.6' \
  'scipy==1.17.1' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score

print("nltk", version("nltk"), "- scikit-learn", version("scikit-learn"))
first = [0, 1, 2, 3, 4, 1, 2, 0, 4, 3]
second = [0, 1, 2, 4, 4, 1, 1, 0, 3, 3]
readings = [(name, case, grade) for name, grades in (("A", first), ("B", second)) for case, grade in enumerate(grades)]
found = {}
for weights, power in (("linear", 1), ("quadratic", 2)):
    largest = 4**power
    task = AnnotationTask(readings, distance=lambda one, other: abs(one - other) ** power)
    divided = AnnotationTask(readings, distance=lambda one, other: abs(one - other) ** power / largest)
    found[weights] = [
        round(float(kappa), 2)
        for kappa in (
            cohen_kappa_score(first, second, weights=weights), task.weighted_kappa(),
            task.weighted_kappa(max_distance=largest), divided.weighted_kappa(),
        )
    ]
    other, plain, with_range, beforehand = found[weights]
    print(f"{weights}: scikit-learn {other}, NLTK {plain}, with max_distance={largest} {with_range}, ", end="")
    print(f"distances divided beforehand {beforehand}; Do_Kw {task.Do_Kw():.3f} and {task.Do_Kw(largest):.3f}")
assert found["linear"] == [0.81, 0.81, 0.26, 0.81], "the behaviour has changed"
assert found["quadratic"] == [0.93, 0.93, -0.17, 0.93], "the behaviour has changed"
PYTHON
