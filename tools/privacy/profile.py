"""What becomes of each attribute by the Basic Application Level Confidentiality Profile.

Source: DICOM PS3.15 (edition 2026c) table E.1-1, in the lists that the package dicom-anonymizer keeps of it.
Where the table leaves a choice, what keeps files of all kinds valid is taken: Z of X/Z, D of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

Action = Literal["D", "Z", "X", "U", "K"]
"""Replace by a dummy, empty, remove, replace the UIDs, keep with its contents cleaned."""

EDITION = "2026c"

_LISTS: Mapping[str, Action] = {
    "D_TAGS": "D",
    "Z_TAGS": "Z",
    "X_TAGS": "X",
    "U_TAGS": "U",
    "Z_D_TAGS": "D",
    "X_Z_TAGS": "Z",
    "X_D_TAGS": "D",
    "X_Z_D_TAGS": "D",
    # What is in the sequence is cleaned, and its UIDs are replaced.
    "X_Z_U_STAR_TAGS": "K",
}


@dataclass(frozen=True)
class _Group:
    """A row for a repeating group: ``(group, element, mask of group, mask of element)``."""

    group: int
    element: int
    group_mask: int
    element_mask: int
    action: Action

    def holds(self, group: int, element: int) -> bool:
        return (
            group & self.group_mask == self.group & self.group_mask
            and element & self.element_mask == self.element & self.element_mask
        )


@cache
def _table() -> tuple[Mapping[int, Action], tuple[_Group, ...]]:
    from dicomanonymizer.dicomfields_selector import dicom_anonymization_database_selector

    lists: Mapping[str, Sequence[tuple[int, ...]]] = dicom_anonymization_database_selector(
        f"dicomfields_{EDITION}"
    )
    single: dict[int, Action] = {}
    groups = []
    for name, action in _LISTS.items():
        for row in lists[name]:
            if len(row) > 2:
                groups.append(_Group(row[0], row[1], row[2], row[3], action))
            else:
                single[row[0] << 16 | row[1]] = action
    return single, tuple(groups)


def action_of(tag: int) -> Action | None:
    """What the profile says of an attribute, or None where it does not list it."""
    single, groups = _table()
    if (action := single.get(tag)) is not None:
        return action
    return next((one.action for one in groups if one.holds(tag >> 16, tag & 0xFFFF)), None)


def rows() -> Iterator[tuple[int, Action]]:
    """Every row that names one attribute."""
    yield from _table()[0].items()
