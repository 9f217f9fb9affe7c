"""Whether marks lie in the pictures of their case.

A picture is read for its size once: its key is made of its content, so what has this key has this size.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from store.errors import CaseError
from store.pictures.image_store import ImageStore
from store.teaching.case import CaseImage
from store.teaching.region import Region

# Ours: more than the cases of ten sessions hold, in a hundred bytes each.
_SIZES = 2_000


def refuse_marks_outside(marks: Sequence[Region], pictures: Sequence[CaseImage], kept: ImageStore) -> None:
    """Refuse marks that leave their picture or name one that is not there.

    Args:
        marks: of one case.
        pictures: of the case, in order.
        kept: where they are kept.

    Raises:
        CaseError: a mark does not lie in a picture of the case.
    """
    for one in marks:
        if one.image > len(pictures):
            raise CaseError("There is no such image in this case.")
        width, height, slices = _extent(kept, pictures[one.image - 1].key)
        if not one.within(width, height) or one.slice > slices:
            raise CaseError(
                f"A mark leaves image {one.image} of {width} × {height} pixels and {slices} slices. Draw it "
                "again."
            )


@lru_cache(_SIZES)
def _extent(kept: ImageStore, key: str) -> tuple[int, int, int]:
    """Columns, rows and slices of a picture."""
    image = kept.get(key)
    return (*image.size, image.frame_count)
