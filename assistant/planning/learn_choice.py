"""Learn from connected chats which card answers a message, and write ``card_choice.npz`` and CHOICE.md.

    python -m assistant.planning.learn_choice

Two steps: which of the cards is the likeliest (a conditional logit over all that come into question), and how
surely it is the answer at all (logistic regression over every message, of which most are no question for a
card). Needs scikit-learn (``make ears``). The same chats and cards give the same file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.card import Chosen, write_choice_card
from assistant.hearing.chats import Chat, chats, said_in
from assistant.hearing.ear import hear
from assistant.hearing.examples import examples
from assistant.hearing.figures import general_left_out
from assistant.hearing.general import in_general
from assistant.planning.card_choice import BEFORE, MODEL_FILE, VERSION, Asked, evidence, weigh
from tools.language.teaching_cards import cards

OTHERS, WITHOUT = "other wishes", "unanswered"
ANSWERED = ("en", "de", "es")
# Intents whose examples a card may answer.
_LIKE_LESSONS = ("teach", "glossary", "limit", "total_score", "skin_tone", "reader_quality")
# Ours: enough beside the chats, and no letters.
_SELDOM, _LONGEST = 40, 120
# Ours: how strongly numbers are held to be small.
_OF_CARDS, _OF_ANSWER = 3.0, 0.05
_SURE = (0.15, 0.25, 0.4)

Array = NDArray[Any]


@dataclass(frozen=True)
class Row:
    """A message, what was weighed of the cards, ``(C, F)``, and which of them answer it, ``(C,)``.

    `of` is what it is counted with where that is not its writer.
    """

    writer: str
    asked: Asked
    general: bool
    weighed: Array
    right: Array
    of: str = ""


def rows_of(found: Sequence[Chat]) -> list[Row]:
    """Every message of the chats; earlier ones of a chat count as answered by the first card named there."""
    ids = np.array([card.id for card in cards()])
    rows = []
    for chat in found:
        for at, turn in enumerate(chat.turns):
            earlier = chat.turns[:at]
            asked = Asked(
                turn.say,
                tuple(one.say for one in reversed(earlier[-BEFORE:])),
                tuple(one.cards[0] for one in earlier if one.cards),
                chat.language,
            )
            places, weighed = weigh(asked)
            right = np.isin(ids[places], turn.cards)
            rows.append(Row(chat.writer, asked, turn.kind == "general", weighed, right))
    return rows


def others() -> list[Row]:
    """Some of the examples of the ears that want anything but a card, every other after one of them."""
    wanted = [one for one in examples() if one.language in ANSWERED and one.intent not in _LIKE_LESSONS]
    some = [one for one in wanted if crc32(one.text.encode()) % _SELDOM == 0 and len(one.text) <= _LONGEST]
    rows = []
    for at, one in enumerate(some):
        before = tuple(other.text for other in some[at - 1 : at] if at % 2 and other.language == one.language)
        asked = Asked(one.text, before, (), one.language)
        places, weighed = weigh(asked)
        rows.append(Row(OTHERS, asked, False, weighed, np.zeros(len(places), bool)))
    return rows


def fit_cards(rows: Sequence[Row]) -> Array:
    """The weights with which the cards that answer come first, ``(F,)``."""
    from scipy.optimize import minimize

    known = [row for row in rows if row.right.any()]

    def lost(weights: Array) -> tuple[float, Array]:
        loss, slope = _OF_CARDS * weights @ weights / 2, _OF_CARDS * weights
        for row in known:
            scores = row.weighed @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            of_right = share * row.right
            loss -= np.log(of_right.sum())
            slope = slope + row.weighed.T @ (share - of_right / of_right.sum())
        return float(loss), slope

    found: Array = minimize(lost, np.zeros(rows[0].weighed.shape[1]), jac=True, method="L-BFGS-B").x
    return found


@dataclass(frozen=True)
class Judged:
    """A message as those see it that have not learned from its writer: its evidence, and what came of it."""

    row: Row
    evidence: Array
    first: bool
    among_three: bool


def unanswered(rows: Sequence[Row]) -> list[Row]:
    """The messages that a card answers as they would be without it: what comes next is no answer."""
    return [
        replace(row, weighed=row.weighed[~row.right], right=row.right[~row.right], of=WITHOUT)
        for row in rows
        if row.right.any()
    ]


def judged(rows: Sequence[Row], general: Mapping[str, float]) -> Iterator[Judged]:
    """Every message with its cards in an order that was learned from the other writers."""
    for writer in sorted({row.writer for row in rows}):
        weights = fit_cards([row for row in rows if row.writer != writer])
        for row in (one for one in rows if one.writer == writer):
            scores = row.weighed @ weights
            order = np.argsort(-scores, kind="stable")
            right = row.right[order]
            said = evidence(
                row.asked, row.weighed[order], scores[order], general[row.asked.message.casefold()]
            )
            yield Judged(row, said, bool(right[0]), bool(right[:3].any()))


def fit_answer(known: Sequence[Judged]) -> tuple[Array, float]:
    """The weights of the evidence, and the bias, by which the first card is the answer."""
    from sklearn.linear_model import LogisticRegression

    table = np.stack([one.evidence for one in known])
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
    model = LogisticRegression(C=_OF_ANSWER, max_iter=3_000)
    model.fit((table - middle) / spread, [one.first for one in known])
    weights: Array = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ middle)


def scored(known: Sequence[Judged]) -> list[float]:
    """How surely the first card answers each, to one that has not learned from its writer."""
    scores: dict[int, float] = {}
    for writer in {one.row.writer for one in known}:
        weights, bias = fit_answer([one for one in known if one.row.writer != writer])
        for at, one in enumerate(known):
            if one.row.writer == writer:
                scores[at] = float(1 / (1 + np.exp(-(one.evidence @ weights + bias))))
    return [scores[at] for at in range(len(known))]


def general_scores(found: Sequence[Chat]) -> dict[str, float]:
    """How general each message sounds to one that has not learned from its writer, by its words."""
    known = said_in(found)
    scores = general_left_out(known, [hear(one.text) for one in known])
    return {one.text.casefold(): score for one, score in zip(known, scores, strict=True)}


def main(out: Path = MODEL_FILE) -> None:
    """Run the whole training. See the module's text."""
    found = chats()
    in_chats = rows_of(found)
    rows, general = [*in_chats, *unanswered(in_chats), *others()], general_scores(found)
    for row in rows:
        message = row.asked.message.casefold()
        general.setdefault(message, in_general(row.asked.message, row.asked.language))
    known = [*judged(rows, general)]
    of_answer, bias = fit_answer(known)
    np.savez_compressed(
        out,
        allow_pickle=False,
        of_cards=fit_cards(in_chats),
        of_answer=of_answer,
        bias=np.array(bias),
        version=np.array(VERSION),
    )
    chosen = [
        Chosen(one.row.of or one.row.writer, bool(one.row.right.any()), one.first, one.among_three, score)
        for one, score in zip(known, scored(known), strict=True)
    ]
    write_choice_card(out.with_name("CHOICE.md"), chosen, _SURE)


if __name__ == "__main__":
    main()
