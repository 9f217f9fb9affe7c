"""Three samples of a pixel to 8-bit RGB: which colours they are, and the way to RGB.

A header is often wrong about it, since many systems decompress or compress without changing it. A
compressed frame that says what it holds is believed; only where nothing is said, or the header cannot be
true, do the pixels themselves decide.

Source: DICOM PS3.3 section C.7.6.3.1.2 (Photometric Interpretation), PS3.5 section 8.2 (what a compressed
frame says goes before the header), ITU-T T.871 section 7 (YCbCr).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.files.dicom.codestream import Codestream

# Ours. YCbCr made from RGB stays within RGB but for rounding and loss; RGB taken for YCbCr falls out of
# it nearly everywhere, black and white first.
_TOLERANCE, _MOST_OUTSIDE, _SAMPLED = 16, 0.05, 20_000

_ALWAYS_YBR = ("YBR_FULL", "YBR_FULL_422")


def to_rgb(
    samples: NDArray[Any], *, bits: int, photometric: str, head: Codestream | None, label_is_true: bool
) -> Pixels:
    """Convert one frame.

    Args:
        samples: ``(H, W, 3)`` unsigned.
        bits: of a sample.
        photometric: what the header says they are.
        head: of the compressed frame they were decoded from, if it says anything.
        label_is_true: False where the header cannot be right, as 4:2:2 with three bytes for each pixel.
    """
    from pydicom.pixels import convert_color_space

    eight = samples.astype(np.uint8) if bits == 8 else _in_8_bits(samples, bits)
    if not _is_ybr(eight, photometric, head, label_is_true=label_is_true):
        return eight
    return np.asarray(convert_color_space(eight, "YBR_FULL", "RGB"))


def _in_8_bits(samples: NDArray[Any], bits: int) -> Pixels:
    return np.asarray(np.rint(samples / (2**bits - 1) * 255), np.uint8)


def _is_ybr(eight: Pixels, photometric: str, head: Codestream | None, *, label_is_true: bool) -> bool:
    if head is not None and (head.samples == 1 or head.colours is not None):
        return head.colours == "YBR"
    if photometric in _ALWAYS_YBR and label_is_true:
        return True
    lossy_jpeg = head is not None and head.family == "JPEG"
    if photometric == "RGB" and not lossy_jpeg:
        return False
    # Either the component transform that the header names is not there, or the frame is a JPEG without a
    # word on its colours, which decoders take for YCbCr.
    return fits_ybr(eight)


def fits_ybr(eight: Pixels) -> bool:
    """Whether ``(H, W, 3)`` uint8 samples can be YCbCr: taken for it, they give colours that exist."""
    flat = eight.reshape(-1, 3)
    some = flat[:: max(1, len(flat) // _SAMPLED)].astype(np.float32)
    luma, blue, red = some[:, 0], some[:, 1] - 128, some[:, 2] - 128
    rgb = np.stack([luma + 1.402 * red, luma - 0.344136 * blue - 0.714136 * red, luma + 1.772 * blue])
    outside = (rgb.min(axis=0) < -_TOLERANCE) | (rgb.max(axis=0) > 255 + _TOLERANCE)
    return float(outside.mean()) < _MOST_OUTSIDE
