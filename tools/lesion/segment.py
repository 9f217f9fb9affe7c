"""Photograph → the lesion's outline, or a sentence that says why there is none.

Order: reduce and clean (``clean``), map what is unlike skin (``maps``), cut the maps into regions
(``candidates``), let the best vote (``choose``), settle the outline on the working picture (here).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from store.pictures.image import Pixels
from tools.lesion.candidates import fill_holes, find_candidates, ring_contrast
from tools.lesion.choose import Choice, choose
from tools.lesion.clean import Working, prepare
from tools.lesion.maps import MAP_SIDE, build_maps
from tools.lesion.planes import Mask, Plane
from tools.lesion.shape import Points, compactness_of, outline_points

SMALLEST_SIDE = 48

# Ours, set between 73 photographs with masks and 71 boxes of bare skin cut from them, which
# `python -m tests.bench.lesion DATA_DIR` counts: an outline is taken that is good by its score, or, with a
# caution, where there is surely a lesion. Each sum counts the step of colour with its own weight; a step as
# `STARK` is seen in none of the boxes.
SURE, STEP_IN_SURE = 0.65, 0.02
PRESENT, STEP_IN_PRESENT = 1.36, 0.035
STARK = 14.0

# Ours: a step of colour that an eye would not see (about 2 is just visible) is no outline.
SMALLEST_STEP = 1.0

# Ours, by looking at the outlines they refuse.
RIVAL_MARGIN = 0.1
LARGEST_SHARE = 0.85
LARGEST_FRAME_SHARE = 0.55
LARGEST_INK_SHARE = 0.6
RAGGED = 3.5
RAGGED_ENOUGH = 0.8


@dataclass(frozen=True, eq=False)
class Lesion:
    """One outlined lesion.

    Attributes:
        size: (H, W) of the picture itself.
        outline: ``(h, w)`` bool at working size; everything is measured on it.
        working: the cleaned picture at working size.
        frame_share: share of the outline that runs along the frame or a black corner.
        score: roughly the Dice to expect against a hand-drawn outline; uncalibrated.
        trust: how clearly a good outline stands out; below `SURE` it is given with a caution.
        step: CIELAB distance from just inside to just outside the outline.
        by_hand: the user gave the outline; it was not found.
    """

    size: tuple[int, int]
    outline: Mask
    working: Working
    frame_share: float
    score: float
    trust: float
    step: float
    by_hand: bool = False

    @cached_property
    def contour(self) -> Points:
        """The outline as a closed line; see `outline_points`."""
        return outline_points(self.outline)

    @property
    def mask(self) -> Mask:
        """The outline at the picture's own size, ``(H, W)`` bool; made anew each time."""
        from PIL import Image as PillowImage

        if self.outline.shape == self.size:
            return self.outline
        grey = PillowImage.fromarray(self.outline.astype(np.uint8) * 255)
        return np.asarray(grey.resize(self.size[::-1], PillowImage.Resampling.BICUBIC)) > 127

    @property
    def touches_frame(self) -> bool:
        """The lesion goes on beyond the picture."""
        return self.frame_share > 0.02

    @property
    def is_faint(self) -> bool:
        """There is a lesion, but its outline stands out only weakly."""
        return self.trust < SURE

    @property
    def hair_share(self) -> float:
        """Share of the picture where hair or ruler lines were filled in."""
        return self.working.hair_share


@dataclass(frozen=True)
class NoLesion:
    """No outline; `reason` says why in a sentence."""

    reason: str


