#!/usr/bin/env bash
# What one would expect: pydicom ships DICOM's own code tables, so the code that most radiographs on disk carry for
# the chest (SRT T-D3000, in every second Anatomic Region Sequence of the last twenty years) is found in the table
# of anatomic regions, CID 4031, once pydicom has translated it to SNOMED CT.
#
# What happens: the translation gives 51185008, which is right, but the table holds the chest only under its newer
# concept 816094009. A look-up by the translated code finds nothing, and the same holds for the abdomen and the
# pelvis, while most other parts of the body are found.
#
# Why it matters: a program that sorts images by region through these tables leaves out the commonest of all,
# without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pydicom==3.0.2' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import pydicom
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping

table = {code for name in cid_concepts[4031]["SCT"] for code in concepts["SCT"][name]}
print("pydicom", pydicom.__version__, "- CID 4031 holds", len(table), "codes")
seen = {}
for name, srt in {"chest": "T-D3000", "abdomen": "T-D4000", "pelvis": "T-D6000", "hand": "T-D8700"}.items():
    sct = mapping["SRT"].get(srt)
    seen[name] = sct in table
    print(f"{name}: {srt} -> {sct}, in the table: {sct in table}")
assert seen == {"chest": False, "abdomen": False, "pelvis": False, "hand": True}, "the behaviour has changed"
PYTHON
