"""Answers about the case library: what its tools said, or why none was called."""

from __future__ import annotations

from assistant.planning.card_quiz import CARDS, begins, quiz_on_cards
from assistant.planning.conversation import Conversation
from assistant.planning.library import TOOLS
from assistant.planning.task import Task
from tools.language.library import save_order


def library(task: Task, talk: Conversation) -> str:
    """What the library's tool said of a wish, or what a quiz on cards says."""
    if task.detail == CARDS:
        return quiz_on_cards(talk)
    tool = TOOLS[task.detail]
    results = [one for one in talk.results if one.tool == tool and one.question in ("", task.clause)]
    if results and results[-1].refused and begins(talk):
        return f"{results[-1].content}\n\n{quiz_on_cards(talk)}"
    if task.detail == "save" and results:
        return "\n\n".join(dict.fromkeys(one.content for one in results if one.image_id in task.images))
    if results:
        return results[-1].content
    return _not_saved(task, talk) if task.detail == "save" else talk.say("library.not_here")


def _not_saved(task: Task, talk: Conversation) -> str:
    """Why a picture was not saved, or when it was."""
    before = [
        one for turn in talk.past for one in turn.results if one.tool == TOOLS["save"] and not one.refused
    ]
    order = save_order(task.clause)
    if order is None and before:
        return before[-1].content
    if order is None:
        return talk.say("library.no_order")
    if not order.label:
        return talk.say("library.no_label")
    return task.note or talk.say("library.no_image")
