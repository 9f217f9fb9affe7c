"""What was said before, in part: a number alone, what came first, what was said of a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.earlier import as_written
from assistant.planning.harked import TRACED, WHERE
from assistant.planning.looked_back import (
    ABOUT,
    ASKED_BEFORE,
    BY_SOURCE,
    FIRST_MEASURE,
    FIRST_QUESTION,
    INCLUDED,
    OUTLINE_AGAIN,
    WRONG_PICTURE,
    measured_last,
)
from assistant.planning.polite import is_polite
from assistant.planning.reference import images_of, resolve
from assistant.planning.say_image import amount, records, shares, shares_asked
from assistant.planning.say_lesion import asked_of, measure
from assistant.planning.say_recall import brief, questions_so_far
from assistant.planning.say_sources import asked_before, by_source
from assistant.planning.task import Task
from assistant.planning.words import Intent, intent_of
from store.records import Fact, Measurement
from tools.language.anatomy import stem
from tools.language.glosses import bare
from tools.language.header_names import names_in, topic_called
from tools.language.retold import retell
from tools.language.rules import heard
from tools.language.sayings import FIRST, in_a_row

_MEASURES: tuple[Intent, ...] = ("measure", "tissue")
# Ours: an answer this long is told in the sentences that name what is asked about.
_LONG = 400
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\W*[A-ZÄÖÜÁÉÍÓÚÑ])|\n+")
_OF_WHICH, _OUTLINE = heard("back", "of_which"), heard("back", "outline")


def back(task: Task, talk: Conversation) -> str:
    """The answer to a task of `looked_back` that needs no tool."""
    if task.detail in _ANSWERS:
        return _ANSWERS[task.detail](talk)
    if task.detail == WRONG_PICTURE:
        return talk.say("back.wrong_picture", image=task.images[-1])
    if task.detail.startswith(ABOUT):
        return _about(task.detail.removeprefix(ABOUT), talk)
    return _number(talk)


def of_image(task: Task, talk: Conversation, image_id: str) -> str:
    """What a share or a measure takes in, or the outline once more."""
    if task.detail == OUTLINE_AGAIN:
        told = [one for one in talk.results if (one.tool, one.image_id) == ("measure_lesion", image_id)]
        drawn = bool(told) and not told[-1].refused
        return talk.say("back.outline", image=image_id) if drawn else measure(task, talk, image_id)
    if task.detail == TRACED:
        return talk.say("back.traced")
    tool = "inspect_image" if task.intent == "tissue" else "measure_lesion"
    found = [r for one in talk.results if one.tool == tool for r in records(one, Measurement)]
    if task.intent == "measure" and _OUTLINE.search(_both(talk)):
        return talk.say("back.outline_takes_in", image=image_id)
    named = shares_asked(_both(talk), found, talk) if task.intent == "tissue" else _asked_of(talk, found)
    lines = [f"- {talk.word('terms', one.name)}: {one.definition.rstrip('.')}." for one in named]
    said = talk.say(f"back.{task.intent}_includes", image=image_id)
    return "\n\n".join(filter(None, [said, "\n".join(lines)]))


def _asked_of(talk: Conversation, found: list[Measurement]) -> list[Measurement]:
    """The measures that a question names, else those of the last that measured, which it goes on from."""
    turn = measured_last(talk)
    return asked_of(talk.question, found) or asked_of(turn.question if turn else "", found)


def _both(talk: Conversation) -> str:
    """A question as it was written and as rules hear it."""
    return f"{talk.question} {talk.said}"


def _first_question(talk: Conversation) -> str:
    if talk.first:
        return talk.say("back.first_question", question=talk.first)
    asked = talk.lately
    return talk.say("back.first_question", question=asked[0]) if asked else talk.say("reading.nothing_before")


def _first_measure(talk: Conversation) -> str:
    """The first answer that told a measurement, of those that are still seen."""
    told = (turn for turn in talk.past if turn.results and {*_intents(turn)} & {*_MEASURES})
    measured = (t for t in told if any(records(one, Measurement) for one in t.results))
    turn = next(measured, None)
    if turn is None:
        return talk.say("back.none_measured")
    since = [talk.say("back.in_the_latest")] if talk.first else []
    told_then = talk.say("reading.said_then", question=as_written(turn, talk), said=turn.text)
    return " ".join([*since, told_then])


def _intents(turn: PastTurn) -> Iterator[Intent]:
    return (intent_of(one)[0] for one in clauses(turn.question))


def _about(what: str, talk: Conversation) -> str:
    """The last answer that names a thing, or that none does."""
    thing = _OF_WHICH.split(what)[0]
    word = next(iter(re.findall(r"\w{3,}", thing)), thing).casefold()
    begins = stem(word) if talk.language == FIRST else min((word, *bare(word, talk.language)), key=len)
    meant = resolve(talk.question, talk)
    told = [turn for turn in talk.past if turn.text and not is_polite(turn.question)]
    told = [turn for turn in told if not INCLUDED.search(as_written(turn, talk))]
    told = [turn for turn in told if meant.explicit and {*meant.ids} & {*images_of(turn)}] or told
    named = [turn for turn in told if begins in turn.text.casefold()]
    asked_for = [turn for turn in told if begins in as_written(turn, talk).casefold()]
    alike = [turn for turn in told if intent_of(thing)[0] in {*_intents(turn)} - {"unclear", "read"}]
    found = asked_for or alike or named
    if not found:
        return talk.say("back.nothing_about", what=what)
    text = found[-1].text
    parts = [one for one in _SENTENCE.split(text) if begins in one.casefold()]
    said = " ".join(parts) if len(text) > _LONG and parts else text
    return talk.say("reading.said_then", question=as_written(found[-1], talk), said=said)


def _number(talk: Conversation) -> str:
    """The number that the last answer was about, by itself, or the one that the message names."""
    told = [turn for turn in talk.past if turn.text and not is_polite(turn.question)]
    if not told:
        return talk.say("reading.nothing_before")
    turn, measured = told[-1], measured_last(talk)
    own = _numbers(_both(talk), measured, talk) if measured else ""
    if own or (own := _numbers(f"{turn.question} {as_written(turn, talk)}", turn, talk)):
        return own
    if values := [*_facts(names_in(as_written(turn, talk)), turn.results, talk)]:
        return f"{in_a_row(values, talk.language)}."
    return talk.say("reading.said_shorter", question=as_written(turn, talk), said=brief(turn.text))


def _numbers(clause: str, turn: PastTurn, talk: Conversation) -> str:
    """The shares or measures of a turn that a clause names, or all shares where it asks for them."""
    lesion = [r for one in turn.results if one.tool == "measure_lesion" for r in records(one, Measurement)]
    if lesion:
        told = (f"{talk.word('terms', one.name)} {amount(one, talk)}" for one in asked_of(clause, lesion))
        return f"{'; '.join(told)}." if asked_of(clause, lesion) else ""
    found = [r for one in turn.results for r in records(one, Measurement)]
    named = shares_asked(clause, found, talk)
    asks = any(intent_of(one)[0] == "tissue" for one in clauses(clause))
    return f"{shares(named or found, talk)}." if named or (asks and found) else ""


def _facts(names: Sequence[str], results: Sequence[Result], talk: Conversation) -> Iterator[str]:
    """The values of the facts that a question named."""
    known = [r for one in results for r in records(one, Fact)]
    wanted = [fact for name in names if (topic := topic_called(name)) for fact in topic.facts]
    return (
        retell(one.value, talk.language).rstrip(".") for name in wanted for one in known if one.name == name
    )


_ANSWERS = {
    FIRST_QUESTION: _first_question,
    FIRST_MEASURE: _first_measure,
    ASKED_BEFORE: asked_before,
    BY_SOURCE: by_source,
    WHERE: questions_so_far,
}
