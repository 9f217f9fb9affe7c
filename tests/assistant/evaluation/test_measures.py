"""Shares, differences and their intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.measures import LEAST_GROUPS, difference, share

Items = st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from("abcdef")), min_size=1, max_size=40)


@given(Items)
def test_an_interval_holds_its_share_and_is_the_same_each_time(items: list[tuple[bool, bool, str]]) -> None:
    right, groups = [one[0] for one in items], [one[2] for one in items]
    found = share(right, groups)
    assert found is not None
    assert found == share(right, groups)
    assert found.value == pytest.approx(np.mean(right))
    if len(set(groups)) < LEAST_GROUPS:
        assert found.low is found.high is None
    else:
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.high <= 1
        assert found.low < found.high


@given(Items)
def test_a_system_differs_from_itself_by_exactly_nothing(items: list[tuple[bool, bool, str]]) -> None:
    right, groups = [one[0] for one in items], [one[2] for one in items]
    found = difference(right, right, groups)
    assert found is not None
    assert (found.value, found.differing) == (0.0, 0)
    if found.high is not None:
        assert found.low == -found.high < 0


@pytest.mark.parametrize("groups", [5, 20, 200])
@pytest.mark.parametrize("right", [True, False])
def test_all_right_and_all_wrong_have_the_interval_of_wilson(groups: int, right: bool) -> None:
    found = share([right] * 2 * groups, [str(n // 2) for n in range(2 * groups)])
    assert found is not None and found.low is not None and found.high is not None
    # Source: Wilson's interval at 0 and at 1, z = 1.96.
    reach = 1.96**2 / (groups + 1.96**2)
    expected = (1 - reach, 1.0) if right else (0.0, reach)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-4)


def test_groups_that_are_all_alike_still_have_an_interval() -> None:
    found = share([True, False] * 6, [str(n // 2) for n in range(12)])
    assert found is not None and found.low is not None and found.high is not None
    assert found.low < 0.3 and found.high > 0.7


def test_where_no_pair_differs_the_ends_say_how_much_could() -> None:
    groups = [str(n) for n in range(60)]
    found = difference([True] * 60, [True] * 60, groups)
    assert found is not None and found.high is not None
    # Three in sixty: the rule of three. Source: Hanley and Lippman-Hand, JAMA 1983;249:1743.
    assert 3 / 60 < found.high < 4 / 60
    worse = difference([False] * 60, [True] * 60, groups)
    assert worse is not None and worse.low == -1 and worse.high is not None and -1 < worse.high < -0.9
    assert (worse.differing, worse.value) == (60, -1)


def test_with_too_few_groups_there_is_no_interval() -> None:
    for count in (1, 4):
        for found in (
            share([True, False] * count, [str(n // 2) for n in range(2 * count)]),
            difference([True] * count, [False] * count, [str(n) for n in range(count)]),
        ):
            assert found is not None
            assert (found.low, found.high, found.groups) == (None, None, count)


def test_a_paired_difference_is_narrower_than_two_shares_apart() -> None:
    random = np.random.default_rng(1)
    one = random.random(400) < 0.7
    other = one ^ (random.random(400) < 0.02)
    groups = [str(n) for n in range(400)]
    alone, paired = share(list(one), groups), difference(list(one), list(other), groups)
    assert alone is not None and alone.low is not None and alone.high is not None
    assert paired is not None and paired.low is not None and paired.high is not None
    assert paired.high - paired.low < (alone.high - alone.low) / 2


def test_items_of_one_group_are_drawn_together() -> None:
    right = [True] * 20 + [False] * 20
    apart = share(right, [str(n) for n in range(40)])
    together = share(right, [str(n // 5) for n in range(40)])
    assert apart is not None and apart.low is not None and together is not None and together.low is not None
    assert together.low < apart.low - 0.1


def test_the_interval_of_independent_items_is_about_the_normal_one() -> None:
    found = share([True] * 140 + [False] * 60, [str(n) for n in range(200)])
    assert found is not None
    half = 1.96 * (0.7 * 0.3 / 200) ** 0.5
    assert found.low == pytest.approx(0.7 - half, abs=0.01)
    assert found.high == pytest.approx(0.7 + half, abs=0.01)


def test_without_items_there_is_no_share() -> None:
    assert share([], []) is None
    assert difference([], [], []) is None
