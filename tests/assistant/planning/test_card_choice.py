"""Which card answers a message is chosen by its words, its meaning and what was asked before."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.planning import learn_choice
from assistant.planning.card_choice import Asked, choice, weigh
from assistant.planning.learn_choice import Judged, Row, fit_answer, fit_cards, judged, scored
from tools.language.teaching_cards import asked_in, cards


def asked(message: str, *before: str, language: str = "en") -> Asked:
    return Asked(message, before, (), language)


@pytest.mark.parametrize(
    ("message", "language", "card"),
    [
        ("how come her heart is drawn on the wrong hand side of the page", "en", "sides-and-markers"),
        ("until what age do the growing lines in a child's wrist stay visible", "en", "growth-plate-closure"),
        ("woher kommt das Rauschen wenn die Schichten dünn sind", "de", "noise-quantum"),
        ("hace falta ayuno para mirar la vesícula", "es", "fasting-and-full-bladder"),
    ],
)
def test_other_words_of_like_meaning_find_the_card(message: str, language: str, card: str) -> None:
    assert card in [one.id for one in choice(asked(message, language=language)).cards[:5]]


def test_a_message_that_says_little_is_chosen_for_by_what_was_asked_before() -> None:
    topic = "how much radiation is a chest x-ray"
    alone, after = choice(asked("and a ct?")), choice(asked("and a ct?", topic))
    assert alone.cards[0] != after.cards[0]
    assert "dose" in f"{after.cards[0].title} {after.cards[0].text}".lower()


@pytest.mark.parametrize(
    "message", ["measure it", "thanks a lot", "what is this?", "next slice", "delete that one"]
)
def test_what_no_textbook_answers_has_no_sure_card(message: str) -> None:
    assert choice(asked(message)).sure < 0.3


@pytest.mark.parametrize("at", range(0, 1_000, 250))
def test_a_way_to_ask_for_a_card_finds_it_surely(at: int) -> None:
    card = cards()[at]
    found = choice(asked(asked_in(card, "en")[0]))
    assert found.cards[0] == card
    assert found.sure > 0.5


def test_each_card_is_weighed_once() -> None:
    at, weighed = weigh(asked("why is fat dark", "what is a fat-saturated sequence"))
    assert len(set(at.tolist())) == len(at) == len(weighed)
    assert np.isfinite(weighed).all()


def made_up(writer: str, seed: int, *, answered: bool = True) -> Row:
    """A message of whose twelve cards the third has more of the first number than all others."""
    weighed = np.random.default_rng(seed).uniform(0, 0.5, (12, 11))
    right = np.zeros(12, bool)
    if answered:
        weighed[2, 0], right[2] = 1.0, True
    message = f"made up {writer} {seed}" if answered else f"thanks {writer} {seed}"
    return Row(writer, asked(message), answered, weighed, right)


def test_the_likeliest_card_and_whether_it_answers_are_learned_from_other_writers() -> None:
    rows = [made_up(writer, seed, answered=seed % 2 == 0) for writer in "abc" for seed in range(20)]
    assert fit_cards(rows)[0] > 1
    general = {row.asked.message.casefold(): 0.9 if row.general else 0.1 for row in rows}
    known = [*judged(rows, general)]
    assert all(one.first == one.row.right.any() for one in known)
    scores = scored(known)
    assert min(s for s, one in zip(scores, known, strict=True) if one.first) > max(
        s for s, one in zip(scores, known, strict=True) if not one.first
    )


def test_the_weights_of_the_evidence_are_those_of_what_was_told() -> None:
    row = made_up("a", 0)
    known = [Judged(row, np.array([float(one), 1.0]), one > 5, False) for one in range(12)]
    weights, bias = fit_answer(known)
    assert weights[0] > 0
    assert np.array([11.0, 1.0]) @ weights + bias > np.array([0.0, 1.0]) @ weights + bias


def test_earlier_messages_and_cards_of_a_chat_are_weighed() -> None:
    rows = learn_choice.rows_of(learn_choice.chats()[:1])
    assert rows[0].asked.before == ()
    assert rows[2].asked.before == (rows[1].asked.message, rows[0].asked.message)
