"""The numbers of a lesion as records: each with its definition, its source and a sentence.

There is no total and no verdict: a measurement is a measurement.
"""

from __future__ import annotations

import numpy as np

from store.pictures.image import Image
from store.records import Measurement
from tools.lesion.colour import PRESENT_SHARE, Colours, SkinTone
from tools.lesion.segment import Lesion
from tools.lesion.shape import Shape, farthest

_ABCD = "Nachbar et al. 1994, The ABCD rule of dermatoscopy, doi:10.1016/S0190-9622(94)70061-3"
_FOLD = "Stoecker, Li and Moss 1992, doi:10.1016/0895-6111(92)90073-I; two axes as in " + _ABCD
_RELATIVE = "after Stanley, Stoecker and Moss 2007, doi:10.1111/j.1600-0846.2007.00192.x"
_COMPACTNESS = "Golston et al. 1992, doi:10.1016/0895-6111(92)90074-J"
_TYPOLOGY = (
    "Chardon, Cretois and Hourseau 1991, doi:10.1111/j.1467-2494.1991.tb00561.x; "
    "classes of Del Bino and Bernerd 2013, doi:10.1111/bjd.12529"
)
_CIELAB = (
    "CIE 15:2018, Colorimetry (CIELAB difference; the root mean square is ours); just visible: Mahy, "
    "Van Eycken and Oosterlinck 1994, doi:10.1002/col.5080190207"
)

CUT_OFF = "The lesion reaches the edge of the picture, so only the visible part is measured."
HAIRY = "Hair or lines cover much of the picture; they were filled in, and the outline is less sure there."
BY_HAND = "This is measured inside the outline that the user gave, not one that was found."
FAINT = "The lesion stands out only weakly from the skin around it, so its outline is uncertain."
# Ours: a smaller share is not worth a word.
SAID_SHARE = 0.01
# Ours: above this the filled-in hair is plainly visible in the drawing.
MUCH_HAIR = 0.12


def report(
    image: Image, image_id: str, *, lesion: Lesion, shape: Shape, colours: Colours, tone: SkinTone | None
) -> list[Measurement]:
    """Every measurement, in the order of the ABCD rule, then the skin around."""
    found = [*_shape(image_id, lesion, shape), *_colours(image_id, colours), *_size(image, image_id, lesion)]
    return [*found, _tone(image_id, tone)] if tone else found


def _caution(lesion: Lesion) -> str | None:
    cautions = [BY_HAND] if lesion.by_hand else []
    cautions += [CUT_OFF] if lesion.touches_frame else []
    cautions += [FAINT] if lesion.is_faint else []
    cautions += [HAIRY] if lesion.hair_share > MUCH_HAIR else []
    return " ".join(cautions) or None


def _shape(image_id: str, lesion: Lesion, shape: Shape) -> list[Measurement]:
    folds = (
        ("long", shape.long_fold, " of the lesion's area (0 % is mirror-symmetric)"),
        ("short", shape.short_fold, ""),
    )
    caution = _caution(lesion)
    found = [
        Measurement(
            image_id=image_id,
            name=f"asymmetry across the {name} axis",
            value=round(100 * value, 1),
            unit="%",
            text=f"Folded along its {name} axis, the halves differ by {100 * value:.0f} %{meaning}.",
            definition=f"area left uncovered when the outline is folded along its {name} principal axis, "
            "as a share of the lesion's area; shape only",
            source=_FOLD,
            caution=caution,
        )
        for name, value, meaning in folds
    ]
    border = Measurement(
        image_id=image_id,
        name="border irregularity",
        value=round(shape.compactness, 2),
        text=(
            f"The border index is {shape.compactness:.2f} (1 is a circle; a longer or more notched border "
            "has more)."
        ),
        definition="perimeter² / (4π · area) of the smoothed outline; it also grows when the lesion is long",
        source=_COMPACTNESS,
        caution=caution,
    )
    return [*found, border]


