"""What was measured in a region, as records and in sentences; what the numbers are comes with them."""

from __future__ import annotations

from collections.abc import Iterator

from store.pictures.image import Image
from store.records import Measurement, Region
from tools.language.sayings import FIRST, say
from tools.region.places import is_cut
from tools.region.values import Values

_SOURCE = "tools/region"
_CHANNELS = ("red", "green", "blue")


def number(value: float) -> str:
    """A number with a decimal, a small one with three digits, a whole one with none."""
    if value == round(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def _said(name: str, /, **fields: object) -> str:
    return say(f"region_tools.{name}", FIRST, **fields)


def records(region: Region, values: Values, image: Image) -> list[Measurement]:
    """Each number of a region: mean, standard deviation, ends, median, pixels, area by the file's scale."""
    unit = "HU" if values.scale == "HU" else ""
    found: list[tuple[str, float, str]]
    if region.shape == "point":
        found = [("value", values.mean, unit)]
    else:
        found = [("mean", values.mean, unit)]
        found += [] if values.spread is None else [("spread", values.spread, unit)]
        ends = (("least", values.of.min()), ("most", values.of.max()), ("median", _middle(values)))
        found += [(name, float(value), unit) for name, value in ends]
        found += [("count", float(values.of.size), "px")]
        found += [] if (area := _area(values, image)) is None else [("area", area, "mm²")]
    found += [(name, one[0], "") for name, one in zip(_CHANNELS, values.channels, strict=False)]
    return [_measurement((region, values, image), *one) for one in found]


def sentences(region: Region, values: Values, image: Image) -> Iterator[str]:
    """The numbers, where the region lies, and what has to be said of them."""
    yield from _numbers(region, values)
    yield _where(region, image)
    if region.shape != "point":
        yield _count(values, image)
    if is_cut(region, image.size):
        yield _said("cut")
    if values.left_out:
        yield _said("left_out", count=values.left_out)
    yield _said("from_zero")
    yield from _what_they_are(values, image)
    if _area(values, image) is not None and image.scale_caution:
        yield image.scale_caution


def shape_of(region: Region) -> str:
    """What the shape is called."""
    alike = {"rectangle": "square", "ellipse": "circle"}
    return _said(alike.get(region.shape, "square") if region.width == region.height else region.shape)


def _middle(values: Values) -> float:
    import numpy as np

    return float(np.median(values.of))


def _area(values: Values, image: Image) -> float | None:
    if image.spacing_mm is None:
        return None
    return values.of.size * image.spacing_mm[0] * image.spacing_mm[1]


def _measurement(measured: tuple[Region, Values, Image], name: str, value: float, unit: str) -> Measurement:
    region, values, image = measured
    known = {"spread": "spread_defined", "area": "area_defined"}
    of = "region_defined" if values.scale in ("HU", "file") else "region_shown_defined"
    if values.scale == "colour" and name not in (*known, *_CHANNELS, "count"):
        of = "luminance_defined"
    called = _said(name)
    item = {"name": called, "value": number(value)}
    text = _said("item", **item, unit=unit) if unit else _said("item_plain", **item)
    return Measurement(
        image_id=region.image_id,
        name=called,
        value=round(value, 4),
        unit=unit,
        text=text,
        definition=_said(known.get(name, of)),
        source=_SOURCE,
        caution=(image.scale_caution or None) if name == "area" else None,
    )


def _numbers(region: Region, values: Values) -> Iterator[str]:
    means = {name: number(one[0]) for name, one in zip(_CHANNELS, values.channels, strict=False)}
    if region.shape == "point":
        yield _said(f"point_{values.scale}", value=number(values.mean), **means)
        return
    spread = values.spread or 0.0
    yield _said(
        f"values_{values.scale}",
        mean=number(values.mean),
        spread=number(spread),
        least=number(float(values.of.min())),
        most=number(float(values.of.max())),
        median=number(_middle(values)),
    )
    if values.channels:
        pairs = zip(_CHANNELS, values.channels, strict=False)
        yield _said("channels", **means, **{f"{name}_spread": number(one[1]) for name, one in pairs})


def _where(region: Region, image: Image) -> str:
    fields: dict[str, object] = {
        "image": region.image_id,
        "column": number(region.column),
        "row": number(region.row),
    }
    several = image.frame_count > 1
    fields |= {"slice": region.index + 1, "slices": image.frame_count} if several else {}
    if region.shape == "point":
        return _said("point_slice" if several else "point", **fields)
    fields |= {"shape": shape_of(region), "width": number(region.width), "height": number(region.height)}
    return _said("where_slice" if several else "where", **fields)


def _count(values: Values, image: Image) -> str:
    area = _area(values, image)
    if values.of.size == 1:
        return _said("one_pixel")
    if area is None:
        return _said("counted", count=values.of.size)
    return _said("counted_mm", count=values.of.size, area=number(area))


def _what_they_are(values: Values, image: Image) -> Iterator[str]:
    if values.scale == "file":
        unit = image.facts.get("unit of values", "").removesuffix(" (from the file)")
        yield _said("own_unit", unit=unit) if unit else _said("own_values")
        if image.inverted:
            yield _said("low_is_white")
    elif values.scale in ("grey", "colour"):
        yield _said("shown_levels")
