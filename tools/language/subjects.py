"""What words are about: radiology, skin, medicine at all. The lists: ``subjects.toml`` and the findings'."""

from __future__ import annotations

from functools import cache

from tools.language.anatomy import inner
from tools.language.findings import FINDINGS, Of, asked
from tools.language.lists import Heard, Patterns, Words, either, read


class _Lists(Words):
    imaging: Patterns
    skin: Patterns
    medical: Patterns
    rather_imaging: Patterns
    rather_skin: Patterns


@cache
def _lists() -> _Lists:
    return read(_Lists, "subjects")


RADIOLOGY_ONLY = Heard(lambda: either([*inner(), *_lists().imaging]))
DERMATOLOGY_ONLY = Heard(lambda: either([*_lists().skin, *asked(of="dermatology")]))
MEDICAL = Heard(
    lambda: either([*_lists().medical, FINDINGS.pattern, RADIOLOGY_ONLY.pattern, DERMATOLOGY_ONLY.pattern])
)
_RADIOLOGY = Heard(
    lambda: either([RADIOLOGY_ONLY.pattern, *_lists().rather_imaging, *asked(of="radiology", everyday=True)])
)
_SKIN = Heard(
    lambda: either([DERMATOLOGY_ONLY.pattern, *_lists().rather_skin, *asked(of="dermatology", everyday=True)])
)


def subject_of(clause: str) -> Of | None:
    """The kind of image that the words of a clause fit; None where they fit both or neither."""
    radiology, skin = _RADIOLOGY.search(clause), _SKIN.search(clause)
    if bool(radiology) == bool(skin):
        return None
    return "radiology" if radiology else "dermatology"
