#!/usr/bin/env bash
# What one would expect: the DeLong test of a reader against itself finds no difference between the two areas under
# the curve, so z is 0 and the p-value is 1, or at the least the test says that it cannot be done.
#
# What happens: MLstatkit gives z = 0.0 and p = 0.0. The difference has no variance, so the function falls back on a
# bootstrap and doubles the share of resampled differences above zero, which is none. The same comes out for two
# readers who rank the cases alike on different scales, and for two readers who both make no mistake.
#
# Why it matters: in a reader study or a comparison of two models, equal performance is printed as a difference
# that is significant at any level; only the two equal areas beside it give it away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'mlstatkit==0.1.91' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import MLstatkit
from MLstatkit import Delong_test

truth = [0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0]
reader = [0.1, 0.4, 0.35, 0.8, 0.3, 0.9, 0.2, 0.7, 0.6, 0.75, 0.5, 0.15]
pairs = {
    "the same reader twice": (reader, reader),
    "the same ranking, halved": (reader, [score / 2 for score in reader]),
    "two faultless readers": (truth, [0.2 + score / 2 for score in truth]),
}
print("MLstatkit", MLstatkit.__version__)
seen = {}
for name, (first, second) in pairs.items():
    z, p, _, _, area_first, area_second, info = Delong_test(truth, first, second, random_state=0)
    seen[name] = (float(z), float(p), area_first == area_second)
    print(f"{name}: AUC {area_first:.3f} and {area_second:.3f}, z = {z}, p = {p} ({info['method']})")
assert set(seen.values()) == {(0.0, 0.0, True)}, "the behaviour has changed"
PYTHON
