"""What goes on from the teaching card that was shown last: one of its lines, or one thing of a line.

“What mimics that line?”, “signs of the first one”, “and FLAIR?”: the line that is meant is told again, and
that it says nothing about a picture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.planning.aside import is_aside
from assistant.planning.card_search import beginnings, clearly, nearest
from assistant.planning.cards_held import card_held
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.follow_on import topics
from assistant.planning.reference import focus
from assistant.planning.task import Task
from assistant.planning.teaching import ENDS_A_LIST, found, source_of, told_of
from tools.language.glosses import heard_as
from tools.language.rules import heard
from tools.language.teaching_cards import Card, cards
from tools.language.vocabulary import vocabulary

OF_CARD = "#"
"""Stands between a card and one of its lines in the detail of a task."""
_NTH, _OF_THE_LIST, _MIMICS = (heard("of_a_card", name) for name in ("nth", "of_the_list", "mimics"))
_WANTS_SIGNS = heard("of_a_card", "wants_signs")
# Ours: a card that was shown longer ago is no more what is talked about.
_REMEMBERED = 3
# Ours: what is longer says itself what it is about.
_LONGEST = 9
# Ours: so much of what is said has to stand in the card.
_LEAST = 0.5
_STEP = re.compile(r"^(?:\d+\.|-) +")
# The things of a line stand between commas, what is in brackets belongs to one of them.
_BETWEEN = re.compile(r"[,;] +(?![^(]*\))")


def of_the_card(talk: Conversation) -> Task | None:
    """What is surely asked of the card, or of the finding, that was talked of last."""
    said = talk.said or talk.question
    if not talk.past or talk.attached or len(said.split()) > 2 * _LONGEST or not _asks(said, talk):
        return None
    if _OF_THE_LIST.search(said):
        card, shown = _shown(talk)
        if card is None:
            return None
        return _task(said, card, shown, talk) or Task("teach", said, detail=f"{card.id}{OF_CARD}")
    if len(said.split()) > _LONGEST:
        return None
    card = _talked_of(talk) if _MIMICS.search(said) or _WANTS_SIGNS.search(said) else None
    if card is None:
        return None
    line = _task(said, card, "", talk) if _MIMICS.search(said) else None
    return line or Task("teach", card.title)


def line_meant(said: str, talk: Conversation) -> Task | None:
    """The line of the last card that holds most of what a short message names, which nothing else answers."""
    card, shown = _shown(talk)
    if card is None or talk.attached or len(said.split()) > _LONGEST or _names_another(said, talk):
        return None
    return _task(said, card, shown, talk)


def say_line(task: Task, talk: Conversation) -> str:
    """A line of a card with who says so, or that the card says no more."""
    card_id, _, line = task.detail.partition(OF_CARD)
    card = next(one for one in cards() if one.id == card_id)
    title = told_of(card, talk).title
    if not line:
        return talk.say("teaching.no_more", title=title)
    at, _, part = line.partition(".")
    text = _STEP.sub("", _lines(card_id, talk)[int(at)], count=1)
    if part:
        text = _parts(text)[int(part)].rstrip(".")
    said = talk.say("teaching.line", title=title, line=text[:1].upper() + text[1:])
    return f"{said}\n{ENDS_A_LIST}\n{source_of(card, talk)}"


def _asks(said: str, talk: Conversation) -> bool:
    """Whether a message asks of a card in words of its own, and not of what another card is about."""
    of_a_card = any(rule.search(said) for rule in (_OF_THE_LIST, _MIMICS, _WANTS_SIGNS))
    return of_a_card and not _names_another(said, talk)


def _names_another(said: str, talk: Conversation) -> bool:
    """Whether a message names clearly what another card is about than the one that was shown."""
    found = clearly(nearest(said, talk.language))
    return found is not None and found.card != _shown(talk)[0]


def _turns(talk: Conversation) -> list[PastTurn]:
    """The last turns that were no asides, the newest first."""
    return [one for one in reversed(talk.past) if not is_aside(one)][:_REMEMBERED]


def _shown(talk: Conversation) -> tuple[Card | None, str]:
    """The card that the last answer showed, and that answer."""
    text = next((one.text for one in _turns(talk)), "")
    return card_held(text), text


def _talked_of(talk: Conversation) -> Card | None:
    """The card that was shown last, or that answers how to find what was asked about last."""
    rows = [talk.image(one) for one in (focus(talk) or talk.ids)[-1:]]
    for turn in _turns(talk):
        if card := card_held(turn.text):
            return card
        for topic in topics("", replace(talk, past=(turn,))):
            words = (topic, heard_as(topic, talk.language))
            names = dict.fromkeys((*words, *(one.term for said in words for one in vocabulary().find(said))))
            fit = (found(f"signs of {name}", *rows) for name in names)
            if best := next(filter(None, fit), ()):
                return best[0].card
    return None


def _lines(card_id: str, talk: Conversation) -> list[str]:
    card = next(one for one in cards() if one.id == card_id)
    return told_of(card, talk).text.splitlines()


def _parts(line: str) -> list[str]:
    """The things that a line lists, the word before its colon left out."""
    head, colon, rest = line.partition(": ")
    return _BETWEEN.split(rest if colon else head)


def _head(line: str) -> str:
    """What a line is about: the words before its colon."""
    return line.partition(":")[0] if ":" in line else ""


def _task(said: str, card: Card, shown: str, talk: Conversation) -> Task | None:
    """The line of a card that a message means; None where none is."""
    lines = _lines(card.id, talk)
    where = _by_place(said, lines, shown) if _OF_THE_LIST.search(said) else ""
    where = where or _by_words(said, lines, talk.language)
    return Task("teach", said, detail=f"{card.id}{OF_CARD}{where}") if where else None


def _by_place(said: str, lines: Sequence[str], shown: str) -> str:
    """“The first one”: of the things of the one line that was shown, else of the steps of the card."""
    place = _NTH.search(said)
    if place is None:
        return ""
    name = place.lastgroup or ""
    seen = [at for at, line in enumerate(lines) if _STEP.sub("", line, count=1)[1:] in shown]
    at_end = name == "last"
    if len(seen) == 1:
        parts = _parts(lines[seen[0]])
        n = len(parts) - 1 if at_end else int(name[1:]) - 1
        return f"{seen[0]}.{n}" if n < len(parts) else ""
    steps = [at for at, line in enumerate(lines) if re.match(r"\d+\. ", line)] or [*range(len(lines))]
    n = len(steps) - 1 if at_end else int(name[1:]) - 1
    return str(steps[n]) if n < len(steps) else ""


def _by_words(said: str, lines: Sequence[str], language: str) -> str:
    """The one line that holds most of what a message says, what stands in fewer lines counting more."""
    if _MIMICS.search(said):
        return next((str(at) for at, line in enumerate(lines) if _MIMICS.match(line)), "")
    asked = beginnings(said, language)
    held = [{one for one in asked if one in beginnings(line, language)} for line in lines]
    known = Counter(one for words in held for one in words)
    if not asked or len(known) < _LEAST * len(asked):
        return ""
    scores = [
        sum(1 / known[one] for one in words) + bool(words & beginnings(_head(line), language))
        for words, line in zip(held, lines, strict=True)
    ]
    best = max(scores)
    return str(scores.index(best)) if scores.count(best) == 1 else ""
