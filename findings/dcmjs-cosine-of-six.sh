#!/usr/bin/env bash
# What one would expect: DICOM has 16 characters for a decimal number (VR DS), and JavaScript writes some numbers with
# more of them. A library that writes DICOM rounds such a number to what fits. dcmjs has code for this.
#
# What happens: the usual way from named values to a file is denaturalizeDataset, and it cuts the text off behind
# the 16th character before that code sees it. Of 6.123233995736766e-17, which is what the cosine of 90 degrees is to a
# computer, 6.12323399573676 stays: the exponent is gone. A direction of (0, 6.12, -1) is written where (0, 0, -1) was
# meant, a position of 5.55 mm where 0.1 + 0.2 - 0.3 was zero but for rounding, a slope of 1.23 for 0.000000123. The
# same numbers given by tag and not by name are rounded rightly. Nothing is raised; a line on the console says
# "Truncating value" as it does for 1/3, where just the 17th digit is lost.
#
# Why it matters: dcmjs writes the segmentations and reports of OHIF and Cornerstone. Volumes turned by 90 degrees are
# the rule (sagittal, coronal), and their directions come out of sines and cosines. Readers that multiply by the
# direction put such a slice six times as large beside the patient.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund 'dcmjs@0.51.1' >/dev/null
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check 'pydicom==3.0.2' 2>/dev/null
cat >write.cjs <<'JAVASCRIPT'
const fs = require("node:fs");
const { DicomDict, DicomMetaDictionary } = require("dcmjs").data;

console.log("dcmjs", JSON.parse(fs.readFileSync("node_modules/dcmjs/package.json")).version);
const quarter = Math.PI / 2;
const slice = {
  ImageOrientationPatient: [1, 0, 0, 0, Math.cos(quarter), -Math.sin(quarter)],
  ImagePositionPatient: [0.1 + 0.2 - 0.3, 1 / 3, 20], RescaleSlope: 0.00000012345678901234567,
};
const byTag = {
  "00200032": { vr: "DS", Value: slice.ImagePositionPatient },
  "00200037": { vr: "DS", Value: slice.ImageOrientationPatient },
  "00281053": { vr: "DS", Value: [slice.RescaleSlope] },
};
console.log("given:", Object.values(slice).flat().join("  "));
for (const [name, elements] of [["name", DicomMetaDictionary.denaturalizeDataset(slice)], ["tag", byTag]]) {
  const file = new DicomDict({ "00020010": { vr: "UI", Value: ["1.2.840.10008.1.2.1"] } });
  file.dict = elements;
  fs.writeFileSync(`${name}.dcm`, Buffer.from(file.write()));
}
JAVASCRIPT
node write.cjs 2>&1
env/bin/python -W ignore - <<'PYTHON'
import pydicom

print("read by pydicom", pydicom.__version__)
read = {name: pydicom.dcmread(f"{name}.dcm", force=True) for name in ("name", "tag")}
for name, one in read.items():
    print(f"by {name}:", one.ImageOrientationPatient, one.ImagePositionPatient, one.RescaleSlope)
named, tagged = read["name"], read["tag"]
assert named.ImageOrientationPatient[4] == 6.12323399573676, "the behaviour has changed"
assert named.ImagePositionPatient[0] > 5.5 and named.RescaleSlope > 1.2, "the behaviour has changed"
assert abs(tagged.ImageOrientationPatient[4]) < 1e-16 and tagged.RescaleSlope < 1.3e-7, "the behaviour has changed"
PYTHON
