"""Look-alikes from the case library in words: counts of labels, how near, how far to trust them."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation
from assistant.planning.say_image import records, result_of
from assistant.planning.task import Task
from store.cases.quality import NEAREST
from store.records import Fact, Match, Neighbours


def similar(_task: Task, talk: Conversation, image_id: str) -> str:
    """The nearest cases, or why there are none."""
    result = result_of(talk, "find_similar_cases", image_id)
    near = records(result, Neighbours)
    if result is None or result.refused or not near:
        why = result.content if result else ""
        return talk.say("look_alikes.none_found", image=image_id, why=why).strip()
    panel, trust = near[0], trusted(near[0], talk)
    if panel.near is False:
        none = talk.say("look_alikes.none_near", image=image_id, size=panel.size, trust=trust)
        return f"{none} {panel.note}".strip()
    matches = records(result, Match)
    best = max(matches, key=lambda match: match.similarity)
    said = [
        *(_itself(fact, talk) for fact in records(result, Fact)),
        talk.say(
            "look_alikes.nearest",
            image=image_id,
            counts=counted(panel, len(matches), talk),
            label=letters(best.label),
            similarity=best.similarity,
        ),
        talk.say("look_alikes.unsure") if panel.near is None else "",
        trust,
        panel.note,
        talk.say("look_alikes.no_diagnosis"),
    ]
    return " ".join(filter(None, said))


def _itself(fact: Fact, talk: Conversation) -> str:
    """That the picture is a case of the library itself, with its label as it stands there."""
    label = re.search("“(.*)”", fact.value)
    told = talk.say("tools.very_picture", label=letters(label[1])) if label else fact.value
    return talk.say("look_alikes.itself", image=fact.image_id, cases=told)


def trusted(near: Neighbours, talk: Conversation) -> str:
    """How well this collection finds cases of the same label, measured on itself."""
    kind = talk.word("kinds", near.among)
    of = {"kind": kind} if near.among else {}
    among = "_among" if near.among else ""
    if near.precision is None or near.chance is None:
        return talk.say(f"look_alikes.no_trust{among}", **of)
    return talk.say(
        f"look_alikes.trust{among}",
        precision=100 * near.precision,
        chance=100 * near.chance,
        nearest=talk.say("look_alikes.six") if near.k == NEAREST else near.k,
        **of,
    )


def counted(panel: Neighbours, found: int, talk: Conversation) -> str:
    """How many of the cases found carry each label."""
    ordered = sorted(panel.counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(
        talk.say("look_alikes.count", count=count, found=found, label=letters(label))
        for label, count in ordered
    )


def letters(cell: str) -> str:
    """A cell of somebody's table without anything that a page could take for a link or a format."""
    return " ".join(re.sub(r"[^\w\s.,;'’“”()/%+-]|_|//", " ", cell).split())
