"""What was said before in another form: in short, once more, all of the chat, whether it was right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.planning.card_quiz import is_in_quiz_on_cards
from assistant.planning.card_search import beginnings
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.harked import (
    AGAIN,
    RIGHT,
    SIMPLER,
    SUMMARY,
    WORD,
    as_written,
    card_of,
    found_something,
    meant_turns,
    told_something,
)
from assistant.planning.library import TOOLS
from assistant.planning.say_recall import brief
from assistant.planning.task import Task
from assistant.planning.teaching import told_of
from tools.language.replies import reply
from tools.language.rules import heard
from tools.language.sayings import languages, was_said

_COUNT, _ONE, _TABLE = (heard("back", name) for name in ("so_many", "in_one", "as_table"))
_NOTICES = (
    "care.personal",
    "care.advice",
    "care.soon",
    "care.when_seen",
    "care.not_for_care",
    "care.no_dose",
)
_STEP = re.compile(r"^(?:\d+\.|-) +")
_ENDS = re.compile(r"(?<=[^\d\s][.!?])\s+(?=\W*[A-ZÄÖÜÁÉÍÓÚÑ\d])")
_PAUSE = re.compile(r"[;:,](?= )")
# Ours: so much is told where no number is wished, of an answer and of a chat, and of a sentence.
_POINTS, _ITEMS, _WORDS = 3, 8, 22


def harked_back(task: Task, talk: Conversation) -> str:
    """The answer to a task of `harked`."""
    if task.detail == SUMMARY:
        return _summary(found_something(talk), talk)
    turns = told_something(talk)
    if task.detail == RIGHT:
        return _marked(talk)
    if not turns:
        return talk.say("reading.nothing_before")
    turn = (meant_turns(talk, turns) or turns)[-1]
    if task.detail == WORD:
        return _word(turn, talk)
    asked = as_written(turn, talk)
    if task.detail == AGAIN:
        return talk.say("reading.said_then", question=asked, said=turn.text)
    wished = _wished(talk)
    lines = wished or (_POINTS if _is_notice(turn) else 0)
    told = _in_lines(_points(turn, talk)[:lines]) if lines else brief(turn.text)
    said = talk.say("reading.said_shorter", question=asked, said=told)
    lead = "back.no_other_words" if task.detail == SIMPLER else "back.no_table" if _is_table(talk) else ""
    card = card_of(turn)
    mark = talk.say("teaching.shortened", title=told_of(card, talk).title) if card else ""
    return "\n\n".join(filter(None, [talk.say(lead) if lead else "", said, mark]))


def _is_notice(turn: PastTurn) -> bool:
    """Whether an answer is one for somebody's sake, every sentence of which matters."""
    return any(was_said(name, turn.text) for name in _NOTICES) or any(
        reply(one).body in turn.text for one in languages()
    )


def _summary(turns: Sequence[PastTurn], talk: Conversation) -> str:
    """What was found in a chat, or of one thing in it, in as many lines as are wished."""
    of_it = meant_turns(talk, [*turns])
    if not turns:
        return talk.say("back.nothing_to_sum_up")
    wished = _wished(talk)
    if len(of_it) == 1 and (points := _points(of_it[0], talk)):
        items = points[: wished or _POINTS]
    else:
        items = _found(of_it or turns, talk, in_one=wished == 1)
        items = _shared_out(items, wished or min(len(items), _ITEMS))
    lead = talk.say("back.summed_up_of" if of_it else "back.summed_up")
    return f"{lead}\n{_in_lines(items)}" if len(items) > 1 else f"{lead} {items[0]}"


def _found(turns: Sequence[PastTurn], talk: Conversation, *, in_one: bool) -> list[str]:
    """What each answer told first, of one card together, or in one line its title alone."""
    items: dict[str, list[str]] = {}
    for turn in turns:
        card = card_of(turn)
        title = told_of(card, talk).title if card else ""
        if title and in_one:
            items.setdefault(title, [title])
            continue
        first = _points(turn, talk)[0].removeprefix(f"{title}: ")
        told = items.setdefault(title or first, [])
        if first not in told:
            told.append(first)
    return [" ".join(told) if key in told else f"{key}: {' '.join(told)}" for key, told in items.items()]


def _shared_out(items: Sequence[str], lines: int) -> list[str]:
    """The items in so many lines, none left out."""
    size = -(-len(items) // max(lines, 1))
    return [
        "; ".join(one.rstrip(".") for one in items[at : at + size]) + "." for at in range(0, len(items), size)
    ]


def _points(turn: PastTurn, talk: Conversation) -> list[str]:
    """The points of an answer: of a card those nearest to what was asked first, else its sentences."""
    card = card_of(turn)
    if card is None:
        first = turn.text.partition("\n\n")[0]
        return [one.strip() for one in _ENDS.split(" ".join(first.split())) if one.strip()]
    title = told_of(card, talk).title
    shown = [line for line in turn.text.splitlines() if _STEP.match(line)] or told_of(
        card, talk
    ).text.splitlines()
    asked = beginnings(as_written(turn, talk), talk.language)
    shares = [len(asked & beginnings(line, talk.language)) for line in shown]
    order = sorted(range(len(shown)), key=lambda at: -shares[at])
    points = [_short(_ENDS.split(_STEP.sub("", shown[at]), maxsplit=1)[0]) for at in order]
    return [f"{title}: {points[0]}", *points[1:]]


def _short(sentence: str) -> str:
    """A sentence up to where it may end before it is too long."""
    words = sentence.split()
    if len(words) <= _WORDS:
        return sentence.strip()
    parts = [*_PAUSE.finditer(" ".join(words[:_WORDS]))]
    return f"{sentence[: parts[-1].start()]}." if parts else sentence.strip()


def _in_lines(points: Sequence[str]) -> str:
    return points[0] if len(points) == 1 else "\n" + "\n".join(f"- {one}" for one in points)


def _wished(talk: Conversation) -> int:
    """In how many lines, points or sentences something is wished; 0 where no number is said."""
    said = talk.said or talk.question
    if found := _COUNT.search(said):
        return next(at for at in range(2, 7) if found[f"n{at}"])
    return 1 if _ONE.search(said) else 0


def _is_table(talk: Conversation) -> bool:
    return _TABLE.search(talk.said or talk.question) is not None


def _marked(talk: Conversation) -> str:
    """Whether what the user said was right: as a quiz marked it, else that nothing was asked."""
    last, asked = talk.past[-1], as_written(talk.past[-1], talk)
    if is_in_quiz_on_cards(last.text) or any(one.tool == TOOLS["quiz"] for one in last.results):
        return talk.say("reading.said_then", question=asked, said=last.text)
    card = card_of(last)
    said = told_of(card, talk).title if card else _points(last, talk)[0]
    return talk.say("back.not_marked", question=asked, said=said)


def _word(turn: PastTurn, talk: Conversation) -> str:
    card, asked = card_of(turn), as_written(turn, talk)
    if card:
        return talk.say("back.word", question=asked, title=told_of(card, talk).title)
    return talk.say("back.no_word", question=asked, said=_points(turn, talk)[0])
