"""The outline of a lesion that the user gives in numbers, now or in a turn before."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation
from store.records import Outline
from tools.language.rules import heard

_GIVEN, _FOUND = heard("outline", "given"), heard("outline", "found")


def outline_of(talk: Conversation, image_id: str) -> list[float]:
    """The user's outline of an image, the newest that the planner sees; empty to have it found."""
    if given := _GIVEN.search(talk.question):
        held = given.groupdict()
        said = held.get("ellipse") or held.get("corners") or ""
        return [float(one) for one in re.findall(r"\d+(?:\.\d+)?", said)]
    if _FOUND.search(talk.question):
        return []
    results = [one for turn in talk.past for one in turn.results if one.tool == "measure_lesion"]
    for one in reversed(results):
        if one.image_id == image_id:
            return [n for record in one.records if isinstance(record, Outline) for n in record.numbers]
    return []
