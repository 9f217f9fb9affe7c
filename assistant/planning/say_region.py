"""The values in a region in words, or why there are none."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.region_words import said_of
from assistant.planning.regions import COMPARES, MEASURES, NOT_FOUND, NOT_OFFERED
from assistant.planning.say_talk import no_image
from assistant.planning.task import Task
from assistant.planning.values_on_cards import entries_named


def region(task: Task, talk: Conversation) -> str:
    """What was measured in the region that a task is about, and what a number of it does not say."""
    if task.note or not task.images:
        return task.note or no_image(task, talk)
    if task.detail == NOT_OFFERED:
        return talk.say("regions.not_offered")
    if task.detail == NOT_FOUND:
        return _not_found(task, talk)
    tool = COMPARES if task.detail == COMPARES else MEASURES
    told = [
        one.content
        for one in talk.results
        if one.tool == tool and (tool == COMPARES or one.question == task.clause)
    ]
    noise = "noise" in said_of(task.clause).named
    return "\n\n".join([*told, *([talk.say("region_tools.uniform")] if noise and told else [])])


def _not_found(task: Task, talk: Conversation) -> str:
    """That no organ is found here, how a place is given, and what is published of it, as general."""
    image = task.images[-1]
    said = [talk.say("regions.not_found", image=image)]
    if entries := entries_named(talk.question, talk.language):
        said.append(talk.say("regions.in_general", entries="; ".join(entries)))
    return "\n\n".join(said)
