"""What words are about: radiology, skin, medicine at all. The lists: ``subjects.toml`` and the findings'."""

from __future__ import annotations

from tools.language.anatomy import INNER_PATTERNS
from tools.language.findings import FINDINGS, Of, asked
from tools.language.lists import Patterns, Words, read, whole


class _Lists(Words):
    imaging: Patterns
    skin: Patterns
    medical: Patterns
    rather_imaging: Patterns
    rather_skin: Patterns


_LISTS = read(_Lists, "subjects")
RADIOLOGY_ONLY = whole([*INNER_PATTERNS, *_LISTS.imaging])
DERMATOLOGY_ONLY = whole([*_LISTS.skin, *asked(of="dermatology")])
MEDICAL = whole([*_LISTS.medical, FINDINGS.pattern, RADIOLOGY_ONLY.pattern, DERMATOLOGY_ONLY.pattern])
_RADIOLOGY = whole([RADIOLOGY_ONLY.pattern, *_LISTS.rather_imaging, *asked(of="radiology", everyday=True)])
_SKIN = whole([DERMATOLOGY_ONLY.pattern, *_LISTS.rather_skin, *asked(of="dermatology", everyday=True)])


def subject_of(clause: str) -> Of | None:
    """The kind of image that the words of a clause fit; None where they fit both or neither."""
    radiology, skin = _RADIOLOGY.search(clause), _SKIN.search(clause)
    if bool(radiology) == bool(skin):
        return None
    return "radiology" if radiology else "dermatology"
