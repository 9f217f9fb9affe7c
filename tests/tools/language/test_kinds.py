"""Words for kinds of pictures and for what is not wanted: what the files hold is checked when it is read."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from prompts import words_file
from store.errors import SetupError
from store.records import Modality
from tools.language.declined import Declined, declined
from tools.language.kinds import Kinds, kinds
from tools.language.lists import EACH, Words, read_file
from tools.language.modalities import MODALITY, asked


def test_the_modalities_are_codes_that_casebook_knows() -> None:
    assert set(asked()) <= set(get_args(Modality))


def test_a_modality_is_asked_for_more_loosely_than_it_is_answered() -> None:
    assert asked()["US"].search("an echo")
    assert not MODALITY.search("an echo")


def test_a_part_is_within_parts_that_there_are_and_not_within_itself() -> None:
    for name, part in kinds().parts.items():
        assert part.within <= set(kinds().parts) - {name}


def test_every_pattern_is_matched_as_whole_words_in_any_case() -> None:
    assert asked()["CT"].search("A ct, please")
    assert not asked()["CT"].search("acting")
    assert declined().measuring.search("Measured")
    assert declined().apart.search("measure it; then go").start() == len("measure it;")


@pytest.mark.parametrize(
    ("kind", "old", "new", "told"),
    [
        (Kinds, "[finer]", "[coarser]", "finer: Field required"),
        (Kinds, "[finer]", "[more]\na = ['b']\n[finer]", "more: Extra inputs"),
        (Kinds, 'within = ["chest"]', 'within = ["chst"]', "'chst', which is no part"),
        (Kinds, 'words = ["heart"', 'word = ["heart"', "parts.heart.words: Field required"),
        (Kinds, 'medical = ["medical"]', 'medical = "medical"', "domains.medical: Value error, no list"),
        (Kinds, 'medical = ["medical"]', 'medical = ["("]', "is no regular expression"),
        (Kinds, 'denying = ["not"', 'denying = []\nx = ["not"', "empty.denying: Value error, no list"),
        (Declined, "apart = [", "part = [", "apart: Field required"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(
    tmp_path: Path, kind: type[Words], old: str, new: str, told: str
) -> None:
    text = words_file(kind.__name__.lower()).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "wrong.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SetupError) as caught:
        read_file(kind, path, EACH)
    assert told in str(caught.value)
