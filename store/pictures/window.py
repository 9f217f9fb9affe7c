"""`Window`: which values of a grey picture are shown black, which white, and how it rises between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Function = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]


@dataclass(frozen=True)
class Window:
    """A window as the standard names it.

    Source: DICOM PS3.3 section C.11.2.1 (Window Center, Window Width, VOI LUT Function).

    Attributes:
        level: Window Center, in the unit of the values.
        width: Window Width, in the same unit; over 0.
        function: VOI LUT Function.

    Raises:
        ValueError: the width is not over 0 (a bug of the caller).
    """

    level: float
    width: float
    function: Function = "LINEAR"

    def __post_init__(self) -> None:
        if not self.width > 0:
            raise ValueError(f"a window needs a width over 0, not {self.width}")
