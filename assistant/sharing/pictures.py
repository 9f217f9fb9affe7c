"""Pictures of a case as other programs show them: chosen slices, eight bits, nothing of any file's header."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.pictures.preview import jpeg_preview

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

    from assistant.sharing.copies import CaseCopy
    from store.pictures.image import Image, Pixels
    from store.teaching.region import Region

# Ours: a card or a page shows no more of a stack at once.
_MOST_SLICES = 6
# Ours: seen from far and hiding little; an outline is a two-hundredth of the longer side.
_BRIGHT, _DARK, _THIN, _LONGEST_PX = "#ffd400", "#000000", 200, 900


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


def outlined(copy: CaseCopy) -> Iterator[Shown]:
    """The pictures on which regions of the case lie, each outlined there with its number."""
    for number, image in enumerate(copy.images, 1):
        there = [(at, one) for at, one in enumerate(copy.case.regions, 1) if one.image == number]
        for place in sorted({one.slice for _, one in there}):
            drawn = _drawn(image.at(place - 1).pixels, [pair for pair in there if pair[1].slice == place])
            yield Shown(number, place, image.frame_count, "", jpeg_preview(drawn))


def _drawn(pixels: Pixels, regions: Sequence[tuple[int, Region]]) -> Pixels:
    """A picture ``(H, W, 3)`` uint8 with the outlines of regions; a small one is shown larger."""
    import numpy as np
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    picture = PillowImage.fromarray(pixels).convert("RGB")
    times = max(1, _LONGEST_PX // max(picture.size))
    picture = picture.resize((times * picture.width, times * picture.height), PillowImage.Resampling.NEAREST)
    draw, thin = ImageDraw.Draw(picture), max(1, max(picture.size) // _THIN)
    for number, one in regions:
        points = [(times * x, times * y) for x, y in one.points]
        for colour, around in ((_DARK, thin), (_BRIGHT, 0)):
            _outline(draw, one.shape, points, colour, (thin, around))
        place = min(points, key=lambda point: point[1])
        draw.text(place, str(number), _BRIGHT, font_size=14 * thin, stroke_width=thin, stroke_fill=_DARK)
    return np.asarray(picture)


def _outline(
    draw: ImageDraw,
    kind: str,
    points: Sequence[tuple[float, float]],
    colour: str,
    wide: tuple[int, int],
) -> None:
    thin, around = wide
    width = thin + 2 * around
    if kind == "freehand":
        draw.line([*points, points[0]], colour, width, joint="curve")
        return
    (x0, y0), (x1, y1) = points
    box = (min(x0, x1) - around, min(y0, y1) - around, max(x0, x1) + around, max(y0, y1) + around)
    shape = draw.ellipse if kind == "ellipse" else draw.rectangle
    shape(box, outline=colour, width=width)


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
