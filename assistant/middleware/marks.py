"""What a loop and whoever runs it say to each other: marks on messages, words on the stream, the end."""

from __future__ import annotations

from assistant.memory.messages import KEY

BY_PLANNER = {KEY: {"by": "planner"}}
"""On the planner's messages in a failed model's place, in ``additional_kwargs``."""

BY_RULES = {KEY: {"by": "rules"}}
"""The same where no model was asked."""

PLANNED = {KEY: {"by": "plan"}}
"""On the planner's calls before a language model goes on."""

WRITTEN = {"kind": "written"}
"""On the custom stream: what follows is written by a language model, and is not shown as it comes."""

SHOWN = "shown"
"""The kind of what is to be on the screen now, in place of what is."""

TOO_MANY_TOOL_CALLS = "Not run: this turn has used up its tool calls. Answer from what there is."


class Stopped(BaseException):
    """The user stopped the turn."""
