"""Look-alikes from the case library in words: counts of labels, how near, how far to trust them."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation
from assistant.planning.plan import Task
from assistant.planning.say_image import records, result_of
from store.cases.shelf import quality_sentence
from store.records import Fact, Match, Neighbours


def similar(_task: Task, talk: Conversation, image_id: str) -> str:
    """The nearest cases, or why there are none."""
    result = result_of(talk, "find_similar_cases", image_id)
    near = records(result, Neighbours)
    if result is None or result.refused or not near:
        return f"I found no similar cases for {image_id}. {result.content if result else ''}".strip()
    matches = records(result, Match)
    panel, trust = near[0], trusted(near[0])
    noted = f" {panel.note}" if panel.note else ""
    if panel.near is False:
        return (
            f"Nothing in your library is near {image_id}: even the closest of {panel.size} cases "
            f"is less alike than cases of this "
            f"collection usually are to each other, so I draw nothing from them. {trust}{noted}"
        )
    itself = [f"{image_id} itself is in your library: {letters(f.value)}. " for f in records(result, Fact)]
    unsure = "Whether any of these is near cannot be said yet. " if panel.near is None else ""
    best = max(matches, key=lambda match: match.similarity)
    return (
        f"{''.join(itself)}The nearest look-alikes of {image_id} in your library are labelled: "
        f"{counted(panel, len(matches))}. The "
        f"closest is “{letters(best.label)}” "
        f"(similarity {best.similarity:.2f}). {unsure}{trust}{noted} They look alike to an encoder; "
        f"that is not a diagnosis of this image."
    )


def trusted(near: Neighbours) -> str:
    """How well this collection finds cases of the same label, measured on itself."""
    return quality_sentence(near.precision, near.chance, near.k, near.among)


def counted(panel: Neighbours, found: int) -> str:
    """How many of the cases found carry each label."""
    return ", ".join(f"{count} of {found} {letters(label)}" for label, count in _ordered(panel))


def letters(cell: str) -> str:
    """A cell of somebody's table without anything that a page could take for a link or a format."""
    return " ".join(re.sub(r"[^\w\s.,;'’“”()/%+-]|_|//", " ", cell).split())


def _ordered(near: Neighbours) -> list[tuple[str, int]]:
    return sorted(near.counts.items(), key=lambda item: (-item[1], item[0]))
