#!/usr/bin/env bash
# What one would expect: a library that finds quantities in English text reads "12 lymph nodes" as twelve of something,
# "3 cysts" likewise, and "a nodule of 5 x 3 mm" as 5 and 3 millimetres.
#
# What happens: quantulum3 puts words that it does not know together from the signs of units. Lymph is "ly" times "mph"
# to it, so the nodes are 12 light-year miles per hour; three cysts are 3 "speed of light year stere second"; BI-RADS 4 c
# is four times the speed of light, and grade 3 a is three years. Two moles on the back are an amount of substance, a
# second opinion a second of arc, and of 5 x 3 mm the 5 has no unit. "Third degree burns" measure a third of a degree.
# No other word for a lesion that was tried here (nodules, polyps, naevi, papules) is taken for a unit. It runs without
# its optional classifier, about which it warns; that one picks among units that it knows.
#
# Why it matters: counts of nodes and sizes are what is read out of reports for staging and follow-up. A filter on "has
# no unit" loses just the lymph nodes and the cysts, and a filter on millimetres one of the two sides of a nodule.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'quantulum3==0.10.0' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

from quantulum3 import parser

print("quantulum3", version("quantulum3"))
expected = {
    "12 lymph nodes": [(12.0, "light-year mile per hour")],
    "3 cysts": [(3.0, "speed of light year stere second")],
    "BI-RADS 4 c": [(4.0, "speed of light")],
    "grade 3 a": [(3.0, "year")],
    "2 moles on the back": [(2.0, "mole")],
    "1 second opinion": [(1.0, "second of arc")],
    "third degree burns": [(1 / 3, "degree angle")],
    "a nodule of 5 x 3 mm": [(5.0, "dimensionless"), (3.0, "millimetre")],
    "3 nodules": [(3.0, "dimensionless")],
    "2 polyps": [(2.0, "dimensionless")],
    "3 naevi": [(3.0, "dimensionless")],
    "5 papules": [(5.0, "dimensionless")],
}
for text, quantities in expected.items():
    seen = [(found.value, found.unit.name) for found in parser.parse(text)]
    print(f"{text}: {', '.join(f'{value:g} {unit}' for value, unit in seen)}")
    assert seen == quantities, "the behaviour has changed"
PYTHON
