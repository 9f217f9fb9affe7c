"""A decoder for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools.files.decoding import Decoder


@pytest.fixture(scope="module")
def decoder(process: None) -> Iterator[Decoder]:
    """One child for all tests of a file."""
    with Decoder() as decoder:
        yield decoder
