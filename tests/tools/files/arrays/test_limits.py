"""What is said of a file that cannot be read, and of a decoder that failed on it."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from store.errors import CaseError
from tools.files.arrays.limits import refusing_damage
from tools.files.arrays.windowing import to_uint8


@pytest.mark.parametrize(
    "error", [ValueError("bad header"), struct.error(), zlib.error(), OSError("broken"), KeyError("x")]
)
def test_data_that_breaks_its_format_is_damage(error):
    with pytest.raises(CaseError, match="damaged or incomplete") as refusal, refusing_damage("TIFF file"):
        raise error
    assert str(error) not in str(refusal.value) or not str(error)


@pytest.mark.parametrize("error", [EOFError(), OSError("image file is truncated")])
def test_data_that_ends_too_early_is_cut_off(error):
    with pytest.raises(CaseError, match="cut off"), refusing_damage("TIFF file"):
        raise error


@pytest.mark.parametrize(
    "error", [AttributeError("no attribute"), RuntimeError("gave up"), TypeError("None")]
)
def test_a_library_that_fails_is_not_called_a_damaged_file(error):
    with (
        pytest.raises(CaseError, match="the file or at the decoder") as refusal,
        refusing_damage("DICOM file"),
    ):
        raise error
    assert "damaged" not in str(refusal.value)


def test_a_fault_of_our_own_passes_through():
    with pytest.raises(AttributeError), refusing_damage("DICOM file"):
        to_uint8(None, 0.0, 1.0)  # type: ignore[arg-type]


def test_a_refusal_stays_what_it_is():
    with pytest.raises(CaseError, match="a reason"), refusing_damage("DICOM file"):
        raise CaseError("a reason")
    with refusing_damage("DICOM file"):
        assert to_uint8(np.zeros(1), 0.0, 1.0)[0] == 0
