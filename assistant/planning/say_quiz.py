"""What a quiz on the teaching cards says of a question: a hint, why it is so, how it stands, its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from zlib import crc32

from assistant.planning.card_questions import card_of, lines
from assistant.planning.conversation import Conversation
from assistant.planning.quiz_heard import Move
from assistant.planning.quiz_standing import Standing, asked_last, given_last
from assistant.planning.teaching import ENDS_A_LIST, source_of, told_of
from tools.language.sayings import languages, was_said
from tools.language.teaching_cards import Card, cards, told_in

_LETTERS = "ABCD"


def lettered(options: Sequence[str], only: Sequence[str] = ()) -> str:
    """Options by their letters, or some of them."""
    kept = [f"- {_LETTERS[at]}) {one}" for at, one in enumerate(options) if not only or one in only]
    return "\n".join(["", *kept, ENDS_A_LIST, ""])


def ended(now: Standing, talk: Conversation) -> str:
    """That a quiz is over."""
    return talk.say("quiz.over", right=now.right, answered=now.answered)


def whole_question(move: Move, now: Standing, talk: Conversation) -> tuple[str, Standing]:
    """The card that was meant, whether it was named, and how to go on; and how the quiz stands after it."""
    card = card_of(now.line)
    after = replace(now, options=(), line="")
    if move.option and move.kind == "answer":
        right = _is_of(move.option, card)
        after = replace(after, answered=now.answered + 1, right=now.right + right)
    told = _verdict(move.option if move.kind == "answer" else "", card, talk)
    if move.kind == "next":
        return told, after
    over = move.kind == "stop" or now.number == now.count
    return "\n\n".join([told, *_line(card, now.line, talk), _closed(replace(after, over=over), talk)]), after


def _verdict(given: str, card: Card | None, talk: Conversation) -> str:
    title = told_of(card, talk).title if card else ""
    if not given:
        return talk.say("quiz.revealed", title=title)
    if _is_of(given, card):
        return talk.say("quiz.right", title=title)
    return talk.say("quiz.wrong", title=title, given=given)


def _is_of(title: str, card: Card | None) -> bool:
    """Whether a title is a card's, in any language."""
    if card is None:
        return False
    told = (told_in(card, one) for one in languages())
    return title in {card.title, *(one.title for one in told if one)}


def _line(card: Card | None, line: str, talk: Conversation) -> list[str]:
    """The line of a card with who says so."""
    if card is None:
        return []
    told = talk.say("teaching.line", title=told_of(card, talk).title, line=line)
    return [f"{told}\n{ENDS_A_LIST}\n{source_of(card, talk)}"]


def _closed(now: Standing, talk: Conversation) -> str:
    """How a quiz stands whose question is answered."""
    if now.over:
        return ended(now, talk)
    marks = {"number": now.number, "count": now.count, "right": now.right, "answered": now.answered}
    return talk.say("quiz.after", **marks)


def _which(now: Standing, talk: Conversation) -> str:
    return talk.say("quiz.which", options=lettered(now.options))


def _as_before(now: Standing, talk: Conversation) -> str:
    """What the quiz waits for: the open question, or how to go on."""
    if not now.open:
        return _closed(now, talk)
    marks = {"number": now.number, "count": now.count, "right": now.right, "answered": now.answered}
    return talk.say("quiz.question", line=now.line, options=lettered(now.options), **marks)


def _score(_: Move, now: Standing, talk: Conversation) -> str:
    if now.over:
        return ended(now, talk)
    told = talk.say("quiz.score", right=now.right, answered=now.answered)
    left = talk.say("quiz.to_come", left=now.count - now.number)
    return "\n\n".join([f"{told} {left}", *([talk.say("quiz.still_open")] if now.open else [])])


def _hint(_: Move, now: Standing, talk: Conversation) -> str:
    """Two options with the right one among them; then another line of the card; then none."""
    card = card_of(now.line)
    if not now.open or card is None:
        return _as_before(now, talk)
    since = _since_asked(now, talk)
    if not any(was_said("quiz.hint_two", text) for text in since):
        wrong = [one for one in now.options if not _is_of(one, card)]
        own = [one for one in now.options if one not in wrong]
        beside = wrong[crc32(now.line.encode()) % len(wrong)]
        return talk.say("quiz.hint_two", options=lettered(now.options, (*own, beside)))
    other = next((one for one in lines(card, talk) if one != now.line), None)
    if other is None or any(was_said("quiz.hint_line", text) for text in since):
        return "\n\n".join([talk.say("quiz.no_hint"), _which(now, talk)])
    return talk.say("quiz.hint_line", line=other)


def _since_asked(now: Standing, talk: Conversation) -> list[str]:
    """The answers since a question was first asked."""
    first = next((n for n, turn in enumerate(talk.past) if now.line in turn.text), 0)
    return [turn.text for turn in talk.past[first:]]


