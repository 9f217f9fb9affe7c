"""Colours inside an outline, and the tone of the skin around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.lesion.clean import Working
from tools.lesion.planes import Mask, Plane

# The six colours are those of Nachbar et al. 1994, doi:10.1016/S0190-9622(94)70061-3, and so is that
# white counts only when lighter than the skin beside it. The bounds in CIELAB below are ours: the
# paper gives words, not numbers. They were set by looking at 73 photographs.
COLOURS = ("white", "red", "light brown", "dark brown", "blue-grey", "black")
PRESENT_SHARE = 0.05

# Black and dark brown are judged by the lightness of the skin beside the lesion, so that a pale or hazy
# picture does not lift black to grey. Source of the idea: the relative colour of Stanley, Stoecker and
# Moss 2007, doi:10.1111/j.1600-0846.2007.00192.x. Ours, set by looking at 38 photographs: they subtract
# the skin, here it is a share of its L*, kept within (lowest, highest). The lowest stands because dark
# skin and a dark picture cannot be told apart, and neither may make a lesion be called lighter.
DARK_SHARE, DARK_BOUNDS = 0.62, (36.0, 46.0)
BLACK_SHARE, BLACK_BOUNDS = 0.6, (28.0, 36.0)

# Del Bino and Bernerd 2013, doi:10.1111/bjd.12529: lower bounds of the classes in degrees.
TYPOLOGY = ((55, "very light"), (41, "light"), (28, "intermediate"), (10, "tan"), (-30, "brown"))


@dataclass(frozen=True)
class Colours:
    """Colours of a lesion.

    Attributes:
        shares: share of the lesion by colour name; what has the colour of skin is left out.
        present: the names of those that cover at least `PRESENT_SHARE`, most first.
        spread: root mean square CIELAB distance of the lesion's pixels from their mean.
    """

    shares: dict[str, float]
    present: tuple[str, ...]
    spread: float

    @property
    def unnamed(self) -> float:
        """Share of the lesion that fits none of the six, be it skin-coloured, pink or lilac."""
        return max(0.0, 1.0 - sum(self.shares.values()))


@dataclass(frozen=True)
class SkinTone:
    """Median colour of the surrounding skin and its individual typology angle in degrees."""

    lightness: float
    blue_yellow: float
    angle: float
    name: str


def measure_colours(working: Working, outline: Mask) -> Colours:
    """Name and count the colours inside an outline.

    Args:
        working: the cleaned picture.
        outline: ``(h, w)`` bool.
    """
    from scipy import ndimage

    side = max(outline.shape)
    lab = ndimage.gaussian_filter(working.lab, (side * 0.003, side * 0.003, 0))
    # Ours: the outermost 1 % of the picture's longer side is where lesion and skin mix.
    inside = (ndimage.distance_transform_edt(outline) > 0.01 * side) & ~working.filled
    if inside.sum() < 0.4 * outline.sum():
        inside = outline
    values = lab[inside]
    around = surroundings(working, outline)
    skin = np.median(lab[around], axis=0) if around.any() else np.median(lab[~outline], axis=0)
    kind = name_colours(values, skin)
    shares = {name: float((kind == i).mean()) for i, name in enumerate(COLOURS)}
    present = sorted((n for n in COLOURS if shares[n] >= PRESENT_SHARE), key=lambda n: -shares[n])
    return Colours(shares, tuple(present), float(np.sqrt(values.var(0).sum())))


def name_colours(values: Plane, skin: Plane) -> Plane:
    """Index into `COLOURS` for each CIELAB colour, or −1 for the colour of the skin itself.

    Args:
        values: ``(n, 3)`` CIELAB.
        skin: ``(3,)`` CIELAB of the skin around.
    """
    light, red, yellow = values[:, 0], values[:, 1], values[:, 2]
    chroma = np.hypot(red, yellow)
    darker = light < skin[0] - 6
    dark, black = np.clip(DARK_SHARE * skin[0], *DARK_BOUNDS), np.clip(BLACK_SHARE * skin[0], *BLACK_BOUNDS)
    tests = (
        ((light < 17) & (chroma < 20)) | ((light < black) & (chroma < 7)),
        (light < 62) & darker & (yellow < min(4.0, skin[2] - 6)) & (red < 10),
        (light > skin[0] + 6) & (light > 60) & (chroma < np.hypot(skin[1], skin[2])),
        (red > max(18.0, skin[1] + 6)) & (yellow < np.where(light > 30, 0.72, 0.45) * red)
        | (chroma > 45) & (red > yellow),
        light < dark,
        darker | ((yellow > skin[2] + 6) & (light < skin[0])),
    )
    order = ("black", "blue-grey", "white", "red", "dark brown", "light brown")
    return np.select(list(tests), [COLOURS.index(name) for name in order], default=-1)


def surroundings(working: Working, outline: Mask) -> Mask:
    """Skin around the outline: beyond a margin of 4 % of the longer side, up to a quarter of it."""
    from scipy import ndimage

    side = max(outline.shape)
    away = ndimage.distance_transform_edt(~outline)
    return np.asarray((away > 0.04 * side) & (away < 0.25 * side) & working.usable & ~working.filled)


def measure_skin_tone(working: Working, outline: Mask) -> SkinTone | None:
    """Individual typology angle of the surrounding skin, or None where too little skin is seen.

    atan2(L* − 50, b*) in degrees. Source: Chardon, Cretois and Hourseau 1991,
    doi:10.1111/j.1467-2494.1991.tb00561.x; classes as in `TYPOLOGY`.
    """
    around = surroundings(working, outline)
    if around.sum() < 0.02 * outline.size:
        return None
    light, _, yellow = (float(v) for v in np.median(working.lab[around], axis=0))
    # Skin is yellower than grey; where it is not, the light or the camera has shifted the colours.
    if yellow < 1:
        return None
    angle = typology_angle(light, yellow)
    return SkinTone(light, yellow, angle, next((name for bound, name in TYPOLOGY if angle > bound), "dark"))


def typology_angle(lightness: float, blue_yellow: float) -> float:
    """Individual typology angle in degrees from CIELAB L* and b*."""
    return float(np.degrees(np.arctan2(lightness - 50, blue_yellow)))
