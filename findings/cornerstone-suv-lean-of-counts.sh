#!/usr/bin/env bash
# What one would expect: the SUV by lean body mass is the SUV by body weight times lean mass over weight, 0.80 of it
# for a man of 80 kg and 1.80 m. That holds whatever the unit of the image is, since both come from the same pixel.
#
# What happens: calculate-suv, the library of Cornerstone and OHIF, gives three factors to multiply an image with. For
# an image in Bq/ml their ratio is right. An image in g/ml (Units GML) is an SUV already: its factor by weight is 1, and
# the factors by lean mass and by body surface are still those for Bq/ml. An SUV of 5 becomes 0.0013. Philips
# scanners write counts (CNTS) with an SUV factor of their own: this one is used for the weight and for nothing else.
# With a scanner's factor of 0.0005 an SUV of 5 becomes 2.7 where 4.0 is right, which does look like one, and another
# factor of the scanner makes another number of it. Nothing is raised or warned of.
#
# Why it matters: PERCIST, by which the response to treatment is judged, asks for lean body mass and for a fall by 30 %.
# 4.0 on one scanner and 2.7 on the next is such a fall, and nothing has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund '@cornerstonejs/calculate-suv@1.1.0' >/dev/null
cat >suv.cjs <<'JAVASCRIPT'
const assert = require("node:assert");
const { calculateSUVScalingFactors } = require("@cornerstonejs/calculate-suv");

console.log("calculate-suv", require("@cornerstonejs/calculate-suv/package.json").version);
const scan = {
  CorrectedImage: ["ATTN", "DECY"], DecayCorrection: "START", PatientWeight: 80, PatientSize: 1.8, PatientSex: "M",
  RadionuclideTotalDose: 350e6, RadionuclideHalfLife: 6586.2, RadiopharmaceuticalStartDateTime: "20240301090000",
  SeriesDate: "20240301", SeriesTime: "100000", AcquisitionDate: "20240301", AcquisitionTime: "100000",
};
const units = {
  BQML: { Units: "BQML" },
  GML: { Units: "GML" },
  CNTS: { Units: "CNTS", PhilipsPETPrivateGroup: { SUVScaleFactor: 0.0005 } },
};
const ratios = {};
for (const [unit, more] of Object.entries(units)) {
  const factors = calculateSUVScalingFactors([{ ...scan, ...more }])[0];
  const pixel = 5 / factors.suvbw; // a pixel with an SUV of 5
  const lean = pixel * factors.suvlbm;
  ratios[unit] = Number((factors.suvlbm / factors.suvbw).toPrecision(3));
  console.log(`${unit}: SUV 5 by weight, ${lean.toPrecision(3)} by lean mass (James), `
    + `${(pixel * factors.suvlbmJanma).toPrecision(3)} (Janmahasatian)`);
}
console.log("lean over weight:", ratios);
assert.deepStrictEqual(ratios, { BQML: 0.804, GML: 0.000268, CNTS: 0.537 }, "the behaviour has changed");
JAVASCRIPT
node suv.cjs
