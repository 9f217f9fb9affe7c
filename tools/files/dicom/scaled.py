"""The scales of all frames of a stack, and how the stack is made of square pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.files.arrays.limits import ReadLimits
from tools.files.arrays.squaring import Squaring, resampled_note, squared
from tools.files.dicom.frames import Frame
from tools.files.dicom.spacing import Scale, scale_of

# Ours: how far the shapes of two frames' pixels may differ and still be squared alike.
_SAME_SHAPE = 0.01


@dataclass(frozen=True)
class Scales:
    """What the pixels of a stack measure.

    Attributes:
        each: one scale per frame, of the pixels as stored.
        squaring: how every frame is resampled.
        note: the sentence on pixels that are not square; ``""`` where they are.
    """

    each: tuple[Scale, ...]
    squaring: Squaring
    note: str = ""

    def spacing_mm(self, frame: int) -> tuple[float, float] | None:
        """The (row, column) spacing of a frame as it is shown."""
        return self.squaring.spacing(self.each[frame].spacing_mm)


def scales_of(frames: Sequence[Frame], samples: int, limits: ReadLimits) -> Scales:
    """The scales of frames of equal rows and columns.

    Frames whose pixels have different shapes cannot share one picture size; they are shown as stored,
    and that is said.

    Args:
        frames: in the order shown.
        samples: 3 for colour, else 1.
        limits: of the resampled stack.
    """
    each = tuple(scale_of(frame.flat) for frame in frames)
    stored = frames[0].header.shape
    plain = Squaring(stored, stored)
    ratios = [_ratio(scale) for scale in each]
    if max(ratios) - min(ratios) > _SAME_SHAPE * max(ratios):
        return Scales(each, plain, "Some slices have pixels that are not square; they are shown stretched.")
    aspect = each[0].aspect
    squaring = squared(stored, aspect, len(frames), samples, limits)
    if aspect is None or not squaring.changes:
        return Scales(each, plain)
    unit = " mm" if each[0].spacing_mm == aspect else ""
    return Scales(each, squaring, resampled_note(squaring, aspect, unit))


def _ratio(scale: Scale) -> float:
    return scale.aspect[0] / scale.aspect[1] if scale.aspect else 1.0
