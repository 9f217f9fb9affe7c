"""How a picture can be drawn otherwise: contrast, brightness, black and white turned round, larger, a part.

Only the drawing changes. What is measured or told of a picture is of its own pixels.
"""

from __future__ import annotations

import numpy as np

from store.pictures.image import Pixels

MORE, LESS, BRIGHTER, DARKER = "more contrast", "less contrast", "brighter", "darker"
INVERTED, LARGER = "black and white turned round", "larger"
PARTS = {
    "only the middle": (0.25, 0.25),
    "only the left half": (0.0, 0.25),
    "only the right half": (0.5, 0.25),
    "only the upper half": (0.25, 0.0),
    "only the lower half": (0.25, 0.5),
    "only the upper left": (0.0, 0.0),
    "only the upper right": (0.5, 0.0),
    "only the lower left": (0.0, 0.5),
    "only the lower right": (0.5, 0.5),
}
"""Parts of half the width and height, by where their upper left corner lies; left is left in the picture."""
MIDDLE = next(iter(PARTS))
"""The part that is none of the halves and corners."""
LOOKS = (MORE, LESS, BRIGHTER, DARKER, INVERTED, LARGER, *PARTS)
# Ours: so much more contrast at a step, and by so much of all greys brighter.
_TIMES, _BY, _MIDDLE = 1.5, 0.15 * 255, 127.5
# Ours: the shorter side of what is drawn larger.
_LARGE = 1024


def drawn(pixels: Pixels, looks: tuple[str, ...]) -> Pixels:
    """A picture drawn otherwise.

    Args:
        pixels: ``(H, W)`` grey or ``(H, W, 3)`` RGB, uint8.
        looks: of `LOOKS`; one that stands more than once counts as often, of parts the last.
    """
    factor = _TIMES ** (looks.count(MORE) - looks.count(LESS))
    shift = _BY * (looks.count(BRIGHTER) - looks.count(DARKER))
    grey = (pixels.astype(np.float32) - _MIDDLE) * factor + _MIDDLE + shift
    painted = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    if looks.count(INVERTED) % 2:
        painted = 255 - painted
    part = next((one for one in reversed(looks) if one in PARTS), None)
    if part is not None:
        painted = _part(painted, *PARTS[part])
    return _larger(painted) if part or LARGER in looks else painted


def _part(pixels: Pixels, left: float, top: float) -> Pixels:
    height, width = pixels.shape[:2]
    x, y = int(width * left), int(height * top)
    return pixels[y : y + max(height // 2, 1), x : x + max(width // 2, 1)]


def _larger(pixels: Pixels) -> Pixels:
    """The picture with a shorter side of `_LARGE`, if it is smaller; no detail is made."""
    from PIL import Image as Picture

    height, width = pixels.shape[:2]
    times = _LARGE / min(height, width)
    if times <= 1:
        return pixels
    size = (round(width * times), round(height * times))
    return np.asarray(Picture.fromarray(pixels).resize(size, Picture.Resampling.BICUBIC))
