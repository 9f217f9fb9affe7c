"""Ways of reading compared: against tables by hand, other formulas, published figures and simulated truth."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from assistant.teaching.mrmc import analysed, areas_of
from assistant.teaching.mrmc_arms import arms_compared
from assistant.teaching.ratings import Rating, Ratings, read_ratings, whole
from store.errors import CaseError

Floats = np.ndarray


def held(scores: Floats, ill: int) -> Ratings:
    """Ratings ``(W, R, N)`` whose first `ill` cases have it."""
    ways, readers, cases = scores.shape
    truth = np.arange(cases) < ill
    return Ratings(tuple(f"w{at}" for at in range(ways)), tuple(f"r{at}" for at in range(readers)), truth,
                   scores.astype(float))  # fmt: skip


def simulated(random: np.random.Generator, *, ways: int = 2, readers: int = 5, ill: int = 30, well: int = 40,
              apart: float = 0.0, reader_sd: float = 0.15) -> Ratings:  # fmt: skip
    """Roe and Metz's model: cases, readers and what both make of it by lot; way 1 is better by `apart`."""
    cases = ill + well
    truth = np.arange(cases) < ill
    way = np.arange(ways)[:, None, None] * apart
    reader = random.normal(0, reader_sd, (1, readers, 1)) + random.normal(0, reader_sd, (ways, readers, 1))
    case = random.normal(0, 0.55, (1, 1, cases)) + random.normal(0, 0.32, (ways, 1, cases))
    both = random.normal(0, 0.45, (1, readers, cases)) + random.normal(0, 0.63, (ways, readers, cases))
    scores = (1.2 + way + reader) * truth + case + both
    return held(scores, ill)


def test_areas_and_covariances_of_a_small_table_are_those_computed_by_hand() -> None:
    scores = np.array([[[3, 1, 2, 2, 0]]])
    # Three with it (3, 1, 2) against two without (2, 0): 3>2, 3>0, 1<2, 1>0, 2=2, 2>0: 4.5 of 6.
    areas, covariance = areas_of(held(scores, 3))
    assert areas[0, 0] == 4.5 / 6
    # Without each case in turn: of those with it, then of the others (the 2, the 0).
    left = np.array([2.5 / 4, 3.5 / 4, 3 / 4, 3 / 3, 1.5 / 3])
    assert covariance[0, 0, 0, 0] == pytest.approx(4 / 5 * ((left - left.mean()) ** 2).sum(), abs=1e-15)


def test_the_jackknife_agrees_with_delongs_covariances() -> None:
    ratings = simulated(np.random.default_rng(1), ill=120, well=150)
    areas, covariance = areas_of(ratings)
    ill, well = ratings.scores[..., ratings.truth], ratings.scores[..., ~ratings.truth]
    order = (ill[..., :, None] > well[..., None, :]) + 0.5 * (ill[..., :, None] == well[..., None, :])
    assert np.allclose(areas, order.mean(axis=(2, 3)))
    ill_part, well_part = order.mean(axis=3).reshape(10, -1), order.mean(axis=2).reshape(10, -1)
    delong = np.cov(ill_part) / ill.shape[2] + np.cov(well_part) / well.shape[2]
    assert np.allclose(covariance.reshape(10, 10), delong, atol=0.02 * delong.max())


def test_the_parts_and_the_test_follow_from_areas_and_covariances_as_hillis_writes_them() -> None:
    """F, degrees of freedom, intervals and single ways, each written out again with loops."""
    ratings = simulated(np.random.default_rng(2), apart=0.6)
    found = analysed(ratings)
    theta, cov = areas_of(ratings)
    t, r = theta.shape
    ms_t = r * sum((theta[i].mean() - theta.mean()) ** 2 for i in range(t)) / (t - 1)
    rest = [
        theta[i, j] - theta[i].mean() - theta[:, j].mean() + theta.mean() for i in range(t) for j in range(r)
    ]
    ms_tr = sum(x**2 for x in rest) / ((t - 1) * (r - 1))
    pairs = [(i, j, k, m) for i in range(t) for j in range(r) for k in range(t) for m in range(r)]
    cov2 = np.mean([cov[i, j, k, m] for i, j, k, m in pairs if i == k and j != m])
    cov3 = np.mean([cov[i, j, k, m] for i, j, k, m in pairs if i != k and j != m])
    below = ms_tr + r * max(cov2 - cov3, 0)
    df2 = below**2 / (ms_tr**2 / ((t - 1) * (r - 1)))
    both = found.tests[0]
    assert both.name == "both"
    assert (both.statistic, both.df1, both.df2) == pytest.approx((ms_t / below, t - 1, df2))
    assert both.p == pytest.approx(stats.f.sf(ms_t / below, 1, df2))
    difference = found.differences["w0", "w1"]
    half = stats.t.ppf(0.975, df2) * math.sqrt(2 * below / r)
    value = theta[0].mean() - theta[1].mean()
    assert (difference.low, difference.high) == pytest.approx((value - half, value + half))
    assert 2 * stats.t.sf(abs(value) / difference.error, df2) == pytest.approx(both.p)


