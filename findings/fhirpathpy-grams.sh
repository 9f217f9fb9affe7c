#!/usr/bin/env bash
# What one would expect: FHIRPath, the query language of FHIR, compares quantities by their units (UCUM). Half a gram is
# 500 mg, whichever of the two stands first. A library that cannot convert a unit says so, or gives the empty answer
# that the language has for "cannot tell".
#
# What happens: fhirpathpy converts hours, weeks, centimetres to millimetres, and grams to milligrams only from left to
# right: 0.5 g = 500 mg is true and 500 mg = 0.5 g is false. A metre is not 100 cm, a kilogram not 1000 g, a litre not
# 1000 ml, a gray not 100 cGy, 370 MBq not 0.37 GBq: each of these is a plain false, and != is true. An Observation of
# 500 mg does not equal 0.5 g, while one of 1 cm equals 10 mm. Nothing is raised.
#
# Why it matters: contrast agents, activities and doses are recorded in whichever unit a site is used to. A query for
# them works on lengths in the test, and then leaves out every patient whose site writes another prefix.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'fhirpathpy==2.2.4' 2>/dev/null
"$folder/env/bin/python" -W error - <<'PYTHON'
from importlib.metadata import version

from fhirpathpy import evaluate
from fhirpathpy.models import models

print("fhirpathpy", version("fhirpathpy"))
expected = {
    "1 'cm' = 10 'mm'": True,
    "2 'wk' = 14 'd'": True,
    "0.5 'g' = 500 'mg'": True,
    "500 'mg' = 0.5 'g'": False,
    "1 'm' = 100 'cm'": False,
    "1 'kg' = 1000 'g'": False,
    "1 'L' = 1000 'mL'": False,
    "1 'Gy' = 100 'cGy'": False,
    "370 'MBq' = 0.37 'GBq'": False,
    "370 'MBq' != 0.37 'GBq'": True,
}
for query, answer in expected.items():
    seen = evaluate({}, query, {})
    print(f"{query}: {seen}")
    assert seen == [answer], "the behaviour has changed"
for value, unit, other, answer in ((1, "cm", "10 'mm'", True), (500, "mg", "0.5 'g'", False), (500, "mg", "500 'mg'", True)):
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    seen = evaluate(
        {"resourceType": "Observation", "valueQuantity": quantity}, f"Observation.value = {other}", {}, models["r4"]
    )
    print(f"an Observation of {value} {unit}, asked for {other}: {seen}")
    assert seen == [answer], "the behaviour has changed"
PYTHON
