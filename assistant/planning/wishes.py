"""A question in its wishes: its clauses, and what a list in one clause asks for, thing by thing."""

from __future__ import annotations

from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation
from assistant.planning.judge import asked
from assistant.planning.words import Intent
from tools.language.rules import heard

_BETWEEN, _QUESTION = heard("questions", "between_things"), heard("questions", "asks_of_a_thing")
_BARE = heard("questions", "beside_a_thing")
_TOLD: frozenset[Intent] = frozenset({"measure", "facts", "header", "quality", "what_is", "tissue"})
"""What a thing in a list may ask for: what a file states, and what is measured."""
# Ours: a thing in a list has few words.
_LONGEST = 7


def wishes(talk: Conversation) -> list[str]:
    """What a question asks for, in order: its clauses, lists of things taken apart.

    Measures stay together, as one answer tells them all: “the size and the colours”.
    """
    asks = talk.question.rstrip().endswith("?")
    return [
        f"{part}?"
        if asks and part not in talk.written and _QUESTION.match(part) and part[-1] != "?"
        else part
        for clause in clauses(talk.question)
        for part in (_things(clause, talk) if talk.ids else [clause])
    ]


def _things(clause: str, talk: Conversation) -> list[str]:
    """The things that a list asks for, measures of a lesion in one; else the clause."""
    things = [_as_question(part.strip(), talk) for part in _BETWEEN.split(clause) if part.strip()]
    if len(things) < 2 or not all(things) or asked(clause, talk).intent not in _TOLD:
        return [clause]
    parts: list[tuple[str, Intent]] = []
    for thing, intent in filter(None, things):
        if parts and intent == parts[-1][1] == "measure":
            parts[-1] = (f"{parts[-1][0]}, {thing}", intent)
        else:
            parts.append((thing, intent))
    return [thing for thing, _ in parts] if len(parts) > 1 else [clause]


def _as_question(thing: str, talk: Conversation) -> tuple[str, Intent] | None:
    """A thing in words that are heard, with what it asks for; a bare noun may need its question: “view”."""
    bare = _BARE.sub("", thing)
    if len(thing.split()) > _LONGEST:
        return None
    forms = ((one, asked(one, talk).intent) for one in (thing, f"which {bare}?"))
    return next((form for form in forms if form[1] in _TOLD), None)
