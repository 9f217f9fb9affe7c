"""Which of the labels that the user named fits best, in words."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.free_words import labels_of
from assistant.planning.plan import Task
from tools.models.systems.cards import SYSTEMS

_NAME_THEM = (
    "To rank labels I need at least two, in your words: “which fits best: pneumonia, effusion or normal?”. "
    "To ask a classifier trained on your case library, say “which of my labels fits?”."
)
_SKIN = (
    "For skin images, `casebook library train` makes a classifier of your own labels from your case library; "
    "then ask “which of my labels fits?”."
)


def rank(task: Task, talk: Conversation, image_id: str) -> str:
    """The ranking with its cautions, or why there is none and what it takes."""
    if len(labels_of(task.clause)) < 2:
        return _NAME_THEM
    result = next(
        (
            one
            for one in talk.results
            if (one.tool, one.image_id, one.question) == ("rank_labels", image_id, task.clause)
        ),
        None,
    )
    skin = talk.image(image_id).domain == "dermatology"
    if result is not None:
        return f"{result.content} {_SKIN}" if result.refused and skin else result.content
    if skin:
        return f"I can rank labels on radiology images only, and {image_id} is a skin image. {_SKIN}"
    system = SYSTEMS["pubmedclip"]
    return (
        f"I cannot rank labels: that needs PubMedCLIP ({system.checkpoint}; about {system.disk_gb:g} GB; "
        f"{system.licence}), and it is not set up. To get it: `casebook models pull {system.name}`."
    )
