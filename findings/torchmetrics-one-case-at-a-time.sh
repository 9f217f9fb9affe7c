#!/usr/bin/env bash
# What one would expect: an area under the ROC curve that is gathered batch by batch is that of all cases together,
# whatever the size of the batches. It depends on the order of the scores alone, so scores before the sigmoid (logits)
# and after it give the same.
#
# What happens: torchmetrics looks at each batch by itself. If any score of it lies outside 0 to 1, the batch is taken
# for logits and gets a sigmoid; if all lie inside, it is taken for probabilities and stays. A model that is evaluated
# one case at a time has both kinds of batch: a logit of 0.3 stays 0.3, one of -0.1 becomes 0.48 and now stands above
# it. Of 200 cases with an area of 0.945, the same scores one by one have 0.920; halved, which changes no order, 0.816;
# a third of them 0.601. All at once each of the three has 0.945. The average precision falls likewise. The
# documentation has the sigmoid, and not that it is settled anew for each batch. Nothing warns.
#
# Why it matters: volumes, mammograms and slides are evaluated one at a time, for memory. The figure then depends on
# the batch size of the evaluation, and a careful model, whose scores are near the middle, looks like one that guesses.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'torchmetrics==1.9.0' 'torch==2.13.0' \
  'numpy==2.4.6' 'scikit-learn==1.9.1' 2>/dev/null
"$folder/env/bin/python" -W error - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torchmetrics.classification import BinaryAUROC, BinaryAveragePrecision

print("torchmetrics", version("torchmetrics"))
truth = np.arange(200) % 2
logits = np.random.default_rng(0).normal(np.where(truth == 1, 1.0, -1.0)).astype(np.float32)
for part in (1.0, 0.5, 0.3):
    scores, kinds = torch.tensor(logits * np.float32(part)), torch.tensor(truth)
    seen = {}
    for size in (200, 1):
        area, precision = BinaryAUROC(), BinaryAveragePrecision()
        for some, their_kinds in zip(scores.split(size), kinds.split(size)):
            area.update(some, their_kinds)
            precision.update(some, their_kinds)
        seen[size] = float(area.compute())
        print(f"logits times {part}, {size} at a time: area {seen[size]:.3f}, precision {float(precision.compute()):.3f}")
    assert abs(seen[200] - roc_auc_score(truth, scores)) < 1e-6
    assert seen[1] < seen[200] - {1.0: 0.02, 0.5: 0.1, 0.3: 0.3}[part], "the behaviour has changed"
PYTHON
