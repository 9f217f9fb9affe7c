"""What follows from the facts of a file by arithmetic: shape, length covered, finest detail, voxel volume."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.say_image import fact_of
from store.records import Fact
from tools.language.header_names import COVERED, HIGHEST_FREQUENCY, SHAPE, VOXEL_VOLUME

WORKED_OUT = (SHAPE, COVERED, HIGHEST_FREQUENCY, VOXEL_VOLUME)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BETWEEN = ("slice spacing", "spacing between slices", "slice thickness")


def worked_out(name: str, known: Sequence[Fact], row: ImageRow, talk: Conversation) -> str:
    """What is told of one of `WORKED_OUT` of an image."""
    if name == SHAPE:
        return _shape(row, talk)
    stated = {fact.name: [float(one) for one in _NUMBER.findall(fact.value)] for fact in known}
    pixel = stated.get("pixel spacing", stated.get("voxel size", []))[:2]
    between = next((stated[one][0] for one in _BETWEEN if stated.get(one)), None)
    if between is None and len(stated.get("voxel size", ())) > 2:
        between = stated["voxel size"][2]
    if name == HIGHEST_FREQUENCY and len(pixel) == 2:
        wide, high = pixel
        coarse = max(pixel)
        numbers = {"pixel": coarse, "per_mm": 1 / (2 * coarse), "per_cm": 10 / (2 * coarse)}
        other = talk.say("file.other_way", per_mm=1 / (2 * min(pixel))) if wide != high else ""
        return f"{talk.say('file.nyquist', image=row.id, **numbers)} {other}".strip()
    if name == VOXEL_VOLUME and len(pixel) == 2 and between:
        wide, high = pixel
        numbers = {"wide": wide, "high": high, "deep": between, "volume": wide * high * between}
        return talk.say("file.voxel_volume", image=row.id, **numbers)
    if name == COVERED and (said := [fact for fact in known if fact.name == "scanned range"]):
        return fact_of(said[0], talk, row.id)
    if name == COVERED and between and row.frames // row.volumes > 1:
        each = row.frames // row.volumes
        return talk.say("file.covered", image=row.id, count=each, mm=between, cm=each * between / 10)
    missing = "pixel spacing" if len(pixel) < 2 and name != COVERED else "slice spacing"
    return talk.say("file.not_stated", image=row.id, names=talk.word("header", missing))


def _shape(row: ImageRow, talk: Conversation) -> str:
    """How many pixels, slices and volumes there are."""
    size = {"image": row.id, "width": row.width, "height": row.height}
    if row.frames == 1:
        return talk.say("file.shape_of_one", **size)
    if row.volumes == 1:
        return talk.say("file.shape", count=row.frames, **size)
    return talk.say("file.shape_of_several", each=row.frames // row.volumes, volumes=row.volumes, **size)
