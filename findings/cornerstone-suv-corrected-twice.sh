#!/usr/bin/env bash
# What one would expect: the activity in a PET image is corrected for decay to some moment, and DICOM says to which
# (Decay Correction): START, the beginning of the scan, or ADMIN, the injection. SUV divides it by the dose at that very
# moment. For START the dose is decayed by the time in between; for ADMIN it is the dose that was injected.
#
# What happens: calculate-suv, the library of Cornerstone and OHIF for this, asks for Decay Correction, compares it
# among the slices, and then does the same for START, ADMIN and NONE: it decays the dose. An image corrected to the
# injection is corrected twice. With FDG scanned 60 minutes after the injection an SUV of 2.00 becomes 2.92; with the
# short-lived Ga-68 it becomes 3.70, with C-11 15.4. Nothing is raised or warned of.
#
# Why it matters: 2.5 and the uptake of the liver are thresholds for what is called malignant, and whether a lymphoma
# responds is told from the change between two scans, which may come from two scanners.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund '@cornerstonejs/calculate-suv@1.1.0' >/dev/null
cat >suv.cjs <<'JAVASCRIPT'
const assert = require("node:assert");
const { calculateSUVScalingFactors } = require("@cornerstonejs/calculate-suv");

console.log("calculate-suv", require("@cornerstonejs/calculate-suv/package.json").version);
const [dose, weight] = [350e6, 70];
const halfLives = { "F-18": 6586.2, "Ga-68": 4057.7, "C-11": 1221.8 };
const wanted = 2; // the SUV that the tissue has
const found = {};
for (const [nuclide, halfLife] of Object.entries(halfLives)) {
  for (const correction of ["START", "ADMIN"]) {
    const slice = {
      CorrectedImage: ["ATTN", "DECY"], Units: "BQML", DecayCorrection: correction,
      PatientWeight: weight, PatientSize: 1.75, PatientSex: "F",
      RadionuclideTotalDose: dose, RadionuclideHalfLife: halfLife, RadiopharmaceuticalStartDateTime: "20240301090000",
      SeriesDate: "20240301", SeriesTime: "100000", AcquisitionDate: "20240301", AcquisitionTime: "100000",
    };
    const doseThen = correction === "START" ? dose * 2 ** (-3600 / halfLife) : dose;
    const activity = (wanted * doseThen) / (weight * 1000); // Bq/ml as the image has it
    const suv = activity * calculateSUVScalingFactors([slice])[0].suvbw;
    found[`${nuclide} ${correction}`] = Number(suv.toFixed(2));
    console.log(`${nuclide}, corrected to ${correction}: SUV ${suv.toFixed(2)}, in truth ${wanted.toFixed(2)}`);
  }
}
assert.deepStrictEqual(
  found,
  { "F-18 START": 2, "F-18 ADMIN": 2.92, "Ga-68 START": 2, "Ga-68 ADMIN": 3.7, "C-11 START": 2, "C-11 ADMIN": 15.42 },
  "the behaviour has changed",
);
JAVASCRIPT
node suv.cjs
