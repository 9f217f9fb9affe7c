"""Codes of a DICOM header in the words of the standard's own lists.

A code is looked up in the context groups that pydicom keeps, by scheme and value; the meaning that a file
writes beside its code is never read, so nothing typed into it can leave the reader.

Source: DICOM PS3.16 context groups 4 and 4031 (anatomic regions), 4009 (DX anatomy), 4010 (DX views), 4014
(mammography views), 26 and 12226 (projections, echocardiography views); PS3.3 section 8 (Coding Scheme).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tools.files.dicom.display import text

if TYPE_CHECKING:
    from pydicom import Dataset

_REGIONS = (4, 4009, 4028, 4030, 4031, 4040, 4042)
_VIEWS = (4010, 4014, 26, 12226)

# Source: PS3.16 table L-1: regions whose SNOMED CT code was replaced in 2019, by their former code.
_FORMER = {
    "51185008": "chest",
    "113345001": "abdomen",
    "12921003": "pelvis",
    "416949008": "abdomen and pelvis",
}


def region(flat: Dataset) -> str | None:
    """The first anatomic region in words, if it is a code of the standard's lists."""
    return _meaning(flat, "AnatomicRegionSequence", _REGIONS)


def view(flat: Dataset) -> str | None:
    """The first view code in words, likewise."""
    return _meaning(flat, "ViewCodeSequence", _VIEWS)


def _meaning(flat: Dataset, keyword: str, groups: tuple[int, ...]) -> str | None:
    items = flat.get(keyword)
    if not items:
        return None
    return _known(text(items[0], "CodeValue"), text(items[0], "CodingSchemeDesignator"), groups)


@lru_cache(maxsize=256)
def _known(value: str, scheme: str, groups: tuple[int, ...]) -> str | None:
    """The meaning of a code; pydicom compares the older SNOMED RT codes with those of SNOMED CT."""
    from pydicom.sr.codedict import codes
    from pydicom.sr.coding import Code

    given = Code(value, {"SNM3": "SRT", "99SDM": "SRT"}.get(scheme, scheme), "")
    for group in groups:
        for concept in getattr(codes, f"cid{group}").concepts.values():
            if concept == given:
                return str(concept.meaning).lower()
    return next((words for old, words in _FORMER.items() if Code(old, "SCT", "") == given), None)
