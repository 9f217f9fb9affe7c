"""The values of one region or of two set beside each other: difference, SNR, CNR, ratio, with definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from store.errors import ToolUseError
from store.records import Measurement, Region
from tools.language.sayings import FIRST, say
from tools.region.told import number
from tools.region.values import Values

_SOURCE = "tools/region"


@dataclass(frozen=True)
class Measured:
    """A region with its values."""

    region: Region
    values: Values


def _said(name: str, /, **fields: object) -> str:
    return say(f"region_tools.{name}", FIRST, **fields)


def snr(values: Values) -> float | None:
    """Mean / standard deviation of a region; None where either is not above 0."""
    spread = values.spread
    return values.mean / spread if spread and values.mean > 0 else None


def cnr(values: Values, background: Values) -> float | None:
    """Size of the difference of the means / standard deviation of the background; None where that is 0."""
    spread = background.spread
    return abs(values.mean - background.mean) / spread if spread else None


def told_snr(values: Values) -> Iterator[str]:
    """The SNR of one region, in sentences."""
    value = snr(values)
    yield _said("no_snr_of_one") if value is None else _said("snr_of_one", value=number(value))
    yield _said("uniform")
    if values.scale == "HU":
        yield _said("snr_in_hu")


def snr_record(region: Region, values: Values) -> list[Measurement]:
    """The same as a record, if there is one."""
    value = snr(values)
    return [] if value is None else [_measurement(region, "snr_is", value)]


def of_two(first: Measured, second: Measured) -> tuple[list[str], list[Measurement]]:
    """Two regions compared, in sentences and as records.

    Raises:
        ToolUseError: their values are on different scales.
    """
    one, two = first.values, second.values
    if one.scale != two.scale:
        raise ToolUseError(_said("other_scales"))
    hu = one.scale == "HU"
    apart = one.mean - two.mean
    told = [_said("difference_HU" if hu else "difference", value=number(apart))]
    found = [_measurement(first.region, "difference_is", apart, "HU" if hu else "")]
    told += [*_snr_of_both(one, two), *_cnr_of_both(one, two)]
    found += [_measurement(first.region, "cnr_is", value) for value in (cnr(one, two),) if value is not None]
    if not hu and two.mean > 0:
        ratio = one.mean / two.mean
        told.append(_said("ratio", ratio=number(ratio), contrast=number(apart / two.mean)))
        found.append(_measurement(first.region, "ratio_is", ratio))
        found.append(_measurement(first.region, "contrast_is", apart / two.mean))
    return [*told, *_numbered([first, second]), *_cautions([first, second])], found


def _snr_of_both(one: Values, two: Values) -> Iterator[str]:
    ratios = [snr(one), snr(two)]
    if None not in ratios:
        yield _said("snr", one=number(ratios[0] or 0.0), two=number(ratios[1] or 0.0))
        return
    for place, value in enumerate(ratios, 1):
        if value is None:
            yield _said("no_snr", number=place)


def _cnr_of_both(one: Values, two: Values) -> Iterator[str]:
    ratios = [cnr(one, two), cnr(two, one)]
    if None not in ratios:
        yield _said("cnr", one=number(ratios[0] or 0.0), two=number(ratios[1] or 0.0))
        return
    for background, value in zip((2, 1), ratios, strict=True):
        if value is None:
            yield _said("no_cnr", number=background)


def _numbered(regions: Sequence[Measured]) -> Iterator[str]:
    for place, one in enumerate(regions, 1):
        yield _said(
            "numbered_HU" if one.values.scale == "HU" else "numbered",
            number=place,
            mean=number(one.values.mean),
            spread=number(one.values.spread or 0.0),
            image=one.region.image_id,
            slice=one.region.index + 1,
            column=number(one.region.column),
            row=number(one.region.row),
        )


def _cautions(regions: Sequence[Measured]) -> Iterator[str]:
    yield _said("uniform")
    scale = regions[0].values.scale
    if scale == "HU":
        yield _said("snr_in_hu")
        if len(regions) > 1:
            yield _said("no_ratio")
    elif scale == "file" and len({one.region.image_id for one in regions}) > 1:
        yield _said("two_pictures")
    elif scale in ("grey", "colour"):
        yield _said("shown_levels")


def _measurement(region: Region, name: str, value: float, unit: str = "") -> Measurement:
    item = {"name": _said(name), "value": number(value)}
    return Measurement(
        image_id=region.image_id,
        name=_said(name),
        value=round(value, 4),
        unit=unit,
        text=_said("item", **item, unit=unit) if unit else _said("item_plain", **item),
        definition=_said(
            {"snr_is": "snr_defined", "cnr_is": "cnr_defined", "difference_is": "difference_defined"}.get(
                name, "ratio_defined"
            )
        ),
        source=_SOURCE,
    )
