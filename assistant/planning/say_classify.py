"""What a classifier trained on the user's labels says, in words."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.plan import Task
from assistant.planning.say_image import result_of

_NONE = (
    "Sorting an image into labels takes a classifier trained on your case library, and this assistant was "
    "built without a place for them."
)


def classify(_task: Task, talk: Conversation, image_id: str) -> str:
    """Which label fits by the user's own classifier, or why none was chosen."""
    result = result_of(talk, "classify_with_my_labels", image_id)
    return result.content if result else _NONE
