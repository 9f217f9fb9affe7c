#!/usr/bin/env bash
# What one would expect: two codes that pydicom calls equal are one key of a dictionary and one member of a set, as
# Python asks of everything that can be both compared and hashed.
#
# What happens: a code of the older SNOMED scheme (SRT T-28000, lung) equals its newer one (SCT 39607008), as it should;
# pydicom translates when it compares. The hash is taken from the untranslated text. So the older code is found in a
# list of the newer ones and not in the set of the same ones; a dictionary misses it, and a set of both counts two.
#
# Why it matters: structured reports and segmentations of the last twenty years carry the older codes. Turning a list
# into a set, to look faster, drops them all, and a count of findings by code counts every organ twice.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pydicom==3.0.2' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
from collections import Counter

import pydicom
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

print("pydicom", pydicom.__version__)
older, newer = Code("T-28000", "SRT", "Lung"), codes.SCT.Lung
wanted = [codes.SCT.Lung, codes.SCT.Liver]
equal, listed, in_set = older == newer, older in wanted, older in set(wanted)
counted = Counter([older, newer])
print(f"equal: {equal}; in the list: {listed}; in the set of the same: {in_set}")
print("counted:", {f"{code.scheme_designator} {code.value}": count for code, count in counted.items()})
assert equal and newer == older and listed
assert not in_set and len(counted) == 2 and {newer: "lung"}.get(older) is None, "the behaviour has changed"
PYTHON
