"""95 % intervals against what can be worked out otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.intervals import Z95, Z99, bootstrap, wilson


def mean(drawn: np.ndarray) -> np.ndarray:
    """The share of right answers of sums of (right, asked)."""
    return drawn[:, 0] / drawn[:, 1]


def groups(*right: float) -> np.ndarray:
    """Groups of one answer each."""
    return np.array([[one, 1.0] for one in right])


@given(st.integers(1, 500), st.floats(0, 1))
def test_the_interval_of_wilson_holds_the_share_and_has_a_width(count: int, share: float) -> None:
    low, high = wilson(share, count, Z95)
    assert 0 <= low < high <= 1
    assert low - 1e-9 <= share <= high + 1e-9
    wider_low, wider_high = wilson(share, count, Z99)
    assert wider_low <= low + 1e-9 and high <= wider_high + 1e-9


def test_the_interval_of_wilson_is_the_published_one() -> None:
    # Source: Newcombe, Statistics in Medicine 1998;17:857, table I, method 3: 81 of 263.
    assert wilson(81 / 263, 263, Z95) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_the_bootstrap_of_single_answers_is_about_the_normal_interval() -> None:
    low, high = bootstrap(groups(*[1] * 140, *[0] * 60), mean)
    half = 1.96 * (0.7 * 0.3 / 200) ** 0.5
    assert (low, high) == pytest.approx((0.7 - half, 0.7 + half), abs=0.01)


def test_it_is_the_same_each_time() -> None:
    given = groups(*np.random.default_rng(5).uniform(size=30))
    assert bootstrap(given, mean) == bootstrap(given, mean)


@pytest.mark.parametrize("right", [1, 0])
def test_where_no_resample_differs_the_interval_is_of_as_many_groups_as_said(right: int) -> None:
    given = groups(*[right] * 20)
    reach = 1.96**2 / (20 + 1.96**2)
    expected = (1 - reach, 1.0) if right else (0.0, reach)
    assert bootstrap(given, mean) == pytest.approx(expected, abs=1e-4)
    low, high = bootstrap(given, mean, count=5)
    assert high - low > 2 * reach


def test_a_figure_that_is_the_same_but_for_rounding_is_the_same() -> None:
    thirds = np.array([[n / 3, n] for n in range(1, 30)])
    low, high = bootstrap(thirds, mean)
    assert low < 0.25 and high > 0.45


def test_a_difference_that_never_differs_may_go_either_way() -> None:
    low, high = bootstrap(groups(*[0] * 20), mean, least=-1.0)
    assert low == -high < 0
    low, high = bootstrap(groups(*[-1] * 20), mean, least=-1.0)
    assert low == -1 < high < -0.8


def test_the_bootstrap_leaves_out_a_fortieth_at_either_end() -> None:
    answers = np.random.default_rng(5).normal(0.4, 0.1, 100)
    low, high = bootstrap(groups(*answers), mean)
    half = 1.96 * answers.std() / 100**0.5
    # Leaving out 3.5 in a hundred would move an end by 0.0014.
    assert low == pytest.approx(answers.mean() - half, abs=0.001)
    assert high == pytest.approx(answers.mean() + half, abs=0.001)


def test_the_groups_are_as_many_in_each_resample_and_there_are_two_thousand() -> None:
    seen = []

    def figure(drawn: np.ndarray) -> np.ndarray:
        seen.append(drawn)
        return mean(drawn)

    bootstrap(np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 1.0]]), figure)
    (drawn,) = seen
    assert drawn.shape == (2_000, 2)
    assert set(drawn[:, 1]) == {3.0}


@pytest.mark.parametrize("beside", [1e-12, -1e-12])
def test_rounding_beside_0_or_1_is_none(beside: float) -> None:
    reach = 1.96**2 / (20 + 1.96**2)
    assert bootstrap(groups(*[1 + beside] * 20), mean) == pytest.approx((1 - reach, 1), abs=1e-4)
    assert bootstrap(groups(*[1 + beside] * 20), mean)[1] <= 1
    assert bootstrap(groups(*[beside] * 20), mean) == pytest.approx((0, reach), abs=1e-4)
    assert bootstrap(groups(*[-1 + beside] * 20), mean, least=-1.0) == pytest.approx(
        (-1, reach - 1), abs=1e-4
    )


def test_an_end_is_the_value_itself_where_it_is_all_or_nothing() -> None:
    for count in range(1, 200):
        assert bootstrap(groups(*[1] * 3), mean, count=count)[1] == 1
        assert bootstrap(groups(*[0] * 3), mean, count=count)[0] == 0
        assert bootstrap(groups(*[-1] * 3), mean, count=count, least=-1.0)[0] == -1


def test_a_share_that_never_differs_lies_within_its_interval() -> None:
    assert bootstrap(groups(*[0.25] * 20), mean) == pytest.approx(wilson(0.25, 20, Z95))
    low, high = wilson(0.25, 20, Z95)
    assert bootstrap(groups(*[-0.25] * 20), mean, least=-1.0) == pytest.approx((-high, -low))
