"""What of a language model's answer may take the place of the planner's.

The sentences that the evidence of the chat carries, if they are most of what was written, and if what the
planner's answer rests on is in them: the reading models' words, the yes or no or the option, a number, the
images, the reasons of refusals, and of each paragraph most of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from assistant.answers.answer import Evidence, Refused
from assistant.answers.events import ToolFinished
from assistant.memory.messages import image_ref
from assistant.middleware.called import outcome
from assistant.middleware.readers_word import loses_reader
from assistant.middleware.taking_over import for_planner, planners_own
from assistant.planning.tongue import language_of
from tools.context import CaseContext
from tools.language.options import normalise
from tools.language.questions import form_of
from tools.language.sayings import FIRST, say, was_said
from tools.language.sentences import sentences
from tools.models.agreement import answer_of

LITTLE, LOST, SHORT = "turn.little", "turn.lost", "turn.short"
"""Why the planner's answer stands, by the names of the sayings that tell it."""

WARNINGS = ("tools.asked_all_the_same", "tools.asked_by_name")
"""What must stand before a reading of a picture whose kind nobody can tell, by the names of the sayings."""

Found = TypeVar("Found", Evidence, Refused)

# Ours: of an answer that is mostly left out, the rest is seldom an answer; and a paragraph of the planner's
# is told again if most of its telling words are, by how they begin.
_MOST = 0.5
_TELLING, _BEGINS = re.compile(r"[^\W\d_]{4,}|\d+(?:\.\d+)?"), 5
_FINISHED = re.compile(r".*[.!?][\"”’)\]]*(?=\s|$)", re.S)
_QUOTED = re.compile(r'"([^"]*)"?|([^"]*)"', re.S)
_NUMBER, _IMAGE = re.compile(r"(?<![\w-])\d+(?:\.\d+)?"), re.compile(r"\bimg-\d+\b")


def worded(
    message: AIMessage, floor: str, asked: Sequence[AnyMessage], context: CaseContext
) -> AIMessage | str:
    """The message with what is carried of it, or why the planner's answer stands, in words.

    Args:
        message: a sound answer of the language model.
        floor: the planner's answer.
        asked: the conversation that it goes on with.
        context: what the tools see.

    Raises:
        SetupError: what is learned for the check is missing, or the database does not answer.
    """
    found = list(_found(for_planner(asked)))
    message = message.model_copy(update={"content": _unquoted(message.text)})
    # The check knows no other language.
    heard = found and language_of(message.text) == FIRST
    text = _carried(message.text, floor, found, context) if heard else ""
    checks = (
        (LITTLE, len(text.split()) < max(1, _MOST * len(message.text.split()))),
        (LOST, loses_reader(text, asked)),
        (SHORT, falls_short(text, floor, context.question, found)),
        # Where the planner's tools found nothing, those that the model called may have found more.
        (SHORT, any(_found(planners_own(asked))) and leaves_out(text, floor)),
    )
    failure = next((failure for failure, failed in checks if failed), None)
    return say(failure, context.language) if failure else message.model_copy(update={"content": text})


def falls_short(text: str, floor: str, question: str, found: Sequence[Evidence | Refused]) -> bool:
    """Whether a text leaves out, or turns, what the planner's answer says.

    Args:
        text: what would be shown.
        floor: the planner's answer.
        question: the user's.
        found: what the tools gave since the question.
    """
    if text.split() == floor.split() or was_said("chat.not_understood", floor):
        return False  # of a question that it did not understand it says nothing
    form = form_of(question)
    if form.options:
        stated = [{answer_of(one.text, form) for one in sentences(told)} - {None} for told in (text, floor)]
        if stated[0] != stated[1] or not stated[0]:
            return True
    return any(_missing(text, floor, found))


def _missing(text: str, floor: str, found: Sequence[Evidence | Refused]) -> Iterator[bool]:
    """Whether a warning, who said it, a reason, all numbers or an image is not there."""
    yield any(was_said(one, floor) and not was_said(one, text) for one in WARNINGS)
    names = {str(record.get("model")) for one in _of(Evidence, found) for record in one.records}
    yield any(name in floor and name.casefold() not in text.casefold() for name in names)
    flat = f" {normalise(text)} "
    yield any(isinstance(one, Refused) and normalise(one.reason) not in flat for one in found)
    numbers = set(_NUMBER.findall(floor))
    yield bool(numbers) and numbers.isdisjoint(_NUMBER.findall(text))
    images = set(_IMAGE.findall(floor))
    yield len(images) > 1 and not images <= set(_IMAGE.findall(text))


def leaves_out(text: str, floor: str) -> bool:
    """Whether most of a paragraph of the planner's answer is not there."""
    told = _telling(text)
    return any(len(own & told) < _MOST * len(own) for own in map(_telling, floor.split("\n\n")))


def finished(text: str) -> str:
    """A text that was cut off, up to the end of its last whole sentence."""
    whole = _FINISHED.match(text)
    return whole[0] if whole else ""


def _unquoted(text: str) -> str:
    """A text without a quotation mark before it, after it, or around all of it, as small models write."""
    quoted = _QUOTED.fullmatch(text.strip())
    return (quoted[1] or quoted[2] or "").strip() if quoted else text


def _telling(text: str) -> set[str]:
    return {word[:_BEGINS] for word in _TELLING.findall(text.casefold())}


def _carried(text: str, floor: str, found: Sequence[Evidence | Refused], context: CaseContext) -> str:
    """The sentences that are the planner's, or carried by the latest turns, or else by all of the chat."""
    # The check reads many lists of words, which the planner alone does not need.
    from assistant.grounding import carried, facts_of

    best = ""
    for whole in (False, True):
        earlier = [*context.said(whole)]
        answers = [answer for _, answer in earlier if answer is not None]
        facts = facts_of(
            [image_ref(image) for image in context.images],
            _once([*_of(Evidence, found), *(one for told in answers for one in told.evidence)]),
            [*_of(Refused, found), *(one for told in answers for one in told.refused)],
            dict.fromkeys([context.question, *(question for question, _ in earlier)]),
        )
        best = max(best, carried(text, facts, floor), key=len)
        if best == text.strip():
            break
    return best


def _once(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    """What was found, each once: in a chat the same is looked at again and again."""
    return {(one.tool, one.image_id, one.model, one.content): one for one in evidence}.values()


def _of(kind: type[Found], found: Iterable[Evidence | Refused]) -> Iterator[Found]:
    return (one for one in found if isinstance(one, kind))


def _found(asked: Sequence[AnyMessage]) -> Iterator[Evidence | Refused]:
    """What the tools gave since the question."""
    since = asked[max(i for i, one in enumerate(asked) if isinstance(one, HumanMessage)) :]
    calls = {call["id"]: call for one in since if isinstance(one, AIMessage) for call in one.tool_calls}
    for one in since:
        if isinstance(one, ToolMessage) and (call := calls.get(one.tool_call_id)):
            told = outcome(one, call["name"], call["args"], 0.0)
            yield told.evidence if isinstance(told, ToolFinished) else told.refused
