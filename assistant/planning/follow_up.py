"""What a clause asks for by the chat around it: what was found, said or shown before, and what is in view."""

from __future__ import annotations

import re

from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.reference import focus, names_image
from assistant.planning.words import ELSEWHERE, Intent, intent_of
from store.records import Finding, Match
from tools.language.anatomy import INNER
from tools.language.findings import FINDINGS
from tools.language.glossary import explain, meant
from tools.language.pictures import names_picture
from tools.language.rules import heard
from tools.language.subjects import MEDICAL

_MORE = heard("follow_up", "more")
# Asks whether something is to be seen, in words that the planner need not know: a reader may.
_LOOK = heard("follow_up", "look")
# Asks something of the picture by pointing at it.
_POINTS = heard("follow_up", "points")
_OF_MATCHES = heard("follow_up", "of_matches")
_SAID = heard("follow_up", "said")
_NUMBERS = heard("follow_up", "numbers")
_COLOUR = heard("follow_up", "colour")
_HOW_LONG = heard("follow_up", "how_long")
_HOW_WIDE = heard("follow_up", "how_wide")
_ADD = heard("follow_up", "add")
_TELLS_OF_IT = heard("follow_up", "tells_of_it")
_PAIRED, _SHOWN = heard("questions", "paired"), heard("questions", "shown")
_WORDS = re.compile(r"[^\W\d_]{3}")
_OPEN: frozenset[Intent] = frozenset({"unclear", "read", "describe", "claim", "glossary"})
# What the words of "what is a pneumothorax?" may be heard as, when the term is all they know of it.
_NAMES_ALONE: frozenset[Intent] = frozenset({"unclear", "read", "textbook"})
# Ours: what is longer says what it wants of a term.
_FEW = 6
_LIBRARY = ("find_similar_cases", "classify_with_my_labels")


def by_context(intent: Intent, clause: str, talk: Conversation) -> Intent:
    """What a clause asks for, where the chat tells more than its words.

    Args:
        intent: what it asks for by its own words.
        clause: a part of the question.
        talk: the conversation.
    """
    if intent in _NAMES_ALONE and meant(clause):
        return "glossary"
    if not talk.ids:
        return "glossary" if intent == "unclear" and _names_another_term(clause) else intent
    if intent == "measure" and (_of_the_file(clause, talk) or _of_the_whole(clause, talk)):
        return "facts"
    if intent in (*_OPEN, "measure") and (found := _of_what_was_said(intent, clause, talk)):
        return found
    if intent in _OPEN and (found := _of_numbers(clause, talk)):
        return found
    return _of_the_picture(clause, talk) if intent == "unclear" else intent


def _of_what_was_said(intent: Intent, clause: str, talk: Conversation) -> Intent | None:
    last = next((turn for turn in reversed(talk.past) if turn.results), None)
    if last is None or talk.attached:
        return None
    if matches_of(last) and (_OF_MATCHES.search(clause) or _names_a_label(clause, last, talk)):
        return "matches"
    if intent == "unclear" and any(one.tool in _LIBRARY for one in last.results) and _ADD.search(clause):
        return "add_cases"
    return "recall" if intent != "glossary" and _SAID.search(clause) and readings(talk) else None


def _of_numbers(clause: str, talk: Conversation) -> Intent | None:
    """The numbers of the picture in view: a lesion's measurements, or a slice's shares."""
    shown = talk.attached or focus(talk) or talk.ids
    skin = talk.image(shown[-1]).domain == "dermatology"
    if _NUMBERS.search(clause):
        return "measure" if skin else "tissue"
    if not skin or "dermatology" in talk.readers:
        # A reader that is set up is asked of a colour as of all else that a picture shows.
        return None
    others = [word for word in FINDINGS.findall(clause) if not re.match(r"mole|lesion", word, re.I)]
    return "measure" if _COLOUR.search(clause) and not others and not INNER.search(clause) else None


