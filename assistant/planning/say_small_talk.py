"""What is said to a message that wants no tool, as far as it is true in this chat."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.task import Task

_WITHOUT_READER = ("cannot_or_will_not", "what_reads", "from_cd")
_OF_A_PICTURE = ("test_file", "told_picture")


def small_talk(task: Task, talk: Conversation) -> str:
    """One fitting sentence or two, in the kind of ``prompts/talk`` that was heard."""
    kind = task.detail
    if kind == "wrong_picture":
        return (
            talk.say("talk.wrong_picture", image=task.images[-1])
            if task.images
            else talk.say("talk.no_right_picture")
        )
    if kind in _WITHOUT_READER and talk.readers:
        return talk.say(f"talk.{kind}_reader")
    if kind in _OF_A_PICTURE and not talk.ids:
        return talk.say(f"talk.{kind}_none")
    if kind == "told_object" and not any(one.domain == "dermatology" for one in talk.images):
        return talk.say("talk.told_object_body")
    return talk.say(f"talk.{kind}")
