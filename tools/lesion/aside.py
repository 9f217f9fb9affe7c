"""What is neither skin nor lesion: black corners, foreign objects at the frame, pen marks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.lesion.planes import Mask, Plane

# Ours, by drawn strokes and by looking at photographs with pen marks and with blue lesions: a stroke is
# over four times as long as it is wide at its widest, at least 6 % of the picture long and under 18 %
# wide. Half of what lies beside it is skin: less than 0.6 times as far from the colour of skin as the ink.
INK_LONG = 4.0
INK_LENGTH = 0.06
INK_WIDTH = 0.06
INK_WIDEST = 0.18
INK_ON_SKIN = 0.6
INK_BARE = 0.6


def black_frame(lab: Plane) -> Mask:
    """Black corners and bars: dark, colourless, and reaching a corner of the picture."""
    from scipy import ndimage

    lightness = ndimage.gaussian_filter(lab[..., 0], 1.0)
    limit = min(22.0, max(6.0, 0.4 * float(np.median(lightness))))
    dark = (lightness < limit) & (np.hypot(lab[..., 1], lab[..., 2]) < 14)
    black = _reaching(dark, corners_only=True)
    grow = max(2, round(max(black.shape) * 0.012))
    return np.asarray(ndimage.binary_dilation(black, iterations=grow) if black.any() else black)


def find_foreign(lab: Plane, usable: Mask) -> Mask:
    """Coloured discs, cloth and lamps at the frame: colours that skin does not have.

    Bluish parts count where they lie on skin; among pigment they are a part of the lesion.
    """
    from scipy import ndimage

    soft = ndimage.gaussian_filter(lab, (2, 2, 0))
    chroma = np.hypot(soft[..., 1], soft[..., 2])
    limit = max(55.0, float(np.median(chroma)) + 28)
    # Magenta: no skin is as red and yet bluish.
    cold = (soft[..., 2] < -14) | (soft[..., 1] < -10) | ((soft[..., 1] > 35) & (soft[..., 2] < 0))
    lamp = (soft[..., 0] > 93) & (chroma < 15)
    fine = max(1, round(max(lab.shape) * 0.01))
    foreign = _reaching(
        ndimage.binary_opening((chroma > limit) | cold | lamp, iterations=fine), corners_only=False
    )
    if not foreign.any():
        return foreign
    labels, count = ndimage.label(foreign)
    bluish = np.bincount(labels.ravel(), (soft[..., 2] < 0).ravel()) > 0.5 * np.bincount(labels.ravel())
    kept = ~bluish | (_bare_beside(labels, count, soft, _likely_skin(soft, usable)) > 0.4)
    kept[0] = False
    grow = max(2, round(max(lab.shape) * 0.015))
    return np.asarray(ndimage.binary_dilation(kept[labels], iterations=grow))


def _reaching(mask: Mask, *, corners_only: bool) -> Mask:
    """The parts of `mask` that reach the frame, or one of its corners."""
    from scipy import ndimage

    labels, _ = ndimage.label(mask)
    if corners_only:
        edge = labels[[0, 0, -1, -1], [0, -1, 0, -1]]
    else:
        edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.isin(labels, np.unique(edge[edge > 0]))


def find_ink(lab: Plane, usable: Mask, hair: Mask) -> Mask:
    """Pen marks: strokes of a colour that pigment does not have, lying on skin.

    A blue-grey or black area of a lesion has such colours too, but it is broad, or lies among other
    pigment; a stroke is long for its width and has skin on both sides for most of its way.
    """
    from scipy import ndimage

    # Every other pixel of a large picture tells a stroke as well.
    step = 1 + (max(usable.shape) > 320)
    soft = ndimage.gaussian_filter(lab, (1.5, 1.5, 0), truncate=2.5)[::step, ::step]
    skin = _likely_skin(soft, usable[::step, ::step])
    inky = _inky(soft, skin) & usable[::step, ::step]
    if not inky.any():
        return np.zeros(usable.shape, bool)
    # Hair is dark and nearly colourless, and many hairs that cross would join whatever lies among them.
    dull = (soft[..., 2] > -5) & (soft[..., 1] > -8)
    inky &= ~(ndimage.binary_dilation(hair, iterations=2)[::step, ::step] & dull)
    reach = max(inky.shape) * INK_WIDTH / 2
    found, wide = _strokes(inky, soft, skin), _wide(inky, reach)
    if wide.any():
        found = found | _strokes(inky & (ndimage.distance_transform_edt(~wide) > reach), soft, skin)
    return found.repeat(step, 0).repeat(step, 1)[: usable.shape[0], : usable.shape[1]]


def _likely_skin(soft: Plane, usable: Mask) -> Plane:
    """``(3,)`` CIELAB: the median of the lighter half of the picture; lesions and ink are darker."""
    # Every third pixel each way is enough for a median.
    some, within = soft[::3, ::3], usable[::3, ::3]
    pixels = some[within] if within.any() else some.reshape(-1, 3)
    return np.asarray(np.median(pixels[pixels[:, 0] >= np.median(pixels[:, 0])], axis=0))


def _inky(soft: Plane, skin: Plane) -> Mask:
    """Blue, violet, green or black, and darker than skin."""
    light, red, yellow = (soft[..., channel] for channel in range(3))
    chroma = np.hypot(red, yellow)
    blue = (yellow < min(6.0, skin[2] - 10)) & (chroma > 7)
    green = (red < min(-4.0, skin[1] - 12)) & (chroma > 7)
    black = (light < min(32.0, skin[0] - 25)) & (chroma < 14)
    return np.asarray((blue | green | black) & (light < skin[0] - 6))


def _strokes(inky: Mask, soft: Plane, skin: Plane) -> Mask:
    """The parts that are long for their width and lie on skin."""
    from scipy import ndimage

    side = max(inky.shape)
    labels, _ = ndimage.label(inky, np.ones((3, 3)))
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    # A stroke too thin for this is found among the hairs.
    large = areas > INK_LENGTH * side * 2
    if not large.any():
        return np.zeros(inky.shape, bool)
    labels = np.where(large, np.cumsum(large), 0)[labels]
    areas = areas[large]
    depth = ndimage.distance_transform_edt(labels > 0)
    widths = 2 * np.asarray(ndimage.maximum(depth, labels, np.arange(1, len(areas) + 1)))
    shaped = (areas > INK_LONG * widths**2) & (areas > INK_LENGTH * side * widths)
    kept = np.concatenate([[False], shaped & (widths < INK_WIDEST * side)])
    if not kept.any():
        return np.zeros(inky.shape, bool)
    labels = np.where(kept[labels], labels, 0)
    return np.asarray(kept & (_bare_beside(labels, len(areas), soft, skin) > INK_BARE))[labels]


def _bare_beside(labels: NDArray[np.int32], count: int, soft: Plane, skin: Plane) -> Plane:
    """Share of the skin's colour in what lies beside each part, ``(count + 1,)``; 1 where nothing does.

    What borders on a part is blurred with it; beyond that lies what it was drawn on, or belongs to.
    """
    from scipy import ndimage

    side = max(labels.shape)
    away, (rows, columns) = ndimage.distance_transform_edt(labels == 0, return_indices=True)
    beside = (away > 0.008 * side) & (away < 0.025 * side)
    owner = labels[rows, columns][beside]
    unlike = np.linalg.norm(soft - skin, axis=2)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    own = np.bincount(labels.ravel(), unlike.ravel(), count + 1) / np.maximum(1, sizes)
    bare = np.bincount(owner, unlike[beside] < INK_ON_SKIN * own[owner], count + 1)
    total = np.bincount(owner, minlength=count + 1)
    return np.where(total > 0, bare / np.maximum(1, total), 1.0)


def _wide(mask: Mask, reach: float) -> Mask:
    """The pixels further than `reach` from the rim of their part."""
    from scipy import ndimage

    labels, _ = ndimage.label(mask)
    # Only a part as large as a disc of that radius can have such pixels.
    large = np.bincount(labels.ravel()) > np.pi * reach**2
    large[0] = False
    if not large.any():
        return np.zeros(labels.shape, bool)
    return np.asarray(ndimage.distance_transform_edt(large[labels]) > reach)