def _repeat(_: Move, now: Standing, talk: Conversation) -> str:
    last = asked_last(talk)
    if now.open or last is None:
        return _as_before(now, talk)
    card = card_of(last.line)
    title = told_of(card, talk).title if card else ""
    asked = talk.say("quiz.asked_last", line=last.line, options=lettered(last.options), title=title)
    return "\n\n".join([asked, _closed(now, talk)])


def _revealed(_: Move, now: Standing, talk: Conversation) -> str:
    """The answer to the question, told once more where it was told."""
    last = asked_last(talk)
    if now.open or last is None:
        return whole_question(Move("reveal"), now, talk)[0]
    card = card_of(last.line)
    return "\n\n".join([_verdict("", card, talk), *_line(card, last.line, talk), _closed(now, talk)])


def _explained(_: Move, now: Standing, talk: Conversation) -> str:
    """The whole card that a line stands on, once its question is answered."""
    last = asked_last(talk)
    card = card_of(last.line) if last else None
    if now.open or card is None:
        return "\n\n".join([talk.say("quiz.first_answer"), _which(now, talk)])
    told = told_of(card, talk)
    whole = "\n".join([talk.say("quiz.whole"), *_as_list(told.text), ENDS_A_LIST, source_of(card, talk)])
    return "\n\n".join([talk.say("quiz.stands_on", title=told.title), whole, _closed(now, talk)])


def _as_list(text: str) -> list[str]:
    return [one if one.startswith("- ") else f"- {one}" for one in text.splitlines() if one.strip()]


def _why_not(move: Move, now: Standing, talk: Conversation) -> str:
    """What the card says that an option names, which is not what was asked."""
    last = asked_last(talk)
    if now.open or last is None:
        return "\n\n".join([talk.say("quiz.first_answer"), _which(now, talk)])
    option = move.option or given_last(talk)
    asked = card_of(last.line)
    if option not in last.options or asked is None:
        return _explained(move, now, talk)
    if _is_of(option, asked):
        return "\n\n".join([talk.say("quiz.was_right"), _closed(now, talk)])
    card = next((one for one in cards() if _is_of(option, one)), None)
    line = (next(iter(lines(card, talk)), told_of(card, talk).text)) if card else ""
    letter = _LETTERS[last.options.index(option)]
    told = talk.say("quiz.why_not", letter=letter, title=option, line=line)
    stands_on = talk.say("quiz.stands_on", title=told_of(asked, talk).title)
    return "\n\n".join([f"{told} {stands_on}", _closed(now, talk)])


def _corrected(move: Move, now: Standing, talk: Conversation) -> str:
    """The answer counted anew, by the option that was meant."""
    last, before = asked_last(talk), given_last(talk)
    card = card_of(last.line) if last else None
    if now.open or not move.option or last is None:
        return _unsure(move, now, talk)
    if not before:
        told = talk.say("quiz.not_counted", given=move.option)
        return "\n\n".join([told, _verdict("", card, talk), _closed(now, talk)])
    right = now.right - _is_of(before, card) + _is_of(move.option, card)
    told = f"{talk.say('quiz.counted_anew', given=move.option)} {_verdict(move.option, card, talk)}"
    anew = replace(now, right=right)
    return "\n\n".join([told, *_line(card, last.line, talk), _closed(anew, talk)])


def _marked(move: Move, now: Standing, talk: Conversation) -> str:
    """Whether the last answer was right, once more."""
    last, given = asked_last(talk), given_last(talk)
    if now.open or last is None or not given:
        return _explained(move, now, talk) if now.open else _revealed(move, now, talk)
    return "\n\n".join([_verdict(given, card_of(last.line), talk), _closed(now, talk)])


def _no_levels(_: Move, now: Standing, talk: Conversation) -> str:
    return "\n\n".join([talk.say("quiz.no_levels"), _as_before(now, talk)])


def _meaning(move: Move, now: Standing, talk: Conversation) -> str:
    if not now.open:
        return _explained(move, now, talk)
    return "\n\n".join([talk.say("quiz.meaning"), _as_before(now, talk)])


def _unsure(_: Move, now: Standing, talk: Conversation) -> str:
    return "\n\n".join([talk.say("quiz.unsure"), (_which if now.open else _closed)(now, talk)])


def _unclear(_: Move, now: Standing, talk: Conversation) -> str:
    return _which(now, talk) if now.open else _closed(now, talk)


SAID_OF_IT: dict[str, Callable[[Move, Standing, Conversation], str]] = {
    "score": _score,
    "hint": _hint,
    "repeat": _repeat,
    "reveal": _revealed,
    "explain": _explained,
    "why_not": _why_not,
    "correct": _corrected,
    "right": _marked,
    "level": _no_levels,
    "meaning": _meaning,
    "unsure": _unsure,
    "unclear": _unclear,
}
"""What is said of a move that asks for no new question, by its kind."""
