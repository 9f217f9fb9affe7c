#!/usr/bin/env bash
# What one would expect: the ids of annotations in a COCO file are names. Numbering them from 0, as one does with rows
# of a table, gives the same average precision as numbering from 1.
#
# What happens: COCOeval notes beside each prediction the id of the lesion that it found, in an array of zeros, and
# takes what is 0 for "found nothing". The prediction that finds lesion 0 is a false positive, and the lesion is missed.
# With three nodules and three perfect boxes the precision is 0.44 and the recall 0.67; with one nodule both are 0. The
# format forbids no 0, nothing is raised, and the loading of the file says "index created!".
#
# Why it matters: medical sets are small, and one lesion is a large share of them. A detector that finds everything is
# reported as one that does not, and the worse the rarer the disease.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pycocotools==2.0.11' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import contextlib
import io
from importlib.metadata import version

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

print("pycocotools", version("pycocotools"))
box = [10, 10, 20, 20]


def scores(first: int, nodules: int) -> tuple[float, float]:
    """Average precision and recall of a perfect detector; the nodules are numbered from the first id on."""
    known = {"image_id": 0, "category_id": 1, "bbox": box}
    found = [known | {"image_id": n, "score": 0.9} for n in range(1, nodules + 1)]
    truth = COCO()
    truth.dataset = {
        "images": [{"id": n, "height": 64, "width": 64} for n in range(1, nodules + 1)],
        "categories": [{"id": 1, "name": "nodule"}],
        "annotations": [
            known | {"id": first + n, "image_id": n + 1, "area": 400, "iscrowd": 0} for n in range(nodules)
        ],
    }
    truth.createIndex()
    asked = COCOeval(truth, truth.loadRes(found), "bbox")
    asked.evaluate()
    asked.accumulate()
    asked.summarize()
    return round(float(asked.stats[0]), 2), round(float(asked.stats[8]), 2)


seen = {}
for nodules in (1, 3):
    for first in (0, 1):
        with contextlib.redirect_stdout(io.StringIO()):
            seen[nodules, first] = scores(first, nodules)
        print(f"{nodules} nodules, all found, ids from {first}: precision and recall {seen[nodules, first]}")
assert seen[1, 1] == seen[3, 1] == (1, 1)
assert seen[1, 0] == (0, 0) and seen[3, 0] == (0.44, 0.67), "the behaviour has changed"
PYTHON
