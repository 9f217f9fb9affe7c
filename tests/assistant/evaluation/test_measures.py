"""Shares, differences and their intervals."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.measures import LEAST_GROUPS, Share, difference, share
from tools.few_shot.measures import Z95, wilson

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


def both(found: Share | None) -> tuple[float, float]:
    """The ends of an interval that is there."""
    assert found is not None and found.low is not None and found.high is not None
    return found.low, found.high


def test_a_share_counts_its_items_and_groups_and_a_difference_what_differs() -> None:
    groups = ["a", "a", "b", "c", "d"]
    assert share([True, False, True, True, False], groups) == Share(0.6, None, None, 5, 4)
    found = difference([True, False, False, False, True], [False, True, True, False, True], groups)
    assert found == Share(pytest.approx(-0.2), None, None, 5, 4, differing=3)


def test_every_item_counts_the_same_however_large_its_group_is() -> None:
    # One group of a hundred is right, five of one are wrong: by groups that would be a sixth.
    right, groups = [True] * 100 + [False] * 5, ["large"] * 100 + [str(n) for n in range(5)]
    found = share(right, groups)
    low, high = both(found)
    assert found is not None and found.value == pytest.approx(100 / 105)
    # Two resamples in three hold the large group, which outweighs all others; a third holds nothing right.
    assert low == 0
    assert 0.98 < high <= 1


def test_the_interval_is_that_of_all_resamples_of_the_groups() -> None:
    sums, sizes = np.array([1, 0, 3, 1, 2, 5]), np.array([1, 2, 3, 4, 5, 6])
    right = [n < sums[group] for group in range(6) for n in range(sizes[group])]
    groups = [str(group) for group in range(6) for _ in range(sizes[group])]
    every = np.array(list(itertools.product(range(6), repeat=6)))
    exact = np.percentile(sums[every].sum(axis=1) / sizes[every].sum(axis=1), [2.5, 97.5])
    assert both(share(right, groups)) == pytest.approx(tuple(exact), abs=0.01)


def test_a_difference_of_independent_items_has_about_the_normal_interval() -> None:
    right, other = [True] * 300 + [False] * 100, [False] * 100 + [True] * 300
    low, high = both(difference([*right, *other[:200]], [*other, *right[:200]], [str(n) for n in range(600)]))
    values = np.array([*right, *other[:200]], float) - np.array([*other, *right[:200]], float)
    half = 1.96 * values.std() / 600**0.5
    assert low == pytest.approx(values.mean() - half, abs=0.05 * half)
    assert high == pytest.approx(values.mean() + half, abs=0.05 * half)


@pytest.mark.parametrize("count", [LEAST_GROUPS - 1, LEAST_GROUPS])
def test_five_groups_are_the_least_that_have_an_interval(count: int) -> None:
    groups = [str(n) for n in range(count)]
    for right in ([True] * count, [False] + [True] * (count - 1)):
        found = share(right, groups)
        assert found is not None
        assert (found.low is None, found.high is None) == (count < LEAST_GROUPS,) * 2


def test_groups_of_unlike_sizes_that_are_all_right_have_the_interval_of_wilson() -> None:
    groups = [str(group) for group in range(6) for _ in range(group + 1)]
    assert both(share([True] * len(groups), groups)) == pytest.approx(wilson(1.0, 6, Z95))


def test_groups_that_are_alike_and_half_right_have_the_interval_of_wilson() -> None:
    groups = [str(n // 2) for n in range(12)]
    assert both(share([True, False] * 6, groups)) == pytest.approx(wilson(0.5, 6, Z95))
    low, high = wilson(0.5, 6, Z95)
    assert both(difference([True, True] * 6, [True, False] * 6, groups)) == pytest.approx((low, high))
    assert both(difference([True, False] * 6, [True, True] * 6, groups)) == pytest.approx((-high, -low))


def test_a_difference_of_nothing_reaches_as_far_either_way() -> None:
    groups = [str(n // 2) for n in range(12)]
    reach = wilson(0.0, 6, Z95)[1]
    found = difference([True, False] * 6, [False, True] * 6, groups)
    assert found is not None and (found.value, found.differing) == (0, 12)
    assert both(found) == pytest.approx((-reach, reach))
