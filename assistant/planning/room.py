"""Which questions a language model may look further into and word, once the planner has made its calls.

Only plain questions about images that are there, and what the planner did not understand, and only in
English, in which the evidence is checked. All else (danger, harm, advice, identity, instructions to Casebook,
the case library, thanks …) is the planner's whatever model is set.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.planning.conversation import Conversation
from assistant.planning.danger import is_ruled
from assistant.planning.task import FIRST, NEEDS_IMAGE, Task
from tools.language import sayings


def leaves_room(tasks: Sequence[Task], talk: Conversation) -> bool:
    """Whether a language model may have a say in the answer to these tasks."""
    if {talk.language, talk.spoken} != {sayings.FIRST} or is_ruled(talk):
        return False
    return all(_is_open(task) for task in tasks)


def _is_open(task: Task) -> bool:
    if task.intent == "unclear":
        return True
    return task.intent in NEEDS_IMAGE and task.intent not in FIRST and bool(task.images)
