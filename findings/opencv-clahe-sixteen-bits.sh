#!/usr/bin/env bash
# What one would expect: CLAHE with the same grid and the same clip limit does to a radiograph of 12 bits what it does
# to the same picture in 8 bits: it spreads the greys, the more the higher the limit. A wide range of greys only makes
# the steps finer.
#
# What happens: for 16-bit pictures OpenCV counts greys in 65536 bins and clips each bin, and with tiles of some
# thousand pixels a limit of 1 and one of 10 both mean "one pixel a bin". All limits from 1 to 10 give the same picture,
# to the last pixel. Nearly every count is clipped and spread over bins that no pixel has, so the contrast is a third
# to a quarter of what the 8-bit picture gets, and the middle grey is dark. The documentation has one meaning for the
# limit and does not name the depth.
#
# Why it matters: CLAHE is the usual first step for chest radiographs and retinal photographs, with a limit of 2 to 4
# from a paper. On the full depth of the scanner it hardly works, and tuning it does nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'opencv-python-headless==5.0.0.93' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import cv2
import numpy as np

print("opencv", cv2.__version__)
y, x = np.mgrid[:512, :512]
noise = np.random.default_rng(0).normal(0, 20, (512, 512))
deep = (1500 + 600 * np.sin(x / 40) + 400 * np.cos(y / 60) + noise).clip(0, 4095).astype(np.uint16)
flat = (deep / 16).astype(np.uint8)

made, spread = {}, {}
for limit in (1, 2, 4, 10, 40):
    clahe = cv2.createCLAHE(clipLimit=limit, tileGridSize=(8, 8))
    made[limit] = clahe.apply(deep)
    spread[limit] = (float(made[limit].std() / 65535), float(clahe.apply(flat).std() / 255))
    same = bool((made[limit] == made[1]).all())
    print(f"limit {limit}: greys spread by {spread[limit][0]:.3f}, in 8 bits by {spread[limit][1]:.3f};", end=" ")
    print("the same picture as with limit 1" if same else "another picture")
assert all((made[limit] == made[1]).all() for limit in (2, 4, 10)), "the behaviour has changed"
assert not (made[40] == made[1]).all()
assert spread[2][0] < 0.4 * spread[2][1] and spread[4][0] < 0.3 * spread[4][1], "the behaviour has changed"
PYTHON
