#!/usr/bin/env bash
# What one would expect: opencv-python-headless brings OpenCV's classic face finder with its models, as it did for
# ten years: cv2.CascadeClassifier, and the cascades in the folder cv2.data.haarcascades.
#
# What happens: since OpenCV 5 the class is no longer in the main package, and the folder that
# cv2.data.haarcascades names holds no model at all; importing cv2 and cv2.data gives no warning. Version 4 has both.
#
# Why it matters: photographs of skin show faces, and de-identification scripts find them with this cascade. After an
# update they stop with an AttributeError, or, where the error is caught, let every face pass.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for version in 4.13.0.92 5.0.0.93; do
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "opencv-python-headless==$version" 2>/dev/null
  "$folder/$version/bin/python" - "$version" <<'PYTHON'
import sys
from pathlib import Path

import cv2
import cv2.data

models = sorted(one.name for one in Path(cv2.data.haarcascades).glob("*.xml"))
found = hasattr(cv2, "CascadeClassifier")
print("opencv", cv2.__version__, "- CascadeClassifier:", found, "- models in cv2.data:", len(models))
old = sys.argv[1].startswith("4.")
assert found is old, "the behaviour has changed"
assert bool(models) is old, "the behaviour has changed"
PYTHON
done
