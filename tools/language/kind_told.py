"""What kind of picture somebody says it is, or that their word on it counts no more: ``kind_told.toml``.

Only a message that says nothing else is heard so: no question, no wish, nothing that is supposed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tools.language import modalities
from tools.language.glosses import heard_as
from tools.language.kind_questions import parts_named
from tools.language.kinds import kinds
from tools.language.lists import Anywhere, Whole, Words, read

BEFORE = "as before"
"""What `treat_image_as` is told where the user's word on a picture counts no more."""

_PART = re.compile(r"[,;:.!…]+(?=\s|$)|\s[–—-]\s")
# Ours: what is longer tells a story.
_LONGEST = 40
_ASKS = re.compile(r"[?¿]")


class _Lists(Words):
    back: Whole
    denying: Whole
    correcting: Whole
    wrapping: Whole
    asking: Whole
    verb: Anywhere
    pointing: Anywhere


@cache
def _lists() -> _Lists:
    return read(_Lists, "kind_told")


@dataclass(frozen=True)
class KindTold:
    """What a message tells of a picture's kind.

    Attributes:
        code: the DICOM code of the kind that it is said to be; empty without one.
        part: the part of the body that it is said to show, as ``kinds.toml`` calls it.
        denied: codes of kinds that it is said not to be.
        back: whether what was told before is taken back.
        bare: whether the kind is named alone, with no verb and no word that sets it right.
    """

    code: str = ""
    part: str = ""
    denied: tuple[str, ...] = ()
    back: bool = False
    bare: bool = False


def kind_told(message: str, language: str) -> KindTold | None:
    """What a message tells of a picture's kind; None where it asks, supposes or says anything else.

    Args:
        message: as the user wrote it.
        language: what it is in, a folder of ``prompts/sayings``.
    """
    words = _lists()
    if (
        len(message.split()) > _LONGEST
        or _ASKS.search(message)
        or re.match(rf"\W*{words.asking.pattern}", message, re.I)
    ):
        return None
    left, times = words.back.subn(" , ", message)
    told = [_part(heard_as(one.strip(), language)) for one in _PART.split(left) if one.strip()]
    said = [one for one in told if one]
    codes = any(one.code or one.denied for one in said)
    if None in told or not (codes or (times and not any(one.part for one in said))):
        return None
    corrects = times or (any(one.code for one in said) and words.correcting.search(left) is not None)
    return KindTold(
        code=next((one.code for one in reversed(said) if one.code), ""),
        part=next((one.part for one in reversed(said) if one.part), ""),
        denied=tuple(code for one in said for code in one.denied),
        back=bool(times),
        bare=not corrects and all(one.bare for one in said),
    )


def takes_back(message: str) -> bool:
    """Whether a message says that what was told before does not count."""
    return _lists().back.search(message) is not None


def _part(text: str) -> KindTold | None:
    """What a part of a message tells, if it holds nothing else."""
    words = _lists()
    found = sorted(
        (match.start(), match.end(), code)
        for code, pattern in modalities.asked().items()
        for match in pattern.finditer(text)
    )
    if any(
        words.pointing.search(before) and not words.verb.search(before)
        for before in (text[: one[0]] for one in found)
    ):
        return None  # “the CT is here”
    parts, rest = parts_named(text), text
    for start, end, _ in reversed(found):
        rest = f"{rest[:start]} {rest[end:]}"
    for name in parts:
        rest = kinds().parts[name].words.sub(" ", rest)
    for pattern in (words.correcting, words.denying, words.wrapping):
        rest = pattern.sub(" ", rest)
    if re.search(r"\w", rest):
        return None
    ends = [0, *(end for _, end, _ in found)]
    denied = [
        code
        for (start, _, code), at in zip(found, ends, strict=False)
        if words.denying.search(text[at:start])
    ]
    stated = [code for _, _, code in found if code not in denied]
    return KindTold(
        stated[0] if stated else "",
        parts[0] if parts else "",
        tuple(denied),
        bare=not words.verb.search(text),
    )
