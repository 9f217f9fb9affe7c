"""The pictures that belong to an answer, as PNG files that another program can show."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from store.errors import CaseError

if TYPE_CHECKING:
    from assistant.answers.answer import Answer
    from assistant.chat import Assistant
    from store.pictures.image import Pixels

# Ours: what models and people can tell apart in a conversation; a longer side is made that long, in pixels.
_LONGEST = 1024
# Ours: more than a quiz or a row of look-alikes shows.
_MOST = 12


def pictures_of(assistant: Assistant, answer: Answer) -> Iterator[tuple[str, bytes]]:
    """Key and PNG bytes of what was drawn or found for an answer; what is no longer kept is left out."""
    records = (record for one in answer.evidence for record in one.records)
    keys = dict.fromkeys(str(record["key"]) for record in records if record.get("key"))
    for key in list(keys)[:_MOST]:
        try:
            path = assistant.picture(key)
        except CaseError:
            continue
        yield key, _small(path.read_bytes())


def as_png(pixels: Pixels) -> bytes:
    """Pixels as a PNG file.

    Args:
        pixels: ``(H, W, 3)`` or ``(H, W)`` uint8.
    """
    from PIL import Image

    buffer = io.BytesIO()
    picture = Image.fromarray(pixels)
    picture.thumbnail((_LONGEST, _LONGEST))
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _small(data: bytes) -> bytes:
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        return data if max(picture.size) <= _LONGEST else as_png(np.asarray(picture))
