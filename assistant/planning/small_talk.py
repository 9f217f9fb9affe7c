"""Messages that want no tool: small talk, what Casebook is and may not do, and what is only told.

The trained ear hears them by their kind; what was heard before says how sure it has to be.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.hearing.ear import hear
from assistant.hearing.talk import ON_THE_WAY, OVER, heard_as_talk
from assistant.planning.alarms import reader_named
from assistant.planning.conversation import Conversation
from assistant.planning.follow_on import joins
from assistant.planning.judge import ANSWERED
from assistant.planning.set_right import set_right
from assistant.planning.task import Task
from assistant.planning.words import Intent
from tools.language.rules import heard as rule

_ASKS = rule("openings", "asks")
# What is made of words that nobody understood.
_OPEN: frozenset[Intent] = frozenset({"unclear", "textbook", "greeting", "thanks", "claim", "disagree"})
# What is heard by single words, which talk holds as well.
_BY_A_WORD: frozenset[Intent] = frozenset(
    {"capabilities", "read", "why", "compare", "describe", "display", "quality", "skin_tone",
     "reader_quality", "measure", "privacy", "recall", "teach", "what_is", "which_is", "total_score",
     "photographing",
     "material", "similar", "limit", "glossary", "facts"}
)  # fmt: skip
# What may be meant by a message that is heard as one about somebody's health, or as harm.
_OF_PEOPLE: dict[Intent, tuple[str, ...]] = {
    "personal": ("nerves", "worried", "dose", "at_home", "remark", "rude", "authorised"),
    "advice": ("dose", "at_home", "worried", "nerves"),
    "harm": ("dose", "at_home", "report", "rude", "why_no_dose"),
}
# What is no question; a message that asks wants something besides.
TOLD = (
    "nerves", "story", "remark", "bye", "worried", "test_file", "authorised", "wrong_picture",
    "told_patients", "told_object", "told_picture", "told_shape", "elsewhere", "for_others",
)  # fmt: skip
"""Kinds of talk that only tell."""
# Beside a picture that came with it, it is said what that is.
_OF_ITS_PICTURE = frozenset(
    {"story", "remark", "test_file", "wrong_picture", "told_picture", "told_shape", "told_object"}
)
# Ours, by the messages of strangers: how much a message has to sound like talk where nothing else was heard,
# where something was by single words, and where it was of somebody's health; and its lead before all else.
_ENOUGH, _SURER, _OF_HEALTH = (0.42, 0.05), (0.55, 0.3), (0.6, 0.35)
# The same of what is declined for anybody, which is never asked back, and beside all that Casebook can do.
_DECLINED, _OF_CASEBOOK = (0.4, 0.1), (0.5, 0.2)
_REFUSED = ("dose", "for_somebody", "at_home", "report")
# The same where a card is surely the answer.
_SURELY = (0.7, 0.45)
# The same of a few words that go on from what was asked before: “and metal?”.
_LEANING, _FEW_WORDS = (0.55, 0.35), 3
# Ours: from here on the ear is sure of a wish, which only talk that leads by so much stands before.
_CERTAIN, _BY_FAR = 0.95, 0.5
# What the ear calls talk as well.
_ALSO_TALK = ("capabilities", "none", "privacy", "why", "reader_quality", "personal", "advice")
# Other subjects are of every sort, and what Casebook is bad at is asked like what it is good for.
_MORE = {"off_topic": 0.15, "worst_at": 0.2}


def with_talk(tasks: Sequence[Task], talk: Conversation) -> list[Task]:
    """The tasks, or what fits a message that wants no tool.

    Args:
        tasks: what a message is heard as.
        talk: the conversation.
    """
    said = talk.said or talk.question
    if talk.spoken not in ANSWERED or not tasks:
        return [*tasks]
    heard = heard_as_talk(said, talk.language)
    of_picture = heard.kind in _OF_ITS_PICTURE or heard.kind.startswith("told")
    asks = "?" in said or (of_picture and _ASKS.search(said) is not None)
    enough = None if _goes_on(tasks, heard.kind, talk) else _enough(tasks, heard.kind, talk)
    if enough is None or heard.kind in (OVER, ON_THE_WAY) or (asks and heard.kind in TOLD):
        return [*tasks]
    score, lead = enough
    if (heard.kind == "off_topic" and len(said.split()) < _FEW_WORDS) or reader_named().search(said):
        return [*tasks]
    if heard.score < score + _MORE.get(heard.kind, 0.0) or heard.lead < max(lead, _lead_before(said)):
        return [*tasks]
    shown = [Task("what_is", said, talk.attached)] if talk.attached and heard.kind in _OF_ITS_PICTURE else []
    return [Task("talk", said, talk.attached, detail=heard.kind), *shown]


def _lead_before(said: str) -> float:
    """By how much talk has to lead before what the ear hears in a message."""
    wish, share = hear(said).best
    return _BY_FAR if share >= _CERTAIN and wish not in _ALSO_TALK else 0.0


def _goes_on(tasks: Sequence[Task], kind: str, talk: Conversation) -> bool:
    """Whether a message goes on from one before it, and that was understood: it is done, not talked of."""
    if talk.attached or not talk.past or {one.intent for one in tasks} <= _OPEN:
        return False
    said = talk.said or talk.question
    return (
        kind == "wrong_picture"
        or len(said.split()) < _FEW_WORDS
        or set_right(said, talk.language) is not None
    )


def _enough(tasks: Sequence[Task], kind: str, talk: Conversation) -> tuple[float, float] | None:
    """How much, and by what lead, a message has to sound like a kind of talk; None if it is none for sure."""
    intents = {one.intent for one in tasks}
    said = talk.said or talk.question
    if talk.past and (joins(said) or (said.rstrip().endswith("?") and len(said.split()) <= _FEW_WORDS)):
        return _LEANING if intents <= _OPEN | _BY_A_WORD else None
    if any(kind in _OF_PEOPLE.get(one, ()) for one in intents):
        return _OF_HEALTH
    if intents <= _OPEN:
        return _DECLINED if kind in _REFUSED else _ENOUGH
    if intents == {"capabilities"} and not talk.attached:
        return _OF_CASEBOOK
    brought = talk.attached and kind not in _OF_ITS_PICTURE
    if brought or not intents <= _OPEN | _BY_A_WORD:
        return None
    return _SURELY if any(one.intent == "teach" and not one.detail for one in tasks) else _SURER
