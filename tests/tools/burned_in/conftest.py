"""The model is loaded once."""

import pytest

from tools.burned_in.finder import Finder


@pytest.fixture(scope="session")
def finder():
    """Finds text, with the real model."""
    pytest.importorskip("rapidocr")
    return Finder()
