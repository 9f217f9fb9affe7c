"""An earlier turn: the words in which it asked, and the card that it showed."""

from __future__ import annotations

from assistant.planning.cards_held import card_held, card_shortened
from assistant.planning.conversation import Conversation, PastTurn
from tools.language.teaching_cards import Card


def card_of(turn: PastTurn) -> Card | None:
    """The card that an answer showed, whole or shortened."""
    return card_held(turn.text) or card_shortened(turn.text)


def as_written(turn: PastTurn, talk: Conversation) -> str:
    """The question of an earlier turn in the words in which it was asked, and not those that rules hear."""
    since = len(talk.past) - talk.past.index(turn)
    return talk.lately[-since] if since <= len(talk.lately) else turn.question