def segment(pixels: Pixels) -> Lesion | NoLesion:
    """Outline the lesion of a skin photograph.

    Args:
        pixels: ``(H, W, 3)`` uint8 RGB, clinical or dermoscopic.
    """
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return NoLesion(f"The picture is too small: at least {SMALLEST_SIDE} pixels each way are needed.")
    working = prepare(pixels)
    if working.usable.mean() < 0.3:
        return NoLesion("Most of the picture is black, glare or not skin-coloured.")
    maps = build_maps(working)
    candidates = find_candidates(maps)
    if not candidates:
        return NoLesion("Nothing in the picture stands out from the skin.")
    choice = choose(candidates)
    outline = _settle(choice.share, working)
    step = ring_contrast(choice.best, maps)
    lesion = Lesion(
        size=(pixels.shape[0], pixels.shape[1]),
        outline=outline,
        working=working,
        frame_share=frame_share_of(outline, working),
        score=choice.score,
        trust=choice.score + STEP_IN_SURE * min(10.0, step),
        step=step,
    )
    reason = _refusal(choice, lesion)
    return NoLesion(reason) if reason else lesion


def _settle(share: Plane, working: Working) -> Mask:
    """The vote at working size: half of it is the outline; one piece, no holes."""
    from scipy import ndimage
    from skimage.transform import resize

    shape = working.usable.shape
    level = ndimage.gaussian_filter(resize(share, shape, order=1), max(shape) / MAP_SIDE)
    inside = (level > 0.5) & working.usable
    labels, count = ndimage.label(inside)
    if count > 1:
        inside = labels == 1 + int(np.argmax(np.bincount(labels.ravel())[1:]))
    return fill_holes(inside)


def _refusal(choice: Choice, lesion: Lesion) -> str | None:
    """Why this outline is not to be trusted, or None."""
    outline, working = lesion.outline, lesion.working
    if (
        choice.rival is not None
        and choice.rival > choice.score - RIVAL_MARGIN
        and choice.rival_likeness > 0.4
    ):
        return "Several areas stand out about equally. Crop the picture to the one that is meant."
    if not (_stands_out(choice, lesion) and outline.any()):
        return "No area stands out clearly enough from the skin around it."
    if outline.sum() > LARGEST_SHARE * working.usable.sum() or lesion.frame_share > LARGEST_FRAME_SHARE:
        return "The lesion fills or leaves the picture: too little skin is seen around it to measure against."
    if _share_of_rim(outline, _around_ink(working)) > LARGEST_INK_SHARE:
        return "The clearest outline follows a pen mark, not the skin."
    if lesion.trust < RAGGED_ENOUGH and compactness_of(lesion.contour) > RAGGED:
        return (
            "The outline found is too ragged to be trusted, which happens where a lesion fades into the skin."
        )
    return None


def _stands_out(choice: Choice, lesion: Lesion) -> bool:
    """Whether there is a lesion: by how good its outline is, by where it lies, or by its colour alone."""
    if lesion.step < SMALLEST_STEP:
        return False
    presence = choice.presence + STEP_IN_PRESENT * min(10.0, lesion.step)
    return lesion.trust >= SURE or presence >= PRESENT or lesion.step >= STARK


def frame_share_of(outline: Mask, working: Working) -> float:
    """Share of an outline that runs along the frame or what was set aside there."""
    return _share_of_rim(outline, _frame(working))


def _frame(working: Working) -> Mask:
    """The two outermost pixels of the picture and what borders on black corners or foreign objects."""
    from scipy import ndimage

    frame = np.asarray(ndimage.binary_dilation(~working.usable, iterations=2))
    frame[[0, 1, -2, -1]] = frame[:, [0, 1, -2, -1]] = True
    return frame


def _around_ink(working: Working) -> Mask:
    """Pen marks and 3 % of the longer side around them."""
    from scipy import ndimage

    if not working.ink.any():
        return working.ink
    return np.asarray(ndimage.distance_transform_edt(~working.ink) < 0.03 * max(working.ink.shape))


def _share_of_rim(outline: Mask, place: Mask) -> float:
    """Share of the outline's own pixels that lie in `place`."""
    from scipy import ndimage

    rim = outline & ~ndimage.binary_erosion(outline)
    return float((rim & place).sum() / max(1, rim.sum()))
