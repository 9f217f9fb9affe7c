"""What a message asks besides saying that a danger is over: a line says that, and the rest is answered."""

from __future__ import annotations

from dataclasses import replace

from assistant.planning.conversation import Conversation
from assistant.planning.danger import ended_in
from assistant.planning.danger_told import clear_danger
from assistant.planning.help_is_there import beside_ending
from assistant.planning.task import Task
from assistant.planning.words import Intent

IN_SHORT = "_in_short"
"""What the detail of an end ends in that stands before an answer."""

# What words beside an end come to that ask for nothing, unless they are a question.
_IDLE: frozenset[Intent] = frozenset(
    {"unclear", "textbook", "thanks", "greeting", "talk", "personal", "declined", "capabilities"}
)
_REFUSED = ("dose", "for_somebody", "at_home")
# Ours: what is so short beside an end asks for nothing: “thank God”, “seguimos”.
_FEW_WORDS = 3


def what_ended(talk: Conversation) -> tuple[list[Task], Conversation]:
    """That a danger of the body is over, or help on its way; and the chat with what else the message says.

    The question of the chat is empty where it says nothing else.
    """
    ends = ended_in(talk)
    if not ends:
        return [], talk
    said, question = beside_ending(talk.said or talk.question, talk.question)
    if len(said.split()) <= _FEW_WORDS and "?" not in said:
        said = question = ""
    before = tuple(one for one in talk.lately if clear_danger(one) != "body")
    rest = replace(talk, question=question, said=said if talk.said else "", before=before)
    return [Task("over", talk.question, detail=ends)], rest


def with_ended(told: list[Task], found: list[Task]) -> list[Task]:
    """The end of a danger with what is asked besides, where something is."""
    asked = [one for one in found if one.intent not in _IDLE or one.detail in _REFUSED or "?" in one.clause]
    if not told or not asked:
        return told or found
    return [replace(told[0], detail=f"{told[0].detail}{IN_SHORT}"), *asked]
