"""What was said before in another form: in short, once more, all of the chat, whether it was right."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.earlier import as_written, card_of
from assistant.planning.harked import (
    AGAIN,
    LISTED,
    OF_ANSWERS,
    PART,
    RIGHT,
    SIMPLER,
    SO_MANY_WORDS,
    SUMMARY,
    WORD,
    found_something,
    meant_turns,
    told_something,
)
from assistant.planning.library import TOOLS
from assistant.planning.points import (
    every_point,
    in_lines,
    part_meant,
    parts_of,
    place_named,
    points,
    within,
)
from assistant.planning.quiz_standing import is_in_quiz_on_cards
from assistant.planning.say_recall import brief
from assistant.planning.task import Task
from assistant.planning.teaching import told_of
from tools.language.glossary import explain
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
# Ours: so much is told where no number is wished, of an answer and of a chat.
_POINTS, _ITEMS = 3, 8
# Ours: more words explained at once are no answer.
_TERMS = 2


def harked_back(task: Task, talk: Conversation) -> str:
    """The answer to a task of `harked`."""
    if task.detail == SUMMARY:
        return _summary(found_something(talk), talk)
    turns = told_something(talk)
    if task.detail == RIGHT:
        return _marked(talk)
    if not turns:
        return talk.say("reading.nothing_before")
    turn = _turn_meant(turns, talk)
    if task.detail in _WHOLE:
        return _WHOLE[task.detail](turn, talk)
    said = _shorter(turn, talk)
    lead = "back.no_other_words" if task.detail == SIMPLER else "back.no_table" if _is_table(talk) else ""
    return "\n\n".join(filter(None, [talk.say(lead) if lead else "", said, _mark(turn, talk)]))


def _turn_meant(turns: Sequence[PastTurn], talk: Conversation) -> PastTurn:
    """The turn that a message means: by the place of its answer, by what it names, else the last."""
    said = talk.said or talk.question
    place = place_named(said) if OF_ANSWERS.search(said) else None
    if place is not None and -1 <= place < len(turns):
        return turns[place]
    return (meant_turns(talk, [*turns]) or turns)[-1]


def _shorter(turn: PastTurn, talk: Conversation) -> str:
    """An answer in so many words, lines or points as are wished."""
    asked, some = as_written(turn, talk), points(turn, talk)
    if words := _words(talk):
        return within(some, words) or talk.say("back.not_in_so_many", words=words)
    card, wished = card_of(turn), _wished(talk)
    lines = wished or (_POINTS if _is_notice(turn) or (card and card.kind == "fact") else 0)
    told = in_lines(some[:lines]) if lines else brief(turn.text)
    return talk.say("reading.said_shorter", question=asked, said=told)


def _mark(turn: PastTurn, talk: Conversation) -> str:
    """The sentence on the card that an answer showed, if it did."""
    card = card_of(turn)
    return talk.say("teaching.shortened", title=told_of(card, talk).title) if card else ""


def _again(turn: PastTurn, talk: Conversation) -> str:
    return talk.say("reading.said_then", question=as_written(turn, talk), said=turn.text)


def _as_list(turn: PastTurn, talk: Conversation) -> str:
    """All of an answer, a sentence on each line."""
    told = "\n".join(f"- {one}" for one in every_point(turn, talk))
    said = talk.say("back.listed", question=as_written(turn, talk), said=told)
    return "\n\n".join(filter(None, [said, _mark(turn, talk)]))


def _part(turn: PastTurn, talk: Conversation) -> str:
    """One part of an answer, with the words in it that the vocabulary explains."""
    said = talk.said or talk.question
    at = None if OF_ANSWERS.search(said) else part_meant(said, turn, talk)
    if at is None:
        return _again(turn, talk)
    part = parts_of(said, turn, talk)[at]
    shown = talk.say("back.part", place=at + 1, question=as_written(turn, talk), said=part)
    terms = [one for one in explain(part, talk.language) if one not in turn.text][:_TERMS]
    more = "\n\n".join(terms) or talk.say("back.part_no_other_words")
    return "\n\n".join(filter(None, [shown, more, _mark(turn, talk)]))


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
    if words := _words(talk):
        told = within([one for turn in of_it or turns for one in points(turn, talk)[:1]], words)
        return told or talk.say("back.not_in_so_many", words=words)
    if len(of_it) == 1 and (told_of_it := points(of_it[0], talk)):
        items = told_of_it[: wished or _POINTS]
    else:
        items = _found(of_it or turns, talk, in_one=wished == 1)
        items = _shared_out(items, wished or min(len(items), _ITEMS))
    lead = talk.say("back.summed_up_of" if of_it else "back.summed_up")
    return f"{lead}\n{in_lines(items)}" if len(items) > 1 else f"{lead} {items[0]}"


def _found(turns: Sequence[PastTurn], talk: Conversation, *, in_one: bool) -> list[str]:
    """What each answer told first, of one card together, or in one line its title alone."""
    items: dict[str, list[str]] = {}
    for turn in turns:
        card = card_of(turn)
        title = told_of(card, talk).title if card else ""
        if title and in_one:
            items.setdefault(title, [title])
            continue
        first = points(turn, talk)[0].removeprefix(f"{title}: ")
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


def _wished(talk: Conversation) -> int:
    """In how many lines, points or sentences something is wished; 0 where no number is said."""
    said = talk.said or talk.question
    if found := _COUNT.search(said):
        return next(at for at in range(2, 7) if found[f"n{at}"])
    return 1 if _ONE.search(said) else 0


def _words(talk: Conversation) -> int:
    """In how many words something is wished; 0 where it does not say."""
    found = SO_MANY_WORDS.search(talk.said or talk.question)
    if found is None:
        return 0
    return int(found["number"]) if found["number"] else int((found.lastgroup or "n0")[1:])


def _is_table(talk: Conversation) -> bool:
    return _TABLE.search(talk.said or talk.question) is not None


def _marked(talk: Conversation) -> str:
    """Whether what the user said was right: as a quiz marked it, else that nothing was asked."""
    last, asked = talk.past[-1], as_written(talk.past[-1], talk)
    if is_in_quiz_on_cards(last.text) or any(one.tool == TOOLS["quiz"] for one in last.results):
        return talk.say("reading.said_then", question=asked, said=last.text)
    card = card_of(last)
    said = told_of(card, talk).title if card else points(last, talk)[0]
    return talk.say("back.not_marked", question=asked, said=said)


def _word(turn: PastTurn, talk: Conversation) -> str:
    card, asked = card_of(turn), as_written(turn, talk)
    if card:
        return talk.say("back.word", question=asked, title=told_of(card, talk).title)
    return talk.say("back.no_word", question=asked, said=points(turn, talk)[0])


_WHOLE = {WORD: _word, AGAIN: _again, LISTED: _as_list, PART: _part}
