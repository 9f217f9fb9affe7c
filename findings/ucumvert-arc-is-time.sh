#!/usr/bin/env bash
# What one would expect: UCUM, the code of units that DICOM and FHIR use, writes ' and '' for minutes and seconds of arc,
# [Cal] for the Calorie of food labels (1000 calories), and marks units such as [hnsf'U] (Hounsfield) and [iU]
# (international units) as arbitrary: they cannot be compared with one another. ucumvert, which reads UCUM for Pint with
# the official table inside, gives these quantities or refuses them.
#
# What happens: 30' is half an hour. It converts to 1800 s, and to degrees it does not convert at all. A [Cal] is one
# calorie, a thousandth of what it should be. 40 [hnsf'U] equal 40 [iU], 40 colonies ([CFU]) and 4000 %. Nothing is
# raised. Other units of medicine (RAD, REM, Ci, mm[Hg], [diop], [drp]) are right.
#
# Why it matters: what an eye can just tell apart is given in minutes of arc, and becomes a duration. A
# check that a measurement "has the unit that was asked for" lets a dose of heparin pass for a density of tissue.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  'ucumvert==0.3.2' 'pint==0.25.3' 'lark==1.3.1' 'flexcache==0.3' 'flexparser==0.4' 'platformdirs==4.5.1' \
  'typing_extensions==4.15.0' 'importlib_resources==6.5.2' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import pint
from ucumvert import PintUcumRegistry

registry = PintUcumRegistry()
print("ucumvert", version("ucumvert"), "- Pint", version("pint"))


def of(amount: float, code: str) -> pint.Quantity:
    return amount * registry.from_ucum(code)


print("30' =", of(30, "'"), "=", of(30, "'").to("second"), "; 30'' =", of(30, "''"))
try:
    refused = ""
    of(30, "'").to("degree")
except pint.DimensionalityError as error:
    refused = str(error)
print("30' in degrees:", refused)
print("1 [Cal] =", of(1, "[Cal]").to("joule"), "; 1 cal =", of(1, "cal").to("joule"))
for other, amount in (("[iU]", 40), ("[CFU]", 40), ("%", 4000)):
    equal = bool(of(40, "[hnsf'U]") == of(amount, other))
    print(f"40 [hnsf'U] == {amount} {other}:", equal)
    assert equal, "the behaviour has changed"
print("1 REM =", of(1, "REM").to("sievert"), "; 1 Ci =", of(1, "Ci").to("becquerel"))
assert of(30, "'").to("second").magnitude == 1800 and refused, "the behaviour has changed"
assert abs(of(1, "[Cal]").to("joule").magnitude - 4.184) < 1e-9, "the behaviour has changed"
assert abs(of(1, "REM").to("sievert").magnitude - 0.01) < 1e-12
PYTHON
