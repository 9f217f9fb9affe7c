"""Whether a text names a picture."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tools.language.lists import Patterns, Words, read, whole

if TYPE_CHECKING:
    import re


class _Lists(Words):
    pictures: Patterns


def names_picture(text: str) -> bool:
    """Whether a text names a picture, or what is to be done with one."""
    return _pictures().search(text) is not None


@cache
def _pictures() -> re.Pattern[str]:
    return whole(read(_Lists, "pictures").pictures)