def test_published_figures_come_out_to_every_printed_digit() -> None:
    """Van Dyke's readings, where somebody has them: CASEBOOK_VANDYKE names a table with our columns."""
    path = os.environ.get("CASEBOOK_VANDYKE")
    if not path:
        pytest.skip("CASEBOOK_VANDYKE names no table")
    found = analysed(whole(read_ratings(Path(path).read_text()))[0])
    parts, (both, readers, cases) = found.components, found.tests
    assert found.areas.mean(axis=1) == pytest.approx([0.89703704, 0.94083736], abs=5e-9)
    assert (parts.error, parts.same_reader, parts.same_way, parts.neither) == pytest.approx(
        (0.0008022883, 0.0003466137, 0.0003440748, 0.0002390284), abs=5e-11
    )
    assert (both.statistic, both.df2, both.p) == pytest.approx((4.456319, 15.25967, 0.05166569), rel=2e-7)
    assert (readers.statistic, readers.p) == pytest.approx((5.4759532, 0.01927984), rel=1e-7)
    assert (cases.statistic, cases.p) == pytest.approx((8.704, 0.04195875), rel=1e-4)


def test_published_figures_follow_from_published_parts() -> None:
    """Van Dyke's mean squares and covariances, as RJafroc and MRMCaov print them, in our formulas."""
    from assistant.teaching.mrmc import Components, _both_by_lot, _these_cases, _these_readers

    parts = Components(way=0.004796171, reader=None, both=0.0005510306, error=0.0008022883,
                       same_reader=0.0003466137, same_way=0.0003440748, neither=0.0002390284)  # fmt: skip
    areas = np.zeros((2, 5))
    both, readers, cases = (
        _both_by_lot(areas, parts),
        _these_readers(areas, parts),
        _these_cases(areas, parts),
    )
    assert (both.statistic, both.df2, both.p) == pytest.approx((4.456319, 15.25967, 0.05166569), rel=1e-6)
    assert (readers.statistic, readers.p) == pytest.approx((5.4759532, 0.01927984), rel=1e-6)
    assert (cases.statistic, cases.p) == pytest.approx((8.704, 0.04195875), rel=1e-4)


def test_under_the_null_one_test_in_twenty_is_wrong_and_intervals_hold_the_truth() -> None:
    random = np.random.default_rng(7)
    wrong = covered = 0
    runs = 600
    for _ in range(runs):
        found = analysed(simulated(random))
        wrong += found.tests[0].p < 0.05
        difference = found.differences["w0", "w1"]
        covered += difference.low <= 0 <= difference.high
    # 0.05 and 0.95 within three standard errors of so many runs.
    room = 3 * math.sqrt(0.05 * 0.95 / runs)
    assert abs(wrong / runs - 0.05) < room
    assert abs(covered / runs - 0.95) < room


def test_the_interval_of_a_mean_holds_its_true_area_and_a_true_difference_is_found() -> None:
    random = np.random.default_rng(8)
    # Of the model with these deviations: area of a reader by lot in a way by lot.
    true = stats.norm.cdf(1.2 / math.sqrt(2 * (0.55**2 + 0.32**2 + 0.45**2 + 0.63**2) + 2 * 0.15**2))
    runs, covered, found = 300, 0, 0
    for _ in range(runs):
        out = analysed(simulated(random, apart=0.9))
        mean = out.means["w0"]
        covered += mean.low <= true <= mean.high
        found += out.tests[0].p < 0.05
    assert abs(covered / runs - 0.95) < 3 * math.sqrt(0.05 * 0.95 / runs)
    assert found / runs > 0.7


def rows(ratings: Ratings, arms: dict[str, str] | None = None) -> list[Rating]:
    return [
        Rating(
            reader, str(case), (arms or {}).get(reader, way), bool(truth), float(ratings.scores[w, r, case])
        )
        for w, way in enumerate(ratings.ways)
        for r, reader in enumerate(ratings.readers)
        for case, truth in enumerate(ratings.truth)
    ]


def test_arms_of_unequal_size_are_wrongly_called_different_one_time_in_twenty() -> None:
    random = np.random.default_rng(9)
    arms = {f"r{at}": "none" if at < 4 else "planner" for at in range(10)}
    runs, wrong = 300, 0
    for _ in range(runs):
        out = arms_compared(rows(simulated(random, ways=1, readers=10), arms))
        difference = out.differences["none", "planner"]
        wrong += difference.p < 0.05
        assert (difference.p < 0.05) == (not difference.estimate.low <= 0 <= difference.estimate.high)
    assert abs(wrong / runs - 0.05) < 3 * math.sqrt(0.05 * 0.95 / runs)


