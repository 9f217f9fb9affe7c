#!/usr/bin/env bash
# What one would expect: the setting `max_side_len` (2000 by default) bounds the picture that is searched for text, so
# a small picture is searched quickly.
#
# What happens: RapidOCR holds to it when the picture comes in, and the detector then enlarges whatever is left until
# its shorter side has 736 pixels. A strip of 40 by 300 pixels, such as the line with name and date that is cut out of
# the top of an ultrasound picture, is searched at 736 by 5504: more than a whole picture of 1500 by 2000.
#
# Why it matters: cutting the strip out to look only where machines print makes the search for names slower than
# looking at everything, and a bound on memory that was set by `max_side_len` does not hold.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'rapidocr==3.10.0' 'onnxruntime==1.31.1' 'numpy==2.3.5' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import logging
from importlib.metadata import version

import numpy as np
from rapidocr import RapidOCR

logging.disable(logging.WARNING)
reader = RapidOCR()
searched = []
detector = reader._load_det_model()  # as the first call does
run = detector.session
detector.session = lambda picture: searched.append(picture.shape[2:]) or run(picture)

print("rapidocr", version("rapidocr"), "- max_side_len", reader.max_side_len)
strip = np.zeros((40, 300, 3), np.uint8)
whole = np.zeros((1500, 2000, 3), np.uint8)
for name, picture in (("strip", strip), ("whole picture", whole)):
    reader(picture, use_cls=False, use_rec=False)
    print(f"{name}: given {picture.shape[:2]}, searched at {searched[-1]}")
first, second = (rows * columns for rows, columns in searched)
assert max(searched[0]) > reader.max_side_len == 2000, "the behaviour has changed"
assert first > second
PYTHON
