"""Which teaching card answers a message in the middle of a chat, and how surely one does.

Cards that share words or meaning with the message, or with it and what was asked before, are weighed by
numbers that were learned from connected chats (``prompts/chats``): ``card_choice.npz`` beside this file,
which ``assistant.planning.learn_choice`` writes. CHOICE.md says how often the choice is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.hearing.ear import hear
from assistant.hearing.general import in_general
from assistant.hearing.meaning import meanings
from assistant.planning.card_search import beginnings, nearest
from tools.language.learned import read_learned
from tools.language.teaching_cards import Card, asked_in, cards, told_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL_FILE = Path(__file__).with_name("card_choice.npz")
VERSION = 1
"""Raise it with every change of what is weighed: a learned file fits one version only."""
BEFORE = 2
"""So many messages before a question may say what it is about."""
# Ours: so much of a card's text says what it is about; so many of each order are weighed.
_BEGINNING, _OF_EACH = 300, 20
# What the ear may hear a message as that tells whether it is one for a textbook.
_HEARD = (
    "teach", "glossary", "read", "describe", "none", "recall", "why", "personal", "capabilities", "measure",
    "facts", "header", "display", "compare",
)  # fmt: skip
_LEAST_SHARE = 1e-3
# Where the likeness in meaning of the message by itself stands in what is weighed.
_LIKE = 4


@dataclass(frozen=True)
class Asked:
    """What is weighed of a chat: a message, those before it (the newest first), and the cards shown."""

    message: str
    before: tuple[str, ...]
    shown: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Choice:
    """The cards, the likeliest first.

    `sure` is how surely the first is the answer, a score in [0, 1]; `like` how like it is in meaning to the
    message with the one before it, in [-1, 1].
    """

    cards: tuple[Card, ...]
    sure: float
    like: float


@lru_cache(maxsize=64)
def choice(asked: Asked) -> Choice:
    """The cards that may answer a message.

    Args:
        asked: the message, and what it stands after.

    Raises:
        SetupError: a learned file is missing or damaged.
    """
    return choice_with(read(), asked)


def choice_with(learned: Mapping[str, NDArray[Any]], asked: Asked) -> Choice:
    """The same by these numbers."""
    import numpy as np

    at, weighed = weigh(asked)
    scores = weighed @ learned["of_cards"]
    order = np.argsort(-scores, kind="stable")
    general = in_general(asked.message, asked.language)
    row = evidence(asked, weighed[order], scores[order], general)
    sure = 1 / (1 + np.exp(-(row @ learned["of_answer"] + learned["bias"])))
    known = cards()
    like = float(weighed[order[0], _LIKE + 1])
    return Choice(tuple(known[one] for one in at[order].tolist()), float(sure), like)


def weigh(asked: Asked) -> tuple[NDArray[Any], NDArray[Any]]:
    """The cards that come into question, and what is weighed of each.

    Returns:
        The places of C cards among all, and an array ``(C, 11)``: nearness in words of the message, of it
        with what was asked before, and of what was asked before alone, that again for a short message;
        likeness in meaning of the message, of it with one and with two messages before; whether it is a
        short card, and whether it was shown; the nearness of the message once more, not as a share of the
        nearest, and how much of its words stands in the card.
    """
    import numpy as np

    said, language = asked.message, asked.language
    last = asked.before[0] if asked.before else ""
    both = " ".join([*reversed(asked.before), said])
    alone, with_them, of_last = (_nearness(text, language) for text in (said, both, last))
    short = 1 / (1 + len(beginnings(said, language)))
    like = [_likeness(text, language) for text in (said, f"{last} {said}".strip(), both)]
    facts = np.array([one.kind == "fact" for one in cards()], float)
    shown = np.array([one.id in asked.shown for one in cards()], float)
    columns = [*map(_of_most, (alone, with_them, of_last)), short * _of_most(of_last), *like, facts, shown]
    columns += [np.log1p(alone), _shares(said, language)]
    orders = [np.argsort(-one, kind="stable")[:_OF_EACH] for one in (alone, with_them, of_last, *like)]
    at = np.unique(np.concatenate(orders))
    return at, np.stack(columns, axis=1)[at]


def evidence(asked: Asked, weighed: NDArray[Any], scores: NDArray[Any], general: float) -> NDArray[Any]:
    """What tells how surely the first of cards is the answer.

    Args:
        asked: the message.
        weighed: what was weighed of the cards, the likeliest first.
        scores: theirs.
        general: how general the message sounds.
    """
    import numpy as np

    general = min(max(general, _LEAST_SHARE), 1 - _LEAST_SHARE)
    shares = np.exp(scores - scores[0])
    shares /= shares.sum()
    heard = dict(hear(asked.message).intents)
    return np.array(
        [
            np.log(general / (1 - general)),
            scores[0],
            scores[0] - scores[1],
            shares[0],
            shares[:3].sum(),
            *weighed[0, _LIKE:],
            *(weighed[0, _LIKE:] * (not asked.before)),
            len(beginnings(asked.message, asked.language)),
            *(np.log(heard.get(one, 0.0) + _LEAST_SHARE) for one in _HEARD),
        ]
    )


@cache
def read() -> Mapping[str, NDArray[Any]]:
    """The numbers that were learned."""
    return read_learned(MODEL_FILE, VERSION)


def _nearness(text: str, language: str) -> NDArray[Any]:
    """How near every card is to a text in its words, ``(cards,)``."""
    import numpy as np

    places, near = _places(), nearest(text, language) if text else ()
    found = np.zeros(len(places))
    found[[places[one.card.id] for one in near]] = [one.nearness for one in near]
    return found


def _shares(text: str, language: str) -> NDArray[Any]:
    """How much of the words of a text stands in every card, of 1, ``(cards,)``."""
    import numpy as np

    places, near = _places(), nearest(text, language)
    found = np.zeros(len(places))
    found[[places[one.card.id] for one in near]] = [one.share for one in near]
    return found


def _likeness(text: str, language: str) -> NDArray[Any]:
    """How like every card is to a text in meaning: by the likest of its title, beginning and ways to ask."""
    import numpy as np

    vectors, starts = _meant(language)
    found: NDArray[Any] = np.maximum.reduceat(vectors @ meanings([text])[0], starts)
    return found


@cache
def _meant(language: str) -> tuple[NDArray[Any], list[int]]:
    """What the cards mean: the vectors of all that is said of them, and where those of each begin."""
    said = [_said_of(card, language) for card in cards()]
    return meanings([text for one in said for text in one]), [*accumulate(map(len, said[:-1]), initial=0)]


def _said_of(card: Card, language: str) -> Sequence[str]:
    told = told_in(card, language) or card
    return [told.title, *asked_in(card, language), told.text[:_BEGINNING]]


def _of_most(found: NDArray[Any]) -> NDArray[Any]:
    most = found.max()
    return found / most if most else found


@cache
def _places() -> Mapping[str, int]:
    return {card.id: at for at, card in enumerate(cards())}