def test_arms_of_equal_size_give_what_hillis_gives_for_readers_nested_within_a_test() -> None:
    """F = MS(T) / (MS[R(T)] + r·(Cov2 − Cov3)), whose square root is our t where both arms spread alike."""
    ratings = simulated(np.random.default_rng(10), ways=1, readers=6)
    arms = {f"r{at}": "ab"[at // 3] for at in range(6)}
    out = arms_compared(rows(ratings, arms))
    areas, cov = (one[0] if one.ndim == 2 else one[0, :, 0, :] for one in areas_of(ratings))
    one, two = areas[:3], areas[3:]
    ms_r = (one.var(ddof=1) + two.var(ddof=1)) / 2
    off = ~np.eye(3, dtype=bool)
    cov2 = (cov[:3, :3][off].mean() + cov[3:, 3:][off].mean()) / 2
    below = ms_r + 3 * (cov2 - cov[:3, 3:].mean())
    difference = out.differences["a", "b"].estimate
    assert (difference.value / difference.error) ** 2 == pytest.approx(
        3 * ((one.mean() - two.mean()) ** 2) / 2 / below
    )


def test_readers_who_read_alike_in_both_ways_leave_the_test_untold_and_never_give_zero() -> None:
    one = simulated(np.random.default_rng(3), ways=1).scores
    found = analysed(held(np.concatenate([one, one]), 30))
    assert all(test.name != "both" or test.p > 0.5 for test in found.tests)
    assert found.untold == ("alike",)
    assert found.differences == {("w0", "w1"): None}


def test_a_perfect_reader_gets_no_interval_without_width() -> None:
    scores = np.tile(np.r_[np.ones(5), np.zeros(5)], (2, 3, 1))
    found = analysed(held(scores, 5))
    assert (found.areas == 1).all()
    assert found.tests == ()
    assert set(found.means.values()) | set(found.differences.values()) == {None}
    assert found.untold == ("alike", "perfect")


def test_a_shift_that_is_the_same_for_all_and_varies_with_nothing_is_untold() -> None:
    perfect, never = np.r_[np.ones(5), np.zeros(5)], np.r_[np.zeros(5), np.ones(5)]
    found = analysed(held(np.array([[perfect] * 3, [never] * 3]), 5))
    assert found.tests == ()
    assert "no_spread" in found.untold


def test_one_reader_stands_for_nobody_else_but_is_tested_over_cases() -> None:
    found = analysed(simulated(np.random.default_rng(4), readers=1))
    assert [test.name for test in found.tests] == ["readers"]
    assert found.untold[0] == "one_reader"
    assert set(found.means.values()) == {None}


def test_three_ways_are_tested_at_once_and_two_by_two() -> None:
    found = analysed(simulated(np.random.default_rng(5), ways=3, apart=0.8))
    assert found.tests[0].df1 == 2
    assert set(found.differences) == {("w0", "w1"), ("w0", "w2"), ("w1", "w2")}


def table(*lines: str) -> str:
    return "\n".join(("reader,case,modality,truth,rating", *lines))


def test_a_table_is_read_with_its_order_spaces_and_gaps() -> None:
    text = table("a,1,x,1,2", "a,2,x,0, 1.5", "a,3,x,yes,", "a,4,x,no,3").replace("reader", "\ufeff Reader")
    assert [(one.case, one.truth, one.score) for one in read_ratings(text)] == [
        ("1", True, 2.0), ("2", False, 1.5), ("4", False, 3.0),
    ]  # fmt: skip


def test_cases_that_somebody_left_out_are_left_out_for_all() -> None:
    lines = [f"{r},{c},{m},{int(c < 3)},{c}" for r in "ab" for m in "xy" for c in range(6)]
    ratings, left = whole(read_ratings(table(*lines[:-1])))
    assert (left, ratings.scores.shape) == (1, (2, 2, 5))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["a,1,x,1"], "too few|truth of 1 or 0|takes two"),
        (["a,1,x,maybe,2"], "Row 2: it takes a reader"),
        (["a,1,x,1,high"], "Row 2: 'high' is no rating"),
        (["a,1,x,1,nan"], "Row 2: 'nan' is no rating"),
        (["a,1,x,1,2", "a,1,x,1,3"], "twice"),
        (["a,1,x,1,2", "a,1,y,0,3"], "two truths"),
        (["a,1,x,1,2", "a,2,x,0,3"], "two modalities or more"),
        (["a,1,x,1,2", "a,1,y,1,3", "a,2,x,0,2", "a,2,y,0,3"], "1 are of truth 1 and 1 of truth 0"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(lines: list[str], said: str) -> None:
    with pytest.raises(CaseError, match=said):
        whole(read_ratings(table(*lines)))


def test_a_table_without_a_column_is_refused() -> None:
    with pytest.raises(CaseError, match="lacks the column 'rating'"):
        read_ratings("reader,case,modality,truth\n")
