"""What a lesion's numbers can be seen beside."""

from __future__ import annotations

import pytest

from tests.bench.lesion_reference import NAMES
from tools.lesion.reference import elsewhere


@pytest.mark.parametrize("measure", NAMES)
@pytest.mark.parametrize("modality", ["DMS", "XC"])
def test_every_figure_has_its_median_within_its_middle_half(measure: str, modality: str) -> None:
    found = elsewhere(measure, modality)
    assert [one.label for one in found] == ["melanoma", "nevus", "seborrheic keratosis"]
    assert all(one.low <= one.median <= one.high and one.pictures >= 5 and one.source for one in found)


def test_dermoscopy_and_photographs_have_figures_of_their_own() -> None:
    assert elsewhere(NAMES[0], "DMS") != elsewhere(NAMES[0], "XC")


def test_what_was_not_measured_elsewhere_has_no_figures() -> None:
    assert (
        elsewhere("largest diameter", "DMS") == elsewhere(NAMES[0], "CT") == elsewhere(NAMES[0], None) == ()
    )
