#!/usr/bin/env bash
# What one would expect: the ellipse that fits a round cell is a circle. Of a cell of 60 x 10 pixels it is 60 long and
# 10 wide, and the same when the cell lies slanted or upright.
#
# What happens: in image-js the ellipse of a disc 40 pixels across is 56.6 long and 28.3 wide, twice as long as wide. A
# cell of 40 x 20 is 34 x 24 when it lies and 57 x 14 when it stands, so its elongation is 1.4 or 4.1; one of 60 x 10 is
# 34 x 18 when it lies and 87 x 7 when it stands. The area of the ellipse is right, and so are the Feret diameters of
# the same object, 41 and 21. Nothing is raised or warned of.
#
# Why it matters: length over width tells a normal red cell from a sickle cell, and asymmetry a mole from a melanoma.
# Here it tells which way the cell lay on the slide, and a round one is counted as elongated.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund 'image-js@1.7.0' >/dev/null
cat >cells.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import fs from "node:fs";
import { fromMask, Mask } from "image-js";

console.log("image-js", JSON.parse(fs.readFileSync("node_modules/image-js/package.json")).version);
const edge = 100;

/** The one object in a picture: an ellipse with these half axes, turned by so many degrees. */
function cell(long, wide, degrees) {
  const mask = new Mask(edge, edge);
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  for (let row = 0; row < edge; row++) {
    for (let column = 0; column < edge; column++) {
      const [x, y] = [column - edge / 2, row - edge / 2];
      const [along, across] = [x * cosine + y * sine, y * cosine - x * sine];
      if ((along / long) ** 2 + (across / wide) ** 2 <= 1) mask.setBit(column, row, 1);
    }
  }
  return fromMask(mask).getRois({ kind: "white" })[0];
}

const ratios = {};
for (const [long, wide] of [[20, 20], [20, 10], [30, 5]]) {
  ratios[`${2 * long} x ${2 * wide}`] = [0, 45, 90].map((degrees) => {
    const { ellipse, feret, surface } = cell(long, wide, degrees);
    const [major, minor] = [ellipse.majorAxis.length, ellipse.minorAxis.length];
    console.log(`${2 * long} x ${2 * wide}, turned by ${degrees} degrees: ellipse ${major.toFixed(1)} x `
      + `${minor.toFixed(1)}, Feret ${feret.maxDiameter.length.toFixed(1)} x ${feret.minDiameter.length.toFixed(1)}, `
      + `area ${surface}, of the ellipse ${ellipse.surface.toFixed(0)}`);
    assert(Math.abs(ellipse.surface - surface) < 1);
    return Number((major / minor).toFixed(1));
  });
}
console.log("length over width:", ratios);
assert.deepStrictEqual(
  ratios, { "40 x 40": [2, 2, 2], "40 x 20": [1.4, 1.6, 4.1], "60 x 10": [1.9, 2.3, 13] }, "the behaviour has changed",
);
JAVASCRIPT
node cells.mjs
