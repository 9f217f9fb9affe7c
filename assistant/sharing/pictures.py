"""Pictures of a case as other programs show them: chosen slices, eight bits, nothing of any file's header."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.pictures.preview import jpeg_preview

if TYPE_CHECKING:
    from assistant.sharing.copies import CaseCopy
    from store.pictures.image import Image

# Ours: a card or a page shows no more of a stack at once.
_MOST_SLICES = 6


@dataclass(frozen=True)
class Shown:
    """One picture: image and slice, counted from 1, how many slices there are, its caption, and a JPEG."""

    image: int
    slice: int
    slices: int
    caption: str
    data: bytes


def shown(copy: CaseCopy) -> Iterator[Shown]:
    """The pictures of a case, the window of its images applied: of a stack a few slices, evenly chosen.

    Slices that a region of the case lies on are among them.
    """
    for number, (about, image) in enumerate(zip(copy.case.images, copy.images, strict=True), 1):
        marked = {one.slice for one in copy.case.regions if one.image == number}
        for at in _chosen(image.frame_count, sorted(marked)):
            data = jpeg_preview(image.at(at - 1).pixels)
            yield Shown(number, at, image.frame_count, about.caption, data)


def png(image: Image, at: int) -> bytes:
    """A frame, counted from 0, as PNG without loss: grey or RGB, eight bits."""
    import numpy as np
    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    PillowImage.fromarray(np.ascontiguousarray(image.frames[at])).save(buffer, "PNG")
    return buffer.getvalue()


def _chosen(count: int, marked: Sequence[int]) -> list[int]:
    """Slices counted from 1: those marked, filled up with others that are evenly spread."""
    first = list(marked)[:_MOST_SLICES]
    left = min(count, _MOST_SLICES) - len(first)
    rest = [at for at in range(1, count + 1) if at not in first]
    even = [rest[(2 * n + 1) * len(rest) // (2 * left)] for n in range(left)]
    return sorted({*first, *even})
