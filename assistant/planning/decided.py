"""What a question asks for, decided once: a turn plans its calls by it, and then its answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from assistant.planning.conversation import Conversation
from assistant.planning.plan import make_tasks
from assistant.planning.room import leaves_room
from assistant.planning.task import Task

Decided = tuple[tuple[Task, ...], bool]

# Ours: so many chats may be in the middle of a turn at once; of one more, a question is decided twice.
_AT_ONCE = 8

# Read and written by threads: what it does at once, a deque does whole.
_lately: deque[tuple[Conversation, Decided]] = deque(maxlen=_AT_ONCE)


def decided(talk: Conversation) -> tuple[Sequence[Task], bool]:
    """The tasks of a question, and whether a language model may have a say in their answer.

    What the tools found since the question changes neither, unless an image is another now: shown at another
    slice, or taken for something else.
    """
    before = replace(talk, results=())
    for known, told in [*_lately]:
        if known == before:
            return told
    tasks = make_tasks(before)
    told = tuple(tasks), leaves_room(tasks, before)
    _lately.appendleft((before, told))
    return told
