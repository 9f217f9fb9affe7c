"""What a clause can ask for at all, by its form and by what is in the chat."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, get_args

from assistant.hearing.undone import undone
from assistant.planning.alarms import SURE, hear, named
from assistant.planning.follow_up import matches_of
from assistant.planning.free_words import slice_meant
from assistant.planning.in_a_lesson import is_of_a_lesson
from assistant.planning.lexicon import kind_stated
from assistant.planning.reference import names_image
from assistant.planning.slices import scans
from assistant.planning.words import Intent
from tools.language.declined import declined
from tools.language.kind_questions import kind_question
from tools.language.rules import heard as rule
from tools.language.wellness import names_finding

if TYPE_CHECKING:
    from assistant.planning.conversation import Conversation, ImageRow

OF_WHAT_WAS_SAID = ("limit", "claim", "disagree")
"""Go on from something that was said."""
COMPLAINTS = frozenset({"personal", "danger_body", "danger_self"})
"""Alarms of somebody who may be ill."""
_FEW_WORDS = 3  # ours: so few point at a picture to come
_FIRST_PERSON, _ASKS_LIKE_A_BOOK = rule("judging", "first_person"), rule("judging", "like_a_book")
_DIGIT = re.compile(r"\d")
_POINTING, _SHOWS = rule("judging", "pointing"), rule("judging", "shows")
_ITS, _NO_ORDER = rule("judging", "its"), rule("judging", "no_order")
_KNOWN = frozenset(get_args(Intent))


def asks(clause: str) -> bool:
    """Whether it ends as a question does."""
    return clause.rstrip().endswith("?")


def surely(text: str, least: float = 0.85) -> Intent | None:
    """What the ear hears in a text by itself, if it is as sure as that."""
    _, said, score = next(named(hear(text)), ("", "unclear", 0.0))
    return said if score >= least else None


def is_possible(said: Intent, clause: str, talk: Conversation | None) -> bool:
    """Whether the clause, and the chat, hold what an intent cannot do without."""
    if said == "treat_as":
        return not (asks(clause) or _NO_ORDER.search(clause)) and kind_stated(clause) is not None
    if said == "slice":
        found = scans(talk) if talk else []
        elsewhere = talk is not None and len(talk.ids) > 1 and names_image(clause, talk)
        placed = found and (slice_meant(clause, found[-1]) is not None or surely(clause) == said)
        return bool(placed) and not elsewhere
    if said in ("personal", "danger"):
        return talk is None or (_complains(talk.question) and not is_of_a_lesson(talk))
    if said == "identity" and said not in hear(clause).alarms:
        return False
    return said in _KNOWN and _has_what_is_asked_of(said, clause, talk)


def _has_what_is_asked_of(said: Intent, clause: str, talk: Conversation | None) -> bool:
    """Whether there is what a clause would be about: a kind of picture, a deed to leave, an answer before."""
    if said == "which_is":
        return kind_stated(clause) is not None and kind_question(clause) is None
    if said in ("greeting", "thanks"):
        return not asks(clause)  # “hey, is that x-ray all right?”
    if said == "glossary" and talk and talk.ids and (_POINTING.search(clause) or _ITS.search(clause)):
        return False
    if said == "declined":
        denied = declined().taking_back.search(clause)
        return bool(undone(clause) or (denied and surely(clause, SURE) == said))
    return talk is None or _is_in_the_chat(said, clause, talk)


def _is_in_the_chat(said: Intent, clause: str, talk: Conversation) -> bool:
    of_the_chat: dict[str, Callable[[], object]] = {
        "capabilities": lambda: not _points_at_a_picture(clause, talk),
        "measure": lambda: not talk.ids or any(row.domain != "radiology" for row in talk.images),
        "library": lambda: not _SHOWS.search(clause),
        "matches": lambda: any(matches_of(turn) for turn in talk.past),
        "tissue": lambda: not talk.ids or any(_is_on_scale(row) for row in talk.images),
        "limit": lambda: bool(talk.past or (_DIGIT.search(clause) and not names_finding(clause))),
        "claim": lambda: talk.past,
        "disagree": lambda: talk.past,
    }
    return bool(of_the_chat[said]()) if said in of_the_chat else True


def _is_on_scale(row: ImageRow) -> bool:
    """Whether a picture may have Hounsfield units: a CT, and by more than its pixels."""
    return row.modality == "CT" and row.known_from != "pixels"


def _points_at_a_picture(clause: str, talk: Conversation) -> bool:
    """Whether “what is this?” asks of a picture that came, or would, and not of Casebook."""
    return bool(len(clause.split()) <= _FEW_WORDS or talk.attached) and bool(_POINTING.search(clause))


def _complains(question: str) -> bool:
    """Whether a whole question sounds like a complaint, as a clause of an examination question may."""
    examines = _ASKS_LIKE_A_BOOK.search(question) and not _FIRST_PERSON.search(question)
    heard = hear(question)
    return bool(heard.alarms & COMPLAINTS or heard.best[0] == "personal") and not examines
