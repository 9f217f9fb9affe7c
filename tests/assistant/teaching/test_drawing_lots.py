"""Cases by lot: the share is met, diagnoses are spread, and a seed gives the same lots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.teaching.drawing_lots import Lot, balanced, order_for
from store.errors import CaseError
from store.teaching.options import SessionOptions

LOTS = [
    *(Lot(f"n{at}", "normal", "normal") for at in range(10)),
    *(Lot(f"m{at}", "mimic", "naevus") for at in range(4)),
    *(Lot(f"a{at}", "disease", "melanoma") for at in range(12)),
    *(Lot(f"b{at}", "disease", "angioma") for at in range(3)),
]


@given(number=st.integers(1, 20), share=st.floats(0, 0.6), seed=st.integers(0, 2**63 - 1))
def test_the_share_is_met_and_no_case_comes_twice(number: int, share: float, seed: int) -> None:
    without = round(number * share)
    if number - without > 15:
        return
    drawn = balanced(LOTS, number, seed, share)
    assert len(set(drawn)) == number
    assert sum(one[0] in "nm" for one in drawn) == without
    assert balanced(list(reversed(LOTS)), number, seed, share) == drawn


def test_diagnoses_are_spread_until_one_runs_out() -> None:
    drawn = balanced(LOTS, 10, 3, 0.4)
    assert [sum(one[0] == kind for one in drawn) for kind in "nmab"] == [2, 2, 3, 3]


def test_seeds_differ_and_do_not_sort() -> None:
    several = {tuple(balanced(LOTS, 10, seed)) for seed in range(20)}
    assert len(several) == 20
    first = [balanced(LOTS, 10, seed)[0][0] in "nm" for seed in range(200)]
    assert 50 < sum(first) < 110


def test_too_few_of_a_kind_is_said_with_numbers() -> None:
    with pytest.raises(CaseError, match="take 16 of the kind “disease”; there are 15"):
        balanced(LOTS, 16, 0, 0)
    with pytest.raises(CaseError, match="there are 0"):
        balanced([lot for lot in LOTS if lot.kind == "disease"], 5, 0)
    with pytest.raises(CaseError):
        balanced(LOTS, 0, 0)


def test_learners_get_the_cases_in_orders_of_their_own_or_all_in_one() -> None:
    given_order = SessionOptions()
    assert order_for(given_order, 4, 1) == order_for(given_order, 4, 2) == [1, 2, 3, 4]
    by_lot = SessionOptions(order="random", seed=5)
    orders = {tuple(order_for(by_lot, 8, learner)) for learner in range(1, 21)}
    assert len(orders) == 20
    assert all(sorted(one) == list(range(1, 9)) for one in orders)
    assert order_for(by_lot, 8, 3) == order_for(by_lot, 8, 3)
