"""Text and faces in the pixels of an image, masked before anything is kept, and looked for again.

Of a stack three pictures are looked at: the frame shown, and the lightest and darkest of every pixel over all
frames, in which text that stands in any frame is seen. What is masked is masked in all frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import NO_VALUE, Image, Pixels
from tools.burned_in.boxes import Box
from tools.burned_in.seekers import Seeker

Mask = NDArray[np.bool_]

# Ours: letters reach a little beyond their box.
_MARGIN = 0.12
# Ours: a place that is masked for the most part is not found anew.
_MASKED = 0.5
# Values that stand for no value, by the kind of number.
_NOTHING = {"u": 0, "i": NO_VALUE, "f": np.nan}


@dataclass(frozen=True)
class Masked:
    """An image without its text, or its faces.

    Attributes:
        image: the image; the very same if nothing was found.
        places: what was found, masked or kept.
        kept: how many of them were kept.
        left: how many places were still found after masking twice.
    """

    image: Image
    places: Sequence[Box]
    kept: int = 0
    left: int = 0

    @property
    def masked(self) -> Sequence[Box]:
        """The places that were masked."""
        return self.places[: len(self.places) - self.kept]


def masked(image: Image, finder: Seeker, keep: Sequence[str] = ()) -> Masked:
    """Mask every place that is found; text whether it can be read or not.

    Args:
        image: its arrays are not changed.
        finder: finds the places.
        keep: kinds of text that stay.

    Raises:
        SetupError: a package that finds them is missing.
    """
    looks = list(looked_at(image))
    found = [box for look in looks for box in finder.find(look, read=bool(keep))]
    going = [box for box in found if box.kind not in keep]
    staying = covered([box for box in found if box.kind in keep], image.size)
    hidden = covered(going, image.size)
    left: list[Box] = []
    if going:
        again = _news(finder, looks, hidden | staying)
        going += again
        hidden |= covered(again, image.size)
        left = _news(finder, looks, hidden | staying) if again else []
    if not going:
        return Masked(image, found, kept=len(found))
    kept = [box for box in found if box.kind in keep]
    return Masked(without(image, hidden), [*going, *kept], len(kept), len(left))


def covered(boxes: Sequence[Box], size: tuple[int, int]) -> Mask:
    """``(H, W)``: the pixels of the boxes, with a margin.

    Args:
        boxes: the places.
        size: width and height of the picture.
    """
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    picture = PillowImage.new("1", size)
    draw = ImageDraw.Draw(picture)
    for box in boxes:
        middle = box.corners.mean(axis=0)
        sides = np.linalg.norm(box.corners - np.roll(box.corners, 1, axis=0), axis=1)
        reach = 1 + _MARGIN * min(sides)
        away = box.corners - middle
        away /= np.maximum(np.abs(away), 1e-9)  # the sign of each: outwards
        draw.polygon([(float(x), float(y)) for x, y in box.corners + reach * away], fill=1)
    return np.array(picture, dtype=bool)


def without(image: Image, hidden: Mask) -> Image:
    """The image with these pixels black in every frame, and without a value."""
    frames = np.array(image.frames)
    frames[:, hidden] = 0
    values = None if image.values is None else np.array(image.values)
    if values is not None:
        values[:, hidden] = _NOTHING[values.dtype.kind]
    return replace(image, frames=frames, values=values)


def looked_at(image: Image) -> list[Pixels]:
    """The pictures in which all of an image is seen, ``(H, W)`` or ``(H, W, 3)`` uint8 each."""
    if image.frame_count == 1:
        return [image.plain]
    lightest, darkest = np.array(image.frames[0]), np.array(image.frames[0])
    for frame in image.frames[1:]:
        np.maximum(lightest, frame, out=lightest)
        np.minimum(darkest, frame, out=darkest)
    return [image.plain, lightest, darkest]


def _news(finder: Seeker, looks: Sequence[Pixels], seen: Mask) -> list[Box]:
    """What is found once the known places are gone: its place looks like what is nearest to it."""
    from scipy.ndimage import distance_transform_edt

    nearest = tuple(distance_transform_edt(seen, return_distances=False, return_indices=True))
    found = [box for look in looks for box in finder.find_again(look[nearest])]
    return [box for box in found if _share(box, seen) < _MASKED]


def _share(box: Box, seen: Mask) -> float:
    left, top, right, bottom = (round(one) for one in box.around)
    part = seen[max(top, 0) : bottom + 1, max(left, 0) : right + 1]
    return float(part.mean()) if part.size else 1.0
