"""Labels of the user's own in words: which of them fits best, by a ranking model or a trained classifier."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.free_words import labels_of
from assistant.planning.say_image import result_of
from assistant.planning.task import Task


def classify(_task: Task, talk: Conversation, image_id: str) -> str:
    """Which label fits by the user's own classifier, or why none was chosen."""
    result = result_of(talk, "classify_with_my_labels", image_id)
    return result.content if result else talk.say("labels.no_classifiers")


def rank(task: Task, talk: Conversation, image_id: str) -> str:
    """The ranking with its cautions, or why there is none and what it takes."""
    if len(labels_of(task.clause)) < 2:
        return talk.say("labels.name_them")
    meant = ("rank_labels", image_id, task.clause)
    result = next((one for one in talk.results if (one.tool, one.image_id, one.question) == meant), None)
    if result is not None and not result.refused:
        return result.content
    if talk.image(image_id).domain == "dermatology":
        first = result.content if result else talk.say("labels.skin_not_ranked", image=image_id)
        return f"{first} {talk.say('labels.train_for_skin')}"
    return result.content if result else talk.say("labels.needs_ranker")
