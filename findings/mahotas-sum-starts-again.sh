#!/usr/bin/env bash
# What one would expect: the sum of the grey values of each labelled nucleus or lesion, by which stain and tracer uptake
# are measured. mahotas says of labeled_sum that sum[i] is equal to np.sum(array[labeled == i]).
#
# What happens: the sum is kept in the type of the picture. In 8 bits it starts again at 256: a spot of 100 pixels of
# value 200 sums to 32 and not to 20000, and a brighter spot may well have the smaller sum. In 16 bits a spot of 100
# pixels of 2000 has 3392, and in a CT, which has a sign, a bone of 100 voxels of 1000 HU sums to -31072. np.sum of the
# very expression in the documentation gives the right numbers, as does scipy. Nothing is raised or warned of; the type
# of the result is the last line of the documentation.
#
# Why it matters: 8 and 16 bits are what microscopes and scanners give. Any sum below 256 looks like that of a small dim
# spot, so that cells are sorted into bright and dark by chance.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'mahotas==1.4.19' 'scipy==1.17.1' 'numpy==2.4.6' \
  2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import mahotas
import numpy as np
from scipy import ndimage

print("mahotas", mahotas.__version__)
labels = np.zeros((40, 40), np.intc)
labels[5:15, 5:15], labels[20:30, 20:30] = 1, 2
sums = {}
pictures = {"8 bits": (np.uint8, (200, 203)), "16 bits": (np.uint16, (2000, 650)), "CT": (np.int16, (1000, 40))}
for name, (kind, values) in pictures.items():
    picture = np.array((0, *values), kind)[labels]
    by_book = [int(np.sum(picture[labels == label])) for label in (1, 2)]
    by_scipy = ndimage.sum_labels(picture, labels, (1, 2)).astype(int).tolist()
    sums[name] = mahotas.labeled_sum(picture, labels)[1:].tolist()
    print(f"{name}: two spots of 100 pixels of {values}: mahotas {sums[name]}, np.sum {by_book}, scipy {by_scipy}")
    assert by_book == by_scipy == [100 * value for value in values]
assert sums == {"8 bits": [32, 76], "16 bits": [3392, 65000], "CT": [-31072, 4000]}, "the behaviour has changed"
PYTHON