def _colours(image_id: str, colours: Colours) -> list[Measurement]:
    return [
        Measurement(
            image_id=image_id,
            name="colour count",
            value=len(colours.present),
            unit="of 6",
            text=_counted(colours),
            definition="which of white, red, light brown, dark brown, blue-grey and black cover at least "
            f"{100 * PRESENT_SHARE:.0f} % of the lesion; pink, lilac and the colour of the skin around are "
            "none of the six; the bounds of each colour, some relative to that skin, and that share are ours",
            source=f"{_ABCD}; colours relative to the skin {_RELATIVE}",
            caution="The colours named depend on light and camera; the rule was made for dermoscopy.",
        ),
        Measurement(
            image_id=image_id,
            name="colour variegation",
            value=round(colours.spread, 1),
            unit="CIELAB units",
            text=(
                f"The colours spread {colours.spread:.0f} CIELAB units around their mean (a difference of "
                "about 2 is just visible)."
            ),
            definition="root mean square CIELAB distance of the lesion's pixels from their mean colour",
            source=_CIELAB,
        ),
    ]


def _counted(colours: Colours) -> str:
    """The colours present, those too small to count, and the share that none of the six fits."""
    count = len(colours.present)
    named = [f"{name} {_percent(colours.shares[name])}" for name in colours.present]
    small = [
        # Rounded down, so that nothing below the share that counts reads as having reached it.
        f"{name} {int(100 * share)} %"
        for name, share in sorted(colours.shares.items(), key=lambda item: -item[1])
        if name not in colours.present and share >= SAID_SHARE
    ]
    is_are = "is" if count <= 1 else "are"
    listed = f": {', '.join(named)}" if named else ""
    text = f"Of the six colours of the ABCD rule, {count or 'none'} {is_are} present{listed}."
    if small:
        text += f" Seen but below the {_percent(PRESENT_SHARE)} that counts: {', '.join(small)}."
    if colours.unnamed >= SAID_SHARE:
        text += f" {_percent(colours.unnamed)} of the lesion fits none of the six."
    return text


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _size(image: Image, image_id: str, lesion: Lesion) -> list[Measurement]:
    """Area and largest diameter: in millimetres only if the file gives a scale."""
    height, width = image.pixels.shape[:2]
    area, diameter = _extent(lesion, (height, width), image.spacing_mm or (1.0, 1.0))
    least = "at least " if lesion.touches_frame else ""
    if image.spacing_mm:
        units = ("mm²", "mm")
        texts = (f"Its area is {least}{area:.1f} mm².", f"Its largest diameter is {least}{diameter:.1f} mm.")
        source = f"worked out with {image.facts.get('scale from', 'the scale')} in the file"
    else:
        area, diameter = 100 * area / (height * width), 100 * diameter / max(height, width)
        units = ("% of the picture", "% of the longer side")
        texts = (
            f"It covers {least}{area:.1f} % of the picture.",
            f"Its largest diameter is {least}{diameter:.0f} % of the picture's longer side.",
        )
        source = "the picture alone: the file states no scale, so no length is known"
    definitions = ("area inside the outline", "largest distance between two points of the outline")
    rows = zip(("area", "largest diameter"), (area, diameter), units, texts, definitions, strict=True)
    cautions = [BY_HAND] if lesion.by_hand else []
    cautions += [CUT_OFF] if lesion.touches_frame else []
    cautions += [image.scale_caution] if image.spacing_mm and image.scale_caution else []
    caution = " ".join(cautions) or None
    return [
        Measurement(
            image_id=image_id,
            name=name,
            value=round(value, 1),
            unit=unit,
            text=text,
            definition=definition,
            source=source,
            caution=caution,
        )
        for name, value, unit, text, definition in rows
    ]


def _extent(lesion: Lesion, size: tuple[int, int], spacing: tuple[float, float]) -> tuple[float, float]:
    """Area and largest diameter in the units of `spacing` (row, column) per pixel of a picture of `size`."""
    steps = np.array(size) / np.array(lesion.outline.shape) * np.array(spacing)
    ends = farthest(lesion.contour, (float(steps[0]), float(steps[1])))
    diameter = float(np.linalg.norm((ends[1] - ends[0]) * steps))
    return float(lesion.outline.sum() * steps.prod()), diameter


def _tone(image_id: str, tone: SkinTone) -> Measurement:
    return Measurement(
        image_id=image_id,
        name="individual typology angle",
        value=round(tone.angle, 0),
        unit="°",
        text=(
            f"The surrounding skin has an individual typology angle of {tone.angle:.0f}° in this picture, "
            f"in the class “{tone.name}”."
        ),
        definition="atan2(L* − 50, b*) of the median colour of the skin around the lesion, in degrees",
        source=_TYPOLOGY,
        caution="Light, exposure, white balance and the dermoscope shift this angle, so it describes the "
        "picture and not the person; outlines and models are less tested on darker skin.",
    )
