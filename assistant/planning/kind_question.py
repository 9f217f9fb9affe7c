"""Yes/no questions: which of them a file or the gate can answer, and what they answer."""

from __future__ import annotations

from typing import Literal

from assistant.planning.conversation import Conversation
from assistant.planning.lexicon import SAME_MODALITY
from assistant.planning.words import Intent
from store.records import Gate
from tools.language.findings import FINDINGS
from tools.language.kind_questions import KindQuestion, kind_question, parts_named
from tools.language.kinds import kinds

Verdict = Literal["yes", "no", "unknown"]


def by_kind(intent: Intent, clause: str, talk: Conversation) -> Intent:
    """What a yes/no question asks for: the kind of picture only if nothing else is asked.

    Args:
        intent: what it asks for by its words and the chat.
        clause: a part of the question.
        talk: the conversation.
    """
    if not talk.ids or intent not in ("what_is", "facts", "read", "unclear", "describe"):
        return intent
    question = kind_question(clause)
    if question is None:
        return intent
    if intent == "facts":
        beside = "view" in question.finer and FINDINGS.search(clause) is not None
        return "read" if beside else "facts"
    of_the_kind = question.names and not question.rest and not (question.points and talk.past)
    if intent == "what_is" and question.choice and not FINDINGS.search(clause):
        return "what_is"  # “taken with a phone or a dermatoscope?”
    if of_the_kind or intent == "what_is":
        return question.answered_by
    return "read" if question.names else intent


def verdict(question: KindQuestion, gate: Gate) -> Verdict:
    """Whether an image is what a question names, as far as a file or the gate knows."""
    told = {of_modality(question, gate), _of_domain(question, gate), of_parts(question, gate)}
    if "no" in told:
        return "no"
    return "yes" if told <= {"yes", None} and "yes" in told else "unknown"


def of_modality(question: KindQuestion, gate: Gate) -> Verdict | None:
    """Whether an image is of a modality that a question names; None if it names none."""
    if not question.modalities:
        return None
    if gate.modality is None:
        return "unknown"
    known = SAME_MODALITY.get(gate.modality, gate.modality)
    same = [code == known for code in question.modalities]
    return "yes" if (any(same) if question.choice else all(same)) else "no"


def _of_domain(question: KindQuestion, gate: Gate) -> Verdict | None:
    if not question.domains:
        return None
    if gate.domain == "unknown":
        return "unknown"
    same = [
        name == gate.domain or (name == "medical" and gate.domain in ("radiology", "dermatology"))
        for name in question.domains
    ]
    return "yes" if (any(same) if question.choice else all(same)) else "no"


def of_parts(question: KindQuestion, gate: Gate) -> Verdict | None:
    """Whether an image shows the parts of the body that a question names; None if it names none."""
    if not question.parts:
        return None
    told = [_of_part(part, gate) for part in question.parts]
    if question.choice and "yes" in told:
        return "yes"
    if "unknown" in told:
        return "unknown"
    return "no" if "no" in told else "yes"


def _of_part(part: str, gate: Gate) -> Verdict:
    known = parts_named(gate.body_part or "")
    within = {name: one.within for name, one in kinds().parts.items()}
    if part in known or any(part in within[name] for name in known):
        return "yes"
    if not known or any(name in within[part] for name in known):
        return "unknown"
    return "no"
