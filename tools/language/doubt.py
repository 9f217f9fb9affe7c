"""Whether words of a sentence are in doubt: “possible”, “may be”. The words: ``doubt.toml``."""

from __future__ import annotations

import re
from functools import lru_cache

from tools.language.lists import Patterns, Words, read, whole


class _Lists(Words):
    doubtful: Patterns
    softened: Patterns
    strong: Patterns


_LISTS = read(_Lists, "doubt")
_DOUBTFUL = whole(_LISTS.doubtful)
_SOFTENED = whole([*_LISTS.doubtful, *_LISTS.softened])
_STRONG = whole(_LISTS.strong)
_ENDS = re.compile(r"[,;:]|\.\s|\b(?:but|and|with|while|whereas)\b")
# Ours: a doubt stands this near to what it doubts.
_REACH = 60


def is_doubtful(sentence: str, start: int, end: int) -> bool:
    """Whether the words at `start`:`end` of a sentence are said in doubt."""
    before = _ENDS.split(sentence[max(0, start - _REACH) : start])[-1]
    after = _ENDS.split(sentence[end : end + _REACH])[0]
    return bool(_DOUBTFUL.search(before) or _DOUBTFUL.search(after) or after.lstrip().startswith("?"))


@lru_cache(maxsize=256)
def is_softened(sentence: str) -> bool:
    """Whether a sentence says anything in doubt, however mildly."""
    return _SOFTENED.search(sentence) is not None


@lru_cache(maxsize=256)
def is_strong(sentence: str) -> bool:
    """Whether what a sentence leaves in doubt is said to be more than possible."""
    return _STRONG.search(sentence) is not None
