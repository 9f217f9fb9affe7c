#!/usr/bin/env bash
# What one would expect: derm-ita estimates the tone of the skin in a picture (the individual typology angle, and from
# it the Fitzpatrick type). It says that it ignores pixels that are completely black, so the black rim of a
# dermoscope's round field makes no difference.
#
# What happens: black is left out of the lightness only, and not of the yellow beside it, where black counts as 0. As
# soon as the rim outweighs the skin, the angle goes to its end: with 72 % of the picture black a tanned skin of
# 19 degrees has 90, "very light", and a brown one of -28 has -89, "dark". The way that looks at patches near the edge
# (get_structured_patches_ita), made to keep clear of the lesion, does so with an ordinary field of 85 % of the width:
# 19 degrees become 75, Fitzpatrick type 1 for type 3. Nothing is raised; of patches that are black all over, NumPy warns
# that it takes the mean of nothing.
#
# Why it matters: sets of dermoscopic pictures are audited for skin tones by this angle. The round fields, which are a
# matter of the device, become the lightest and the darkest people of the set.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'derm-ita==0.0.8' 'scikit-image==0.26.0' \
  'numpy==1.26.4' 'pillow==13.0.0' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import derm_ita
import numpy as np
from PIL import Image

print("derm-ita", version("derm-ita"))
rng = np.random.default_rng(0)
down, across = np.mgrid[:256, :256]


def picture(skin: tuple[int, int, int], width: float) -> Image.Image:
    light, colour = rng.normal(0, 6, (256, 256, 1)), rng.normal(0, 2, (256, 256, 3))
    pixels = np.clip(np.array(skin) + light + colour, 1, 255).astype(np.uint8)
    pixels[(down - 128) ** 2 + (across - 128) ** 2 > (width * 128) ** 2] = 0
    return Image.fromarray(pixels)


seen = {}
for name, skin in (("tanned", (180, 130, 100)), ("brown", (120, 85, 60))):
    for width in (2.0, 0.85, 0.6):
        image = picture(skin, width)
        black = (np.asarray(image).sum(2) == 0).mean()
        whole = derm_ita.get_ita(image)
        answers = [round(whole)]
        said = f"{name} skin, {black:.0%} black: {whole:.0f} degrees, {derm_ita.get_del_bino_type(whole)}"
        if width > 0.8:
            patches = derm_ita.get_structured_patches_ita(image)
            answers.append(round(patches))
            said += f"; by patches {patches:.0f}, Fitzpatrick {derm_ita.get_fitzpatrick_type(patches)}"
        print(said)
        seen[name, width] = answers
assert all(18 <= angle <= 21 for angle in (*seen["tanned", 2.0], seen["tanned", 0.85][0]))
assert all(-30 <= angle <= -26 for angle in (*seen["brown", 2.0], seen["brown", 0.85][0]))
assert seen["tanned", 0.6][0] > 80 and seen["brown", 0.6][0] < -80, "the behaviour has changed"
assert seen["tanned", 0.85][1] > 70 and seen["brown", 0.85][1] < -60, "the behaviour has changed"
PYTHON
