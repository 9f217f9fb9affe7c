"""Kinds of images, by their DICOM codes, as answers name them. The list: ``modalities.toml``."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from tools.language.lists import Patterns, Words, read


class _Lists(Words):
    modalities: Annotated[dict[str, Patterns], Field(min_length=1)]


MODALITY = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<{code}>{'|'.join(how)})" for code, how in read(_Lists, "modalities").modalities.items())
    + r")\b",
    re.I,
)
"""Where an answer names a kind of image; the group that matched is its code."""
