"""The user's words for a kind of image."""

from __future__ import annotations

import pytest

from store.errors import ToolUseError
from tools.gate.wish import understand


@pytest.mark.parametrize(
    ("wish", "meant"),
    [
        ("dermatoscopic image", ("dermatology", "DMS", "skin")),
        ("a clinical photograph", ("dermatology", "XC", "skin")),
        ("photo of a mole", ("dermatology", "XC", "skin")),
        ("a rash", ("dermatology", None, "skin")),
        ("an x ray of the left hand", ("radiology", "DX", "hand")),
        ("knee radiograph", ("radiology", "DX", "limb")),
        ("CXR", ("radiology", "DX", "chest")),
        ("CT of the abdomen", ("radiology", "CT", "abdomen")),
        ("magnetic resonance imaging", ("radiology", "MR", None)),
        ("a sonogram", ("radiology", "US", None)),
        ("mammography", ("radiology", "MG", "breast")),
        ("a scan", ("radiology", None, None)),
        ("not a medical picture", ("other", None, None)),
    ],
)
def test_usual_words_are_understood(wish, meant):
    assert understand(wish) == meant


@pytest.mark.parametrize(
    "wish", ["", "picture", "octopus", "doctor's letter", "not an x-ray", "it isn't skin"]
)
def test_words_that_name_no_kind_are_refused(wish):
    with pytest.raises(ToolUseError, match="names no kind of image"):
        understand(wish)


def test_a_long_wish_is_quoted_in_part_only():
    with pytest.raises(ToolUseError) as caught:
        understand("banana " * 200)
    assert len(str(caught.value)) < 300
