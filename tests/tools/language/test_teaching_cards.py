"""Teaching cards: what a file must hold, and what the shipped ones do hold."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from prompts import words_file
from store.errors import SetupError
from tests.tools.language.numbers import numbers
from tools.language.kinds import kinds
from tools.language.sayings import FIRST, languages
from tools.language.teaching_cards import (
    LONGEST,
    Card,
    asked_in,
    cards,
    forms,
    read_asked,
    read_cards,
    told_in,
)

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


def test_a_fact_needs_no_words_to_which_it_answers(tmp_path: Path) -> None:
    (card,) = read_cards(write(tmp_path, kind="fact", words=None))
    assert card.words is None


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
        ({"words": None}, "has words to which it answers"),
        ({"kind": "fact"}, "has words to which it answers"),
        ({"words": []}, "no list of words"),
        ({"words": "thing"}, "no list of words"),
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


def ways(folder: Path, name: str = "a", **phrases: Any) -> Path:
    """A folder with a file on how one card is asked for; languages that are None are left out."""
    said = {"card": "a-card", "en": ["a thing"], "de": ["ein Ding"], "es": ["una cosa"], **phrases}
    lines = [f"{key} = {json.dumps(said[key])}" for key in said if key != "card" and said[key] is not None]
    (folder / f"{name}.toml").write_text("\n".join([f"[asked.{said['card']}]", *lines]), encoding="utf-8")
    return folder


def test_how_a_card_is_asked_for_is_read_by_language(tmp_path: Path) -> None:
    asked = read_asked(ways(tmp_path, de=["ein Ding", "so ein Ding"]), ["a-card"])["a-card"]
    assert (asked.en, asked.de) == (("a thing",), ("ein Ding", "so ein Ding"))


@pytest.mark.parametrize(
    ("phrases", "told"),
    [
        ({"card": "no-card"}, "no teaching card 'no-card'"),
        ({"en": []}, "en: "),
        ({"es": None}, "es: "),
        ({"fr": ["une chose"]}, "fr: "),
        ({"de": [""]}, "de.0: "),
        ({"de": [" ein Ding"]}, "de.0: "),
        ({"de": "ein Ding"}, "de: "),
    ],
)
def test_ways_to_ask_that_are_not_as_they_should_be_are_refused_with_the_reason(
    tmp_path: Path, phrases: Any, told: str
) -> None:
    with pytest.raises(SetupError, match=rf"a\.toml.*{re.escape(told)}"):
        read_asked(ways(tmp_path, **phrases), ["a-card"])


def test_a_phrase_that_asks_for_two_cards_is_refused_in_any_case_and_in_its_language_only(
    tmp_path: Path,
) -> None:
    ways(ways(tmp_path), "b", card="b-card", en=["ein Ding"], de=["Dings"], es=["otra cosa"])
    assert set(read_asked(tmp_path, ["a-card", "b-card"])) == {"a-card", "b-card"}
    ways(tmp_path, "b", card="b-card", en=["A Thing?"], de=["Dings"], es=["otra cosa"])
    with pytest.raises(
        SetupError, match="en: 'A Thing\\?' asks for two teaching cards, 'a-card' and 'b-card'"
    ):
        read_asked(tmp_path, ["a-card", "b-card"])


def test_how_a_card_is_asked_for_stands_in_one_file(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"b\.toml: how 'a-card' is asked for stands in two files"):
        read_asked(ways(ways(tmp_path), "b"), ["a-card"])


def _shipped() -> Iterator[tuple[str, list[str]]]:
    """Long cards one by one, and short ones by their files, each with a name and the ids."""
    for path in sorted(words_file("questions", "teaching").parent.glob("*.toml")):
        held = tomllib.loads(path.read_text("utf-8")).get("cards", [])
        yield from ((one["id"], [one["id"]]) for one in held if one["kind"] != "fact")
        if facts := [one["id"] for one in held if one["kind"] == "fact"]:
            yield path.stem, facts


SHIPPED = dict(_shipped())


def cards_of(held: str) -> list[Card]:
    return [one for one in cards() if one.id in SHIPPED[held]]


def odd(held: str, is_odd: Callable[[Card], object]) -> list[str]:
    """The ids of those cards that are odd."""
    return [one.id for one in cards_of(held) if is_odd(one)]


def test_every_shipped_card_is_read() -> None:
    assert sorted(one.id for one in cards()) == sorted(one for ids in SHIPPED.values() for one in ids)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("held", SHIPPED)
def test_a_shipped_card_is_asked_for_in_eight_ways_or_more_in_every_language(
    held: str, language: str
) -> None:
    assert not odd(held, lambda card: len(asked_in(card, language)) < 8)


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


@pytest.mark.parametrize("held", SHIPPED)
def test_a_shipped_card_names_parts_that_there_are_and_ends_its_sentences(held: str) -> None:
    assert not odd(held, lambda card: {*card.parts} - {*kinds().parts})
    assert not odd(held, lambda card: not card.limits.endswith("."))
    assert not odd(held, lambda card: card.source.endswith("."))
    assert not odd(held, lambda card: card.date > datetime.date(2026, 12, 31))


@pytest.mark.parametrize("held", SHIPPED)
def test_a_shipped_card_gives_nobody_advice_on_their_care(held: str) -> None:
    advice = r"\b(?:you should see|see a doctor|your (?:doctor|skin|lung|mole)|we recommend|refer the)"
    assert not odd(held, lambda card: re.search(advice, f"{card.text} {card.limits}", re.I))


@pytest.mark.parametrize("held", SHIPPED)
def test_a_card_on_a_finding_names_its_kind_of_image_and_what_mimics_it(held: str) -> None:
    mimics = r"mimic|takes? it for|what makes a heart look large|test"
    of_findings = [one for one in cards_of(held) if one.kind == "finding"]
    assert not [one.id for one in of_findings if not (one.modalities and re.search(mimics, one.text, re.I))]


@pytest.mark.parametrize("language", [one for one in languages() if one != FIRST])
@pytest.mark.parametrize("held", SHIPPED)
def test_a_card_in_another_language_holds_every_step_and_every_number(held: str, language: str) -> None:
    for card in cards_of(held):
        told = told_in(card, language)
        assert told is not None, card.id
        assert len(told.text.splitlines()) == len(card.text.splitlines()), card.id
        assert numbers(told.text) == numbers(card.text), card.id
        assert numbers(told.limits) == numbers(card.limits), card.id
        assert told.limits.endswith("."), card.id
