"""What was said before, told again: readers' words, what they were asked, look-alikes that were found."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation, Result
from assistant.planning.follow_up import matches_of, readings
from assistant.planning.plan import Task
from assistant.planning.say_cases import counted, letters
from assistant.planning.say_image import records
from store.records import Match, Neighbours
from tools.language.anatomy import INNER
from tools.language.findings import FINDINGS
from tools.models.systems.cards import READERS, SYSTEMS

_COMMON = re.compile(
    r"the|and|was|were|did|does|what|which|who|how|where|when|that|this|there|again|about|with|says?|said|"
    r"tell|"
    r"told|named?|find|found|call|called|see|saw|mention(?:ed)?|reader|image|picture|you|your|one|for|derm|"
    r"captioner|radiographer|babydoctor"
)
_READERS = [name for known in READERS.values() for name in known]
_ALL = re.compile(r"\b(?:everything|all|so far|whatever)\b", re.I)
# Ours: more quotations at once are no answer to one question.
_MOST = 12


def recall(task: Task, talk: Conversation) -> str:
    """What readers have said of what a question is about; their last words where they said nothing of it."""
    said = readings(talk)
    if not said:
        return _questions(talk)
    wanted = _words(task.clause)
    overlap = [len(wanted & _words(f"{result.question} {one.text}")) for result, one in said]
    best = 0 if _ALL.search(task.clause) else max(overlap, default=0)
    last = said if _ALL.search(task.clause) else [p for p in said if p[0].question == said[-1][0].question]
    chosen = [pair for pair, n in zip(said, overlap, strict=True) if n == best] if best else last
    named = [*FINDINGS.findall(task.clause), *INNER.findall(task.clause)]
    absent = [word for word in named if not any(word.lower() in one.text.lower() for _, one in chosen)]
    none = f"No reader named “{absent[0].lower()}” in what I have. " if absent else ""
    quoted = " ".join(
        dict.fromkeys(
            f"Of {one.image_id}, {one.model} said{_asked(result.question)}: “{one.text}”."
            for result, one in chosen[-_MOST:]
        )
    )
    return (
        f"{none}{quoted}\n\nThose are its words from before, and I did not ask again. What it did not say "
        "I cannot "
        "add; to have the picture read for it, ask about the picture, as in “is there …?”."
    )


def _questions(talk: Conversation) -> str:
    """What the user asked before, where no reader has said anything to be told again."""
    if not talk.lately:
        return "Nothing was said in this chat before."
    asked = "; ".join(f"“{question}”" for question in talk.lately[-_MOST:])
    return f"No reading model has said anything in this chat. You asked, oldest first: {asked}."


def sent(_task: Task, talk: Conversation) -> str:
    """What the reader was given."""
    said = readings(talk)
    if not said:
        return (
            "No reading model was asked anything in this chat. When one is, it gets the picture and your "
            "own words; "
            "the exact prompt stands in the evidence below its answer."
        )
    result, one = said[-1]
    words = f"your own words, “{result.question}”" if result.question else "the question of its card"
    return (
        f"{one.model} was given {one.image_id} and {words}, in the form that its card asks for. The exact "
        "prompt "
        "stands in the evidence below that answer."
    )


def reader_quality(task: Task, talk: Conversation) -> str:
    """What is known of how good a reader is: by its card, not by us."""
    named = [name for name in _READERS if name in task.clause.lower()]
    here = [name for name in _READERS if SYSTEMS[name].domain in talk.readers]
    names = named or here or _READERS
    cards = "\n".join(
        f"- {name} ({SYSTEMS[name].checkpoint}): {' '.join(SYSTEMS[name].limits)}" for name in names
    )
    return (
        "I have no measured accuracy of a reading model, and none is set down in what I know of it. "
        "What stands there:"
        f"\n\n{cards}\n\nHow good it is on your own questions, whose answers you know, `casebook eval` "
        "measures; in a "
        "chat, “how sure is the reader?” draws further answers and counts how often they agree, which is "
        "not how "
        "often they are right."
    )


def matches(task: Task, talk: Conversation) -> str:
    """What the look-alikes of the last search were labelled, and what that does not mean."""
    turn = next(turn for turn in reversed(talk.past) if matches_of(turn))
    said = " ".join(filter(None, (_found(result) for result in turn.results)))
    means = re.search(r"\bmean\b|^\W*(?:so|then|is|are)\b", task.clause, re.I)
    first = "No, that does not follow: look-alikes are not a diagnosis of this image. " if means else ""
    return (
        f"{first}{said} The labels are those that the cases were imported with. Looking alike to an "
        "encoder is not having the same diagnosis."
    )


def _found(result: Result) -> str:
    found, panels = records(result, Match), records(result, Neighbours)
    if not found or not panels:
        return ""
    ranked = sorted(found, key=lambda match: -match.similarity)
    sources = ", ".join(dict.fromkeys(letters(match.source) for match in ranked if match.source))
    far = " None of them is near, for this collection." if panels[0].near is False else ""
    return (
        f"Of the {len(found)} look-alikes found for {result.image_id}: {counted(panels[0], len(found))}. The "
        f"closest is labelled “{letters(ranked[0].label)}” (similarity {ranked[0].similarity:.2f}; the last "
        f"has {ranked[-1].similarity:.2f}).{f' Their sources: {sources}.' if sources else ''}{far}"
    )


def _asked(question: str) -> str:
    return f", asked “{question}”" if question else ""


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]{3,}", text.lower()) if not _COMMON.fullmatch(word)}
