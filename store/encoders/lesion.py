"""Where a skin picture shows a lesion, roughly: enough to describe it, not to measure it.

``measure_lesion`` has its own, careful segmentation. This one must only be quick and always answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from store.encoders.blocks import Floats, Mask, from_centre

# Ours, found by looking at the masks of 190 dermoscopic and phone pictures: the black frame of a
# dermatoscope stays under 0.22 of full brightness; pen ink is bluer than any skin (b* under −8).
_FRAME_BRIGHTNESS = 0.22
_INK_B = -8.0
# A picture that is dark almost everywhere is not a frame.
_LARGEST_FRAME = 0.6
# Ours: the middle of the frame is where people put the lesion.
_CENTRE_SIGMA = 0.55
# Just visible in a phone photo. Ours; a colour difference of 2.3 is the just noticeable difference
# (M. Mahy, L. Van Eycken, A. Oosterlinck, Color Res. Appl. 19 (1994) 105–121).
_LEAST_DIFFERENCE = 4.0


@dataclass(frozen=True)
class LesionView:
    """A skin picture with its parts told apart.

    Attributes:
        lab: ``(H, W, 3)`` float32 CIE L*a*b* (D65).
        relative: `lab`, slightly smoothed, minus the colour of the surrounding skin.
        usable: ``(H, W)`` bool, neither frame nor ink.
        inside: ``(H, W)`` bool, the lesion with holes filled; never empty.
        lesion: `inside` without ink; never empty.
        skin: colour of the surrounding skin, L*a*b*.
    """

    lab: Floats
    relative: Floats
    usable: Mask
    inside: Mask
    lesion: Mask
    skin: Floats

    @property
    def difference(self) -> Floats:
        """Colour difference from the surrounding skin, ``(H, W)`` (CIE 1976 ΔE)."""
        return np.asarray(np.sqrt((self.relative**2).sum(axis=2)), np.float32)


def see_lesion(rgb: Floats) -> LesionView:
    """Tell lesion, skin, ink and frame apart in ``(H, W, 3)`` float32 RGB in [0, 1]."""
    from scipy import ndimage
    from skimage.color import rgb2lab

    lab = rgb2lab(rgb).astype(np.float32)
    smooth = ndimage.gaussian_filter(lab, (1.5, 1.5, 0))
    radius = from_centre(*rgb.shape[:2])
    usable = _usable(rgb, lab, smooth)
    skin = _surrounding(smooth, usable, radius)
    relative = smooth - skin
    inside = _inside(np.sqrt((relative**2).sum(axis=2)), usable, radius)
    lesion = inside & usable
    return LesionView(lab, relative, usable, inside, lesion if lesion.sum() >= 30 else inside, skin)


def _usable(rgb: Floats, lab: Floats, smooth: Floats) -> Mask:
    from scipy import ndimage

    parts, _ = ndimage.label(rgb.max(axis=2) < _FRAME_BRIGHTNESS)
    edge = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    frame = np.isin(parts, edge[edge > 0])
    if frame.mean() >= _LARGEST_FRAME:
        frame = np.zeros_like(frame)
    frame = ndimage.binary_dilation(frame, iterations=3)
    ink = (lab[..., 2] < _INK_B) & (smooth[..., 2] < _INK_B + 3) & (lab[..., 0] < 70)
    usable = ~frame & ~ndimage.binary_dilation(ink)
    if usable.mean() >= 0.2:
        return np.asarray(usable)
    return np.asarray(~frame) if (~frame).mean() >= 0.2 else np.ones_like(frame)


def _surrounding(smooth: Floats, usable: Mask, radius: Floats) -> Floats:
    ring = usable & (radius > 0.75)
    colours = smooth[ring if ring.sum() >= 50 else usable]
    # Without the darkest third: hair, shadow, and lesions that reach the edge.
    light = colours[:, 0] >= np.percentile(colours[:, 0], 30)
    return np.median(colours[light], axis=0).astype(np.float32)


def _inside(difference: Floats, usable: Mask, radius: Floats) -> Mask:
    from scipy import ndimage
    from skimage.filters import threshold_otsu

    central = np.exp(-0.5 * (radius / _CENTRE_SIGMA) ** 2)
    values = difference[usable]
    threshold = max(_LEAST_DIFFERENCE, threshold_otsu(values) if np.ptp(values) > 0 else 0.0)
    # A logistic step whose width is a quarter of the threshold; it fades towards the edge of the frame.
    steepness = np.clip((difference - threshold) / (0.25 * threshold), -30, 30)
    soft = usable * np.clip(1.6 * central, 0, 1) / (1 + np.exp(-steepness))
    hard = ndimage.binary_opening(soft > 0.5)
    parts, count = ndimage.label(hard)
    if count > 1:
        say = ndimage.sum(soft * central, parts, range(1, count + 1))
        hard = np.isin(parts, 1 + np.flatnonzero(say > 0.25 * say.max()))
    hard = ndimage.binary_fill_holes(hard)
    return np.asarray(hard) if hard.sum() >= 30 else np.asarray(radius < 0.35)
