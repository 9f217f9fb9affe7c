#!/usr/bin/env bash
# What one would expect: the structural similarity (SSIM) of a CT slice and its noisy copy is one number, near 1 where
# they look alike and near 0 where noise covers what is there. Three libraries that are asked in the plainest way agree
# on it, or say that they have to be told the range of the values.
#
# What happens: the formula needs that range, and each fills it in by itself. scikit-image takes it from the type of
# the array, 65535 for 16 bits with a sign: a slice of 40 to 60 HU under noise of 30 HU is 0.9997 alike. torchmetrics
# takes what the two pictures span, some 270 HU, and says 0.07; MONAI takes 1.0 and says 0.02. The PSNR of scikit-image
# goes by the type as well, and by whether a single pixel is negative: with one of -1 in place of 40 the noise is 6 dB
# better. Told 400 HU as the range all three say 0.16. None of them raises or warns.
#
# Why it matters: SSIM and PSNR are what denoised low-dose CT is judged by. In HU the same pictures are perfect in one
# paper and ruined in the other, and with scikit-image no denoising can be seen to do harm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'scikit-image==0.26.0' 'torchmetrics==1.9.0' \
  'monai==1.6.1' 'torch==2.13.0' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import torch
from monai.metrics import SSIMMetric
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torchmetrics.image import StructuralSimilarityIndexMeasure

print(*(f"{name} {version(name)}" for name in ("scikit-image", "torchmetrics", "monai")))
slice_ = np.full((128, 128), 40, np.int16)
slice_[40:80, 40:80], slice_[60:70, 60:70] = 60, 0
noisy = (slice_ + np.random.default_rng(0).normal(0, 30, slice_.shape)).astype(np.int16)
one, other = (torch.tensor(picture[None, None].astype(np.float32)) for picture in (noisy, slice_))


def answers(**span: float) -> list[float]:
    gaussian = {"gaussian_weights": True, "use_sample_covariance": False} if span else {}
    return [
        float(structural_similarity(slice_, noisy, **span, **gaussian)),
        float(StructuralSimilarityIndexMeasure(**span)(one, other)),
        float(SSIMMetric(2, **span)(one, other)),
    ]


plain, told = answers(), answers(data_range=400)
print("SSIM, plainly asked:", [round(value, 4) for value in plain], "- told 400:", [round(value, 2) for value in told])
assert plain[0] > 0.999 and 0.05 < plain[1] < 0.1 and plain[2] < 0.03, "the behaviour has changed"
assert max(told) - min(told) < 0.02
below = slice_.copy()
below[0, 0] = -1
signal = [float(peak_signal_noise_ratio(picture, noisy)) for picture in (slice_, below)]
print("PSNR of scikit-image:", [round(value, 1) for value in signal], "- the second with one pixel of -1")
assert 5.9 < signal[1] - signal[0] < 6.1, "the behaviour has changed"
PYTHON
