"""What becomes of attributes that the profile does not list: what describes the picture stays, text goes.

Text that a person typed may hold a name wherever it stands. So of text only what a machine writes of how a
picture was made is kept, and only where nothing in it looks like a person's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, MutableSequence
from functools import cache
from pathlib import Path
from typing import Any

from tools.language.identifiers import without_persons

_TEXT = frozenset(("AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"))
_DATES = frozenset(("DA", "DT", "TM"))
_NUMBERS = frozenset(("AT", "FD", "FL", "OD", "OF", "OL", "OV", "SL", "SS", "SV", "UL", "US", "UV"))
_EITHER = ("US or SS", "US or SS or OW", "US or OW")
BYTES = frozenset(("OB", "OW", "OB or OW", "UN"))
"""Representations that may hold anything."""
# Source: PS3.5 section 6.2: characters and lengths of AS, CS, DS, IS and UI; lower case is often met in CS.
_SHAPES = {
    "AS": re.compile(r"\d{3}[DWMY]|"),
    "CS": re.compile(r"[A-Za-z0-9_ /.+-]{0,16}"),
    "DS": re.compile(r" *[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)? *|"),
    "IS": re.compile(r" *[+-]?\d+ *|"),
}
# Source: ICC.1:2022 section 7.2: the signature of a profile, at byte 36.
_ICC = (36, b"acsp")
# Ours: that many digits in a row number a person rather than a version.
_LONG_NUMBER = re.compile(r"\d{6}")
_LONGEST = 64


def stays(keyword: str, vr: str, value: Any, known: Iterable[str]) -> bool:
    """Whether an attribute that the profile does not list stays as it is.

    Args:
        keyword: its keyword; empty where the standard has none.
        vr: its value representation; neither SQ nor UI.
        value: its value.
        known: words of the file that tell who somebody is, in lower case.
    """
    if not keyword or vr in _DATES:
        return False
    if vr in _NUMBERS or vr in _EITHER:
        return True
    if vr in BYTES:
        icc = keyword != "ICCProfile" or bytes(value or b"")[_ICC[0] : _ICC[0] + 4] == _ICC[1]
        return keyword in words_kept("bytes") and icc
    texts = texts_of(value)
    if any(word in text.casefold() for text in texts for word in known):
        return False
    if vr in _SHAPES:
        return all(_SHAPES[vr].fullmatch(text) and (vr != "CS" or _harmless(text)) for text in texts)
    return vr in _TEXT and keyword in words_kept("machine_text") and all(map(_harmless, texts))


@cache
def words_kept(kind: str) -> frozenset[str]:
    """A list of ``kept.toml``."""
    with (Path(__file__).parent / "kept.toml").open("rb") as file:
        return frozenset(tomllib.load(file)[kind])


def texts_of(value: Any) -> list[str]:
    """The texts of a value, which may have several."""
    if value is None:
        return []
    # A name of a person can be iterated over too, letter by letter.
    many = isinstance(value, MutableSequence)
    return [str(one) for one in value] if many else [str(value)]


def _harmless(text: str) -> bool:
    return len(text) <= _LONGEST and not _LONG_NUMBER.search(text) and without_persons(text) == text
