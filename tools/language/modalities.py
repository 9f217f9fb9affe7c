"""Kinds of images by their DICOM codes, as answers and questions name them. The list: ``modalities.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated

from pydantic import Field

from tools.language.lists import Heard, Patterns, Whole, Words, read


class _Named(Words):
    written: Patterns
    asked: Whole


class _Lists(Words):
    modalities: Annotated[dict[str, _Named], Field(min_length=1)]


@cache
def _modalities() -> Mapping[str, _Named]:
    return read(_Lists, "modalities").modalities


@cache
def asked() -> Mapping[str, Heard]:
    """How questions name each kind of image."""
    return {code: how.asked for code, how in _modalities().items()}


def _written() -> re.Pattern[str]:
    each = (f"(?P<{code}>{'|'.join(how.written)})" for code, how in _modalities().items())
    return re.compile(rf"\b(?:{'|'.join(each)})\b", re.I)


MODALITY = Heard(_written)
"""Where an answer names a kind of image; the group that matched is its code."""
