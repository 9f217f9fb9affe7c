"""The words of the field: what the files hold is checked when it is read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from prompts.terms import declined, kinds, read_declined, read_kinds
from store.records import Modality

FOLDER = Path(__file__).parents[2] / "prompts" / "terms"


def held(name: str) -> dict[str, Any]:
    """What a file holds."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def test_the_modalities_are_codes_that_casebook_knows() -> None:
    assert set(kinds().modalities) <= set(get_args(Modality))


def test_a_part_is_within_parts_that_there_are_and_not_within_itself() -> None:
    for name, part in kinds().parts.items():
        assert part.within <= set(kinds().parts) - {name}


def test_every_pattern_is_matched_as_whole_words_in_any_case() -> None:
    assert kinds().modalities["CT"].search("A ct, please")
    assert not kinds().modalities["CT"].search("acting")
    assert declined().nouns["measure"].search("Measurements")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data.pop("finer"), "'finer' is missing or unknown"),
        (lambda data: data.update(more={}), "'more' is missing or unknown"),
        (lambda data: data["parts"]["heart"].update(within=["chst"]), "'chst', which is no part"),
        (lambda data: data["parts"]["heart"].update(word=["x"]), "parts.heart: 'word'"),
        (lambda data: data["modalities"].update(CT="ct"), "modalities.CT is no list"),
        (lambda data: data["modalities"].update(CT=["("]), "modalities.CT holds a word that is no pattern"),
        (lambda data: data["empty"].update(lead=[]), "empty.lead is no list"),
    ],
)
def test_a_file_of_kinds_that_is_wrong_is_refused_with_the_place(change: Any, told: str) -> None:
    data = held("kinds")
    change(data)
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        read_kinds(data)


def test_a_file_of_declined_wishes_that_is_wrong_is_refused() -> None:
    data = held("declined")
    del data["until"]
    with pytest.raises(ValueError, match="'until' is missing or unknown"):
        read_declined(data)
