"""Whether a few words go on with a lesson or a quiz, though they sound like an alarm: “collapsed lobe”."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.hearing.general import in_general
from assistant.planning.alarms import hear
from assistant.planning.conversation import Conversation
from assistant.planning.follow_on import joins
from tools.language.findings import FINDINGS
from tools.language.rules import heard
from tools.language.terms import mentions

_OWN, _SOMEBODY = heard("people", "own"), heard("people", "somebody")
# Ours: so few words, without anybody in them, answer or ask on. Up to which score of an alarm they do so:
# where they name a finding, where they only go on from the question before, and whatever they are. “Cannot
# breathe” is far above.
_FEW_WORDS = 5
_NAMED, _GOES_ON, _ANY = 0.7, 0.6, 0.3
_LESSON, _BOOK = 0.5, 0.6
_QUIZ = "library"


def is_of_a_lesson(talk: Conversation) -> bool:
    """Whether a message answers or goes on with the question of a lesson or a quiz just before it."""
    said = talk.said or talk.question
    if not talk.past or len(said.split()) > _FEW_WORDS or _OWN.search(talk.question):
        return False
    alarm = hear(said).people["danger_body"]
    if "personal" in hear(said).alarms:
        return False
    before = talk.lately[-1]
    if in_general(before, talk.language) < _LESSON and hear(before).best[0] != _QUIZ:
        return False
    named = FINDINGS.search(talk.question) or any(mentions(talk.question))
    return alarm < (_NAMED if named else _GOES_ON if joins(said) else _ANY)


def is_of_nobody(talk: Conversation, told: Sequence[str]) -> bool:
    """Whether a message asks in general, after an alarm by messages that tell of nobody: “Pat. 74, bleeds”.

    Args:
        talk: the conversation.
        told: the messages by which somebody was taken to be in danger.
    """
    if any(_SOMEBODY.search(one) for one in (*told, talk.said or talk.question)):
        return False
    return in_general(talk.said or talk.question, talk.language) >= _BOOK