def _of_the_picture(clause: str, talk: Conversation) -> Intent:
    if _names_another_term(clause):
        return "glossary"
    if MEDICAL.search(clause) or _LOOK.search(clause):
        return "read"
    if _POINTS.search(clause) and not ELSEWHERE.search(clause):
        return "read"
    if names_image(clause, talk) and not ELSEWHERE.search(clause):
        return "read"
    # Words that nobody understood are asked back, if there is no reader to be asked what a new picture shows.
    for_a_reader = any(talk.image(one).domain in talk.readers for one in talk.attached)
    meant = for_a_reader or not _WORDS.search(clause) or _TELLS_OF_IT.search(clause) or names_picture(clause)
    return "describe" if talk.attached and meant else "unclear"


def _names_another_term(clause: str) -> bool:
    """Whether “and an effusion?” asks for what a word means; more words ask for something of their own."""
    short = len(clause.split()) <= _FEW
    return short and _MORE.match(clause) is not None and bool(explain(clause))


def _of_the_file(clause: str, talk: Conversation) -> bool:
    """Whether “how many cm?” goes on from a question about the size of the whole picture."""
    if not talk.past or not _HOW_LONG.match(clause):
        return False
    return any(intent_of(one)[0] == "facts" for one in clauses(talk.past[-1].question))


def _of_the_whole(clause: str, talk: Conversation) -> bool:
    """Whether “how wide is it in cm?” asks of the picture: no lesion is outlined in a radiology image."""
    shown = talk.attached or focus(talk) or talk.ids
    return talk.image(shown[-1]).domain == "radiology" and _HOW_WIDE.match(clause) is not None


def is_another_kind(talk: Conversation) -> bool:
    """Whether the picture that came now is from another field than all before."""
    before = {row.domain for row in talk.images if row.id not in talk.attached}
    return bool(before and talk.attached) and talk.image(talk.attached[-1]).domain not in before


def matches_of(turn: PastTurn) -> list[Match]:
    """The look-alikes that were found in a turn."""
    return [one for result in turn.results for one in result.records if isinstance(one, Match)]


def readings(talk: Conversation) -> list[tuple[Result, Finding]]:
    """What readers have said in earlier turns, oldest first."""
    return [
        (result, one)
        for turn in talk.past
        for result in turn.results
        for one in result.records
        if result.tool in talk.readers.values() and isinstance(one, Finding)
    ]


def _names_a_label(clause: str, turn: PastTurn, talk: Conversation) -> bool:
    """Whether a clause asks about the label of a case that was found: “so it is a nevus?”.

    A reader that is set up is asked instead, as it looks at the image.
    """
    labels = {one.label.lower() for one in matches_of(turn)}
    read = any(talk.image(one.image_id).domain in talk.readers for one in turn.results)
    return not read and any(label in clause.lower() for label in labels)


def other_side(asked: str, clause: str) -> str | None:
    """The last question with its side changed, when it named a side of the body ("and the left one?")."""
    side = re.search(r"\b(left|right)\b", clause, re.I)
    if side and re.search(r"\b(?:left|right)\b", asked, re.I):
        return re.sub(r"\b(?:left|right)\b", side[1].lower(), asked, flags=re.I)
    if side and _PAIRED.search(asked):
        return _PAIRED.sub(lambda organ: f"the {side[1].lower()} {organ[1]}", asked, count=1)
    return None


def was_measured(talk: Conversation) -> bool:
    """Whether a lesion was measured before."""
    return any(one.tool == "measure_lesion" for turn in talk.past for one in turn.results)


def is_of_colour(clause: str) -> bool:
    """Whether a clause asks of a colour, and of no number: “is it red?”."""
    return _COLOUR.search(clause) is not None and _NUMBERS.search(clause) is None


def asks_of_the_picture(clause: str, talk: Conversation) -> bool:
    """Whether “why is the kidney enlarged?” asks a reader: no tool has said anything yet to be explained."""
    explained = any(turn.results for turn in talk.past)
    words = MEDICAL.search(clause) or _SHOWN.search(clause)
    return bool(talk.ids) and not explained and words is not None
