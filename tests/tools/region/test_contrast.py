"""Two regions set beside each other: difference, SNR, CNR, ratio, and what cannot be said."""

from __future__ import annotations

import numpy as np
import pytest

from store.errors import ToolUseError
from store.records import Region
from tools.language.retold import retell
from tools.region.contrast import Measured, cnr, of_two, snr, snr_record, told_snr
from tools.region.values import Scale, Values


def measured(mean: float, spread: float, scale: Scale = "file", image: str = "img-1") -> Measured:
    apart = spread / np.sqrt(2)
    region = Region(image_id=image, shape="rectangle", column=5, row=5, width=2, height=1)
    return Measured(region, Values(scale, np.array([mean - apart, mean + apart])))


def test_the_published_ratios() -> None:
    one, two = measured(100, 10), measured(60, 5)
    assert snr(one.values) == pytest.approx(10)
    assert cnr(one.values, two.values) == pytest.approx(8)
    told, found = of_two(one, two)
    said = " ".join(told)
    assert said.startswith("Difference of the means, region 1 − region 2: 40.")
    assert "10 in region 1, 12 in region 2" in said
    assert "8 with region 2 as the background, 4 with region 1" in said
    assert "region 1 / region 2: 1.67; contrast, their difference / the mean of region 2: 0.667" in said
    assert [one.name for one in found] == [
        "difference of the means", "contrast-to-noise ratio", "ratio of the means", "contrast",
    ]  # fmt: skip


def test_hounsfield_units_have_no_ratio_of_means() -> None:
    said = " ".join(of_two(measured(100, 10, "HU"), measured(60, 5, "HU"))[0])
    assert "40 HU" in said
    assert "Ratio of the means, region" not in said
    assert "No ratio of means" in said


def test_without_noise_or_signal_no_ratio_is_made_up() -> None:
    said = " ".join(of_two(measured(-100, 10, "HU"), measured(60, 0, "HU"))[0])
    assert (
        "An SNR takes a mean above 0 and a standard deviation above 0, which region 1 does not have." in said
    )
    assert "A CNR takes a background with a standard deviation above 0, which region 2 does not have." in said
    dark = measured(0, 0)
    assert next(iter(told_snr(dark.values))).endswith("this region does not have.")
    assert snr_record(dark.region, dark.values) == []


def test_values_on_different_scales_are_not_compared() -> None:
    with pytest.raises(ToolUseError, match="different scales"):
        of_two(measured(100, 10, "HU"), measured(60, 5, "grey"))


def test_two_pictures_and_shown_levels_are_cautioned() -> None:
    assert "in two pictures" in " ".join(of_two(measured(9, 1), measured(8, 1, image="img-2"))[0])
    assert "measure nothing physical" in " ".join(of_two(measured(9, 1, "grey"), measured(8, 1, "grey"))[0])


@pytest.mark.parametrize("scale", ["HU", "file", "grey"])
@pytest.mark.parametrize("language", ["de", "es"])
def test_no_sentence_stays_english(scale, language):
    for told in (
        of_two(measured(100, 10, scale), measured(60, 0, scale))[0],
        [*told_snr(measured(9, 1, scale).values)],
    ):
        assert not [one for one in told if retell(one, language) == one]
