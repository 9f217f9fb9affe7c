#!/usr/bin/env bash
# What one would expect: a cell marked in a stack is still on that cell after stack and mark are both turned to the
# orientation of an atlas. brainglobe-space is made for this, and its guide marks the first and the last voxel of a
# stack of 3 x 2 x 4: (0, 0, 0) and (2, 1, 3).
#
# What happens: along an axis that is flipped, the stack goes from index i to n - 1 - i and the point to n - i. The mark
# on the first voxel comes to lie outside the stack, on an index that does not exist, and each other mark on a
# neighbour of its cell. Along axes that keep their direction marks stay right. There and back again is right as well,
# so a test of that kind finds nothing. Nothing is raised, and the guide says that it is kept track of the "change of
# the origin offset".
#
# Why it matters: atlases have voxels of 25 to 100 micrometres and some areas are two or three of them thick. Cells at
# the edge of an area are counted into the one beside it, and those at the midline into the other side of the brain.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'brainglobe-space==1.0.3' 'numpy==2.4.6' \
  'scipy==1.17.1' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
from brainglobe_space import AnatomicalSpace

print("brainglobe-space", version("brainglobe-space"))
stack = np.arange(24).reshape(3, 2, 4)  # each voxel has a number of its own
marks = np.array([[0, 0, 0], [2, 1, 3], [1, 0, 2]])
source = AnatomicalSpace("lsa", stack.shape)
off = {}
for target in ("lsa", "als", "rsa", "ipr"):
    turned, mapped = source.map_stack_to(target, stack), source.map_points_to(target, marks)
    off[target] = []
    for mark, place in zip(marks, mapped, strict=True):
        true = np.argwhere(turned == stack[tuple(mark)])[0]
        off[target].append((place - true).astype(int).tolist())
        outside = "" if np.all(place < turned.shape) else f", outside of {turned.shape}"
        print(f"lsa to {target}: {mark.tolist()} is at {true.tolist()}", end=", ")
        print(f"its mark at {place.astype(int).tolist()}{outside}")
    back = AnatomicalSpace(target, turned.shape).map_points_to("lsa", mapped)
    assert np.array_equal(back, marks)
assert off["lsa"] == off["als"] == [[0, 0, 0]] * 3
assert off["rsa"] == [[1, 0, 0]] * 3 and off["ipr"] == [[1, 1, 1]] * 3, "the behaviour has changed"
PYTHON
