"""The numbers of a text, so that a translation can be held to them."""

from __future__ import annotations

import re
from collections import Counter


def numbers(text: str) -> Counter[str]:
    """The numbers of a text, with a decimal point whatever its language writes."""
    return Counter(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", text)))
