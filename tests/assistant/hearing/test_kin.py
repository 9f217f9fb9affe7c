"""Words of like meaning count as one another, and the groups are made of where words point."""

import numpy as np

from assistant.hearing.grams import BLOCKS, grams
from assistant.hearing.kin import KIN_VERSION, MODEL_FILE, kin_of
from assistant.hearing.kin_of_words import write_kin
from tools.language.learned import read_learned


def test_words_of_like_meaning_in_any_language_have_something_in_common():
    window, ventana, lunch = (set(kin_of([one])) for one in ("window", "finestra", "lunch"))
    assert window & ventana
    assert not window & lunch


def test_words_that_nobody_grouped_stand_for_themselves_and_digits_for_a_number():
    assert "n0 xqzzy" in set(kin_of(["xqzzy"]))
    assert set(kin_of(["12"])) == set(kin_of(["7"]))


def test_rows_of_two_and_three_words_count_as_well():
    alone, row = set(kin_of(["slice"])), set(kin_of(["next", "slice", "please"]))
    assert len(row) > 2 * len(alone)


def test_a_message_of_other_words_shares_places_with_one_of_like_meaning():
    at = BLOCKS.index("kin")
    asked, alike, other = (
        set(grams(text)[at]) for text in ("measure the mole", "misura il neo", "who won the match")
    )
    assert len(asked & alike) > len(asked & other)


def test_groups_are_of_words_that_point_the_same_way(tmp_path):
    ways = np.eye(4, dtype=np.float32)
    rows = np.concatenate([ways, ways * 0.9])
    write_kin(tmp_path / "kin.npz", [f"word{one}" for one in range(8)], rows)
    held = read_learned(tmp_path / "kin.npz", KIN_VERSION)
    assert held["words"].tobytes().decode().split("\n") == [f"word{one}" for one in range(8)]
    assert len(held["wide"]) == len(held["narrow"]) == 8


def test_groups_are_named_by_their_numbers_a_wide_one_and_a_narrow_one() -> None:
    held = read_learned(MODEL_FILE, KIN_VERSION)
    place = held["words"].tobytes().decode().split("\n").index("window")
    assert {f"n0 {held['wide'][place]}", f"n1 {held['narrow'][place]}"} <= set(kin_of(["window"]))
