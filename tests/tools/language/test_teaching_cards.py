"""Teaching cards: what a file must hold, and what the shipped ones do hold."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from store.errors import SetupError
from tests.tools.language.numbers import numbers
from tools.language.kinds import kinds
from tools.language.sayings import FIRST, languages
from tools.language.teaching_cards import LONGEST, cards, forms, read_cards, told_in

CARD = {
    "id": "a-card",
    "title": "A card",
    "kind": "finding",
    "modalities": ["DX"],
    "parts": ["chest"],
    "words": ["thing", "t+"],
    "text": "1. Look.\n2. Look again.",
    "source": "A book, 1999",
    "date": datetime.date(2026, 11, 28),
    "limits": "It is short.",
}


def write(folder: Path, name: str = "a", **change: Any) -> Path:
    """A folder with a file of one card, some of its keys changed, those left out that are None."""
    card = {key: value for key, value in {**CARD, **change}.items() if value is not None}
    lines = [f"{key} = {json.dumps(value, default=str)}" for key, value in card.items()]
    text = "\n".join(["[[cards]]", *lines]).replace('"2026-11-28"', "2026-11-28")
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_card_is_read_with_its_words_as_one_pattern_of_whole_words(tmp_path: Path) -> None:
    (card,) = read_cards(write(tmp_path))
    assert card.words.search("the THING there")
    assert not card.words.search("nothing")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"colour": "red"}, "colour"),
        ({"source": None}, "source"),
        ({"source": "A book"}, "names its year"),
        ({"date": None}, "date"),
        ({"date": "lately"}, "date"),
        ({"limits": None}, "limits"),
        ({"limits": ""}, "limits"),
        ({"text": "word " * (LONGEST + 1)}, f"has {LONGEST + 1} words"),
        ({"text": "one\n\ntwo"}, "one paragraph"),
        ({"kind": "poem"}, "kind"),
        ({"modalities": ["XX"]}, "modalities"),
        ({"words": []}, "no list of words"),
        ({"words": "thing"}, "no list of words"),
        ({"words": ["("]}, "no regular expression"),
        ({"words": ["x*"]}, "matches nothing"),
        ({"id": "A Card"}, "id"),
    ],
)
def test_a_card_that_is_not_as_it_should_be_is_refused_with_the_reason(
    tmp_path: Path, change: Any, told: str
) -> None:
    with pytest.raises(SetupError, match=rf"a\.toml.*{re.escape(told)}"):
        read_cards(write(tmp_path, **change))


def test_two_cards_of_one_id_are_refused_across_files(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="id 'a-card'"):
        read_cards(write(write(tmp_path), "b", title="Another"))


def test_two_cards_of_one_title_are_refused_in_any_case(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="title 'a card'"):
        read_cards(write(write(tmp_path), "b", id="b-card", title="A CARD"))


def test_the_longest_text_that_may_be_is_read(tmp_path: Path) -> None:
    assert read_cards(write(tmp_path, text="word " * LONGEST))


def test_there_are_cards_of_every_kind_and_of_every_kind_of_image() -> None:
    assert len(cards()) >= 80
    assert {card.kind for card in cards()} >= {kind for form in forms() for kind in form.kinds}
    assert {code for card in cards() for code in card.modalities} == {
        "DX",
        "CT",
        "MR",
        "US",
        "MG",
        "XC",
        "DMS",
    }


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.id)
def test_a_shipped_card_names_parts_that_there_are_and_ends_its_sentences(card: Any) -> None:
    assert set(card.parts) <= set(kinds().parts)
    assert card.limits.endswith(".")
    assert not card.source.endswith(".")
    assert card.date <= datetime.date(2026, 12, 31)


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.id)
def test_a_shipped_card_gives_nobody_advice_on_their_care(card: Any) -> None:
    advice = r"\b(?:you should see|see a doctor|your (?:doctor|skin|lung|mole)|we recommend|refer the)"
    assert not re.search(advice, f"{card.text} {card.limits}", re.I)


@pytest.mark.parametrize("card", [one for one in cards() if one.kind == "finding"], ids=lambda card: card.id)
def test_a_card_on_a_finding_names_its_kind_of_image_and_what_mimics_it(card: Any) -> None:
    assert card.modalities
    assert re.search(r"mimic|takes? it for|what makes a heart look large|test", card.text, re.I)


@pytest.mark.parametrize("language", [one for one in languages() if one != FIRST])
@pytest.mark.parametrize("card", cards(), ids=lambda card: card.id)
def test_a_card_in_another_language_holds_every_step_and_every_number(card: Any, language: str) -> None:
    told = told_in(card, language)
    assert told is not None
    assert len(told.text.splitlines()) == len(card.text.splitlines())
    assert numbers(told.text) == numbers(card.text)
    assert numbers(told.limits) == numbers(card.limits)
    assert told.limits.endswith(".")
