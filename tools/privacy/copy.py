"""A file as it may be given away, and what was taken out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.privacy.header import Change


@dataclass(frozen=True)
class Copy:
    """One cleaned file.

    Attributes:
        data: its bytes.
        suffix: what its name ends with.
        changes: what was taken out, by names and never by values.
        pixels_seen: whether text in its pixels was looked for, or none can be there.
    """

    data: bytes
    suffix: str
    changes: Sequence[Change]
    pixels_seen: bool
