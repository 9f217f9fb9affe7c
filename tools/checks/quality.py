"""Technical quality of a picture: light, contrast, sharpness, size. Nothing medical.

Every check gives its value whether or not it finds a problem. Thresholds marked "ours" were set on
sharp and on blurred published photographs and radiographs so that the sharp ones pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Image
from store.records import Domain, Quality

_WORKING_SIDE = 512

# Derm Foundation, PubMedCLIP, PaliGemma-224 and LLaVA v1 take 224 pixels or more (their model cards).
MIN_SIDE = 224
# Variance of the Laplacian as a focus measure: Pech-Pacheco et al., ICPR 2000,
# doi:10.1109/ICPR.2000.903548. The threshold is ours.
MIN_SHARPNESS = 4.0
# Extreme light as a limit: model card of google/derm-foundation. The thresholds are ours.
DARK_MEDIAN, BRIGHT_MEDIAN, MAX_CLIPPED = 50.0, 225.0, 0.20
# Grey levels between the 5th and the 95th percentile; ours.
MIN_CONTRAST: dict[str, float] = {"dermatology": 12.0, "radiology": 40.0}


def check_quality(image: Image, image_id: str, domain: Domain) -> list[Quality]:
    """Check the selected frame.

    Args:
        image: the image.
        image_id: its id in the chat.
        domain: radiographs are rightly dark and bright in places, so light is judged for photos only.

    Returns:
        One record per check; `problem` is a sentence where something is wrong.
    """
    grey = _working_grey(image)
    checks = [_size(image, image_id), _sharpness(grey, image_id), _contrast(grey, image_id, domain)]
    if domain == "dermatology":
        checks += _light(grey, image_id)
    return checks


def _working_grey(image: Image) -> NDArray[np.float64]:
    from PIL import Image as PillowImage

    picture = PillowImage.fromarray(image.pixels).convert("L")
    scale = _WORKING_SIDE / max(picture.size)
    if scale < 1:
        size = (max(3, round(picture.width * scale)), max(3, round(picture.height * scale)))
        picture = picture.resize(size, PillowImage.Resampling.BILINEAR)
    return np.asarray(picture, dtype=np.float64)


def _size(image: Image, image_id: str) -> Quality:
    side = min(image.size)
    problem = None
    if side < MIN_SIDE:
        problem = (
            f"It is small: the shorter side has {side} pixels, and published readers take {MIN_SIDE} or more."
        )
    return Quality(image_id=image_id, name="shorter side", value=side, unit="px", problem=problem)


def _sharpness(grey: NDArray[np.float64], image_id: str) -> Quality:
    name, source = "sharpness", "variance of the Laplacian, Pech-Pacheco et al. 2000"
    if min(grey.shape) < 3:
        return Quality(image_id=image_id, name=name, value=0.0, source=source)
    middle = -4 * grey[1:-1, 1:-1]
    value = float((middle + grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]).var())
    problem = None
    if value < MIN_SHARPNESS:
        problem = "It looks blurred or has no detail, so borders and fine structure cannot be trusted."
    return Quality(image_id=image_id, name=name, value=round(value, 1), problem=problem, source=source)


def _contrast(grey: NDArray[np.float64], image_id: str, domain: Domain) -> Quality:
    low, high = np.percentile(grey, [5, 95])
    value = float(high - low)
    problem = None
    if value < MIN_CONTRAST.get(domain, min(MIN_CONTRAST.values())):
        problem = f"It has little contrast: nine tenths of it lie within {value:.0f} of 255 grey levels."
    return Quality(
        image_id=image_id, name="contrast", value=round(value, 1), unit="grey levels", problem=problem
    )


def _light(grey: NDArray[np.float64], image_id: str) -> list[Quality]:
    median, clipped = float(np.median(grey)), float((grey >= 250).mean())
    problem = None
    if median < DARK_MEDIAN:
        problem = "It is very dark, a condition in which methods for skin images get worse."
    elif median > BRIGHT_MEDIAN or clipped > MAX_CLIPPED:
        problem = "It is very bright or overexposed, a condition in which methods for skin images get worse."
    source = "model card of google/derm-foundation, limitations"
    return [
        Quality(
            image_id=image_id,
            name="median brightness",
            value=round(median, 1),
            unit="grey levels",
            problem=problem,
            source=source,
        ),
        Quality(image_id=image_id, name="overexposed share", value=round(clipped, 3)),
    ]
