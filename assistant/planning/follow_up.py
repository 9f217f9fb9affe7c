"""What a clause asks for by the chat around it: what was found, said or shown before, and what is in view."""

from __future__ import annotations

import re

from assistant.planning.asides import ELSEWHERE
from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.lexicon import SAME_MODALITY, modalities_named
from assistant.planning.reference import focus, names_image
from assistant.planning.words import Intent, intent_of
from store.records import Finding, Match
from tools.language.anatomy import INNER
from tools.language.findings import FINDINGS
from tools.language.glossary import explain, meant
from tools.language.subjects import MEDICAL

_MORE = re.compile(r"^\W*(?:and|what about|how about)\b", re.I)
# Asks whether something is to be seen, in words that the planner need not know: a reader may.
_LOOK = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:any\b|(?:is|are) there\b|(?:do|can) you see\b|(?:what|how) about the\b)|"
    r"\b(?:bright|dark|white|black|grey|round) \w* ?(?:thing|spot|area|line|structure|dot|ring|part)\b|"
    r"\bcontrast (?:agent|medium|given|used|enhanc\w*)\b",
    re.I,
)
# Asks something of the picture by pointing at it.
_POINTS = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:which|what|who|whose|where|how|is|are|does|do|can|could|has|have)\b.{0,60}"
    r"\b(?:(?:in|on|inside|behind|around) (?:it|this|that|these|them|img-\d+)|here|there)\W*$|"
    r"^\W*(?:(?:and|so|but) )?(?:is|are|was|were|does|do|did|has|have) (?:it|this|that|these|those|they|"
    r"img-\d+|"
    r"the (?:first|second|third|last|other)(?: one)?)\b"
    r"(?!\s+(?:all|enough|it|ok(?:ay)?|clear|so|right|true|everything)\W*$)",
    re.I,
)
_OF_MATCHES = re.compile(
    r"\b(?:all|most|any|none|some|half|two|three|four|five|six) of (?:them|those|these)\b|"
    r"\bhow (?:alike|near|close)\b|\bwho (?:label\w+|named|diagnosed)\b|"
    r"\b(?:those|these|the) (?:cases|matches|look-?alikes|neighbou?rs)\b|"
    r"\bhow many (?:of (?:them|those|these|the \w+)|(?:are|were|have|show|carry)\b)|"
    r"\b(?:which|what) (?:labels?|sources?|licen[cs]es?|captions?) (?:do|did|have|has|are|were)\b|"
    r"\b(?:does(?:n't| not)?|would(?:n't)?|so) (?:that|this|it|they) mean\b|^\W*(?:so|"
    r"then)\b.{0,10}\b(?:it|this) is\b|"
    r"\b(?:the )?(?:closest|nearest|most similar|best) (?:one|case|match|of them)\b",
    re.I,
)
_SAID = re.compile(
    r"\b(?:was|were|is) (?:that|it|this) (?:from |by |said by )?(?:the )?(?:radiographer|babydoctor|"
    r"derm-captioner|reader|you\b)|"
    r"\bdid (?:it|they|you|he|she|the \w+|radiographer|babydoctor|derm-captioner) (?:\w+ )?(?:say|mention|"
    r"name|see|find|"
    r"call|describe|write|report|tell)\b|"
    r"\b(?:which|what|where|how) (?:\w+ ){0,2}(?:was|were) (?:it|that|they|those|said|mentioned|named)(?: "
    r"again)?\W*$|"
    r"^\W*(?:(?:and|so) )?(?:was|were) (?:it|that|they)\b.{0,20}\b(?:left|right|upper|lower|side|lobe)\b|"
    r"\b(?:everything|all|anything|what(?:ever)?)\b.{0,25}\b(?:it|they|readers?|radiographer|babydoctor|"
    r"derm-captioner|"
    r"models?|you)\b.{0,12}\b(?:said|told|found|wrote|answered)\b|\b(?:said|found|told|answers?) so far\b|"
    r"\bwhat (?:was|has been) (?:said|found|reported)\b|"
    r"\b(?:remind me|repeat|again)\b.{0,40}\b(?:said|say|reader|radiographer|babydoctor|derm-captioner)\b",
    re.I,
)
_NUMBERS = re.compile(
    r"\b(?:what|which|how) (?:do|does|can|could|would) (?:the|these|those|your|its|all the) (?:\w+ )?"
    r"(?:numbers?|values?|measurements?|figures?|hounsfield\w*(?: units?)?|hu)\b",
    re.I,
)
COLOURS = r"\b(?:red(?:dish)?|brown(?:ish)?|black|white|whitish|blue|bluish|gr[ea]y|pink|tan)\b"
"""Colours of a lesion by the names that people give them."""
_COLOUR = re.compile(
    r"\b(?:any|is|are|does|do|has|have|how (?:much|many)|looks?|see|which|what)\b.{0,40}"
    rf"{COLOURS}",
    re.I,
)
_HOW_LONG = re.compile(
    r"^\W*(?:(?:and|so|but|then|ok|okay),? )*(?:(?:how many|what(?: is| are)?|in|as)\b.{0,20})"
    r"\b(?:cm|mm|centimet\w+|millimet\w+)\b(?: (?:is|are) (?:it|that|this)| please| then)?\W*$",
    re.I,
)
_HOW_WIDE = re.compile(
    r"^\W*(?:(?:and|so|but|then|ok|okay),? )*how (?:wide|tall|high|large|big) (?:is|are) "
    r"(?:it|this|that|they)\b"
    r"(?: in)? (?:cm|mm|centimet\w+|millimet\w+)\W*$",
    re.I,
)
_ADD = re.compile(r"\bhow\b.{0,15}\b(?:add|import|get|make|create|train|set up|fill)\b", re.I)
_OPEN: frozenset[Intent] = frozenset({"unclear", "read", "describe", "claim", "glossary"})
# What the words of "what is a pneumothorax?" may be heard as, when the term is all they know of it.
_NAMES_ALONE: frozenset[Intent] = frozenset({"unclear", "read", "textbook"})
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
        return "glossary" if intent == "unclear" and _MORE.match(clause) and explain(clause) else intent
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
    if _MORE.match(clause) and explain(clause):
        return "glossary"
    if MEDICAL.search(clause) or _LOOK.search(clause):
        return "read"
    if _POINTS.search(clause) and not ELSEWHERE.search(clause):
        return "read"
    if names_image(clause, talk) and not ELSEWHERE.search(clause):
        return "read"
    return "describe" if talk.attached else "unclear"


def _of_the_file(clause: str, talk: Conversation) -> bool:
    """Whether “how many cm?” goes on from a question about the size of the whole picture."""
    if not talk.past or not _HOW_LONG.match(clause):
        return False
    return any(intent_of(one)[0] == "facts" for one in clauses(talk.past[-1].question))


def _of_the_whole(clause: str, talk: Conversation) -> bool:
    """Whether “how wide is it in cm?” asks of the picture: no lesion is outlined in a radiology image."""
    shown = talk.attached or focus(talk) or talk.ids
    return talk.image(shown[-1]).domain == "radiology" and _HOW_WIDE.match(clause) is not None


def is_known_kind(clause: str, image_id: str, talk: Conversation) -> bool:
    """Whether the kind that a clause states is what the image is known to be."""
    known = talk.image(image_id).modality
    return known is not None and SAME_MODALITY.get(known, known) in modalities_named(clause)


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
