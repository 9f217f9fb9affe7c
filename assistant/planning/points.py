"""The points of an earlier answer: lines, sentences, the nearest first, so many words of it, one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.planning.card_search import beginnings
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.earlier import as_written, card_of
from assistant.planning.teaching import told_of
from tools.language.rules import heard

_NTH, _NUMBERED = heard("of_a_card", "nth"), heard("back", "numbered")
_OF_SENTENCES, _IDLE = heard("back", "of_sentences"), heard("back", "of_the_form")
_STEP = re.compile(r"^(?:\d+\.|-|[A-H]\)) +")
_ENDS = re.compile(r"(?<=[^\d\s][.!?])\s+(?=\W*[A-ZÄÖÜÁÉÍÓÚÑ\d])")
_PAUSE = re.compile(r"[;:,.!?](?= |$)")
# Ours: so many words of a sentence are told where it is to be short.
_WORDS = 22


def points(turn: PastTurn, talk: Conversation) -> list[str]:
    """The points of an answer: of a card those nearest to what was asked first, else its sentences."""
    card = card_of(turn)
    if card is None:
        return sentences(turn.text.partition("\n\n")[0])
    title = told_of(card, talk).title
    shown = _shown(turn, talk)
    asked = beginnings(as_written(turn, talk), talk.language)
    shares = [len(asked & beginnings(line, talk.language)) for line in shown]
    order = sorted(range(len(shown)), key=lambda at: -shares[at])
    short = [_short(sentences(_STEP.sub("", shown[at]))[0]) for at in order]
    return [f"{title}: {short[0]}", *short[1:]]


def every_point(turn: PastTurn, talk: Conversation) -> list[str]:
    """All that an answer says, sentence by sentence: of a card what stands on it."""
    told = _shown(turn, talk) if card_of(turn) else turn.text.splitlines()
    return [one for line in told for one in sentences(_STEP.sub("", line.strip()))]


def listed(turn: PastTurn) -> list[str]:
    """The points of an answer that are lines of their own; none where it has no list."""
    lines = [_STEP.sub("", line) for line in turn.text.splitlines() if _STEP.match(line)]
    return lines if len(lines) > 1 else []


def place_named(said: str) -> int | None:
    """The place of a point that a message names last, from 0, -1 for the last; None where it names none."""
    places = [(one.start(), one.lastgroup or "") for one in _NTH.finditer(said)]
    numbers = [(one.start(), f"n{one['number']}") for one in _NUMBERED.finditer(said)]
    if not places and not numbers:
        return None
    _, name = max([*places, *numbers])
    return -1 if name == "last" else int(name[1:]) - 1


def part_meant(said: str, turn: PastTurn, talk: Conversation) -> int | None:
    """Which of the parts of an answer a message is about, by its place or by what it names."""
    parts = parts_of(said, turn, talk)
    place = place_named(said)
    if place is not None:
        return range(len(parts))[place] if -1 <= place < len(parts) and len(parts) > 1 else None
    named = beginnings(_IDLE.sub(" ", said), talk.language)
    shares = [len(named & beginnings(one, talk.language)) for one in parts]
    most = max(shares, default=0)
    return shares.index(most) if most and len(parts) > 1 and shares.count(most) == 1 else None


def parts_of(said: str, turn: PastTurn, talk: Conversation) -> list[str]:
    """The parts of an answer of the sort that a message speaks of: its lines, or its sentences."""
    lines = [] if _OF_SENTENCES.search(said) else listed(turn)
    return lines or every_point(turn, talk)


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [one.strip() for one in _ENDS.split(" ".join(text.split())) if one.strip()]


def within(some: Sequence[str], words: int) -> str:
    """As much of some points as so many words hold, the first cut at a pause if need be; else empty."""
    told: list[str] = []
    for one in some:
        left = words - sum(len(part.split()) for part in told)
        if len(one.split()) > left:
            cut = "" if told else _up_to(one, left)
            return " ".join([*told, *([cut] if cut else [])])
        told.append(one)
    return " ".join(told)


def in_lines(some: Sequence[str]) -> str:
    """Points one below the other; a single one as it is."""
    return some[0] if len(some) == 1 else "\n" + "\n".join(f"- {one}" for one in some)


def _shown(turn: PastTurn, talk: Conversation) -> list[str]:
    """The lines of the card of an answer, those that it showed if it did."""
    card = card_of(turn)
    lines = [line for line in turn.text.splitlines() if _STEP.match(line)]
    return lines or (told_of(card, talk).text.splitlines() if card else [])


def _short(sentence: str) -> str:
    """A sentence up to where it may end before it is too long."""
    return (
        sentence.strip() if len(sentence.split()) <= _WORDS else _up_to(sentence, _WORDS) or sentence.strip()
    )


def _up_to(sentence: str, words: int) -> str:
    """The most of a sentence that so many words hold and that ends at a pause; empty without one."""
    some = " ".join(sentence.split()[: max(words, 0)])
    cuts = [some[: one.start()] for one in _PAUSE.finditer(some)]
    whole = [one for one in cuts if one.count("(") == one.count(")")]
    return f"{whole[-1]}." if whole else ""
