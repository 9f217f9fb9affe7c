"""Balanced accuracy with interval, temperature, and calibration, against what can be worked out otherwise."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from sklearn.metrics import balanced_accuracy_score

from tools.few_shot.measures import Figures, balanced, calibration, measure, temperature
from tools.intervals import Z95, wilson


def made_up(n: int = 900, *, sharp: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are calibrated when `sharp` is 1: labels are drawn from their softmax."""
    random = np.random.default_rng(1)
    logits = random.normal(0, 1.5, (n, 3))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([random.choice(3, p=share) for share in shares])
    return logits * sharp, truth


def test_balanced_accuracy_is_the_one_of_scikit_learn() -> None:
    logits, truth = made_up()
    each = np.arange(len(truth))
    figures = measure(logits, truth, each, each % 5, 3)
    assert figures.balanced_accuracy == pytest.approx(balanced_accuracy_score(truth, logits.argmax(axis=1)))
    assert figures.low < figures.balanced_accuracy < figures.high
    assert sum(map(sum, figures.confusion)) == figures.n == 900
    assert figures.chance == pytest.approx(1 / 3)


def test_a_label_that_a_resample_lacks_does_not_count() -> None:
    with np.errstate(all="raise"):
        assert balanced(np.array([[3.0, 1.0], [0.0, 0.0]])) == pytest.approx(0.75)


def test_few_groups_give_a_wider_interval_than_as_many_single_cases() -> None:
    logits, truth = made_up(300)
    logits, truth = np.repeat(logits, 3, axis=0), np.repeat(truth, 3)
    rows = np.arange(900)
    single = measure(logits, truth, rows, rows % 5, 3)
    grouped = measure(logits, truth, rows // 3, rows // 3 % 5, 3)
    assert grouped.balanced_accuracy == single.balanced_accuracy
    assert grouped.high - grouped.low > 1.4 * (single.high - single.low)
    assert grouped.groups == tuple(int((truth == i).sum() / 3) for i in range(3))


@pytest.mark.parametrize(("sharp", "found"), [(0.5, 1.0), (1.0, 1.0), (3.0, 3.0)])
def test_the_temperature_undoes_too_sharp_scores_and_sharpens_none(sharp: float, found: float) -> None:
    logits, truth = made_up(3_000, sharp=sharp)
    assert temperature(logits, truth) == pytest.approx(found, rel=0.1)


def test_true_scores_are_called_calibrated_and_boasting_ones_are_not() -> None:
    random = np.random.default_rng(2)
    scores = random.uniform(0.3, 0.9, 2_000)
    right = random.uniform(size=2_000) < scores
    bins, good = calibration(scores, right)
    assert good
    assert [one.count for one in bins] == [400] * 5
    assert not calibration(np.minimum(scores + 0.15, 1), right)[1]


def test_a_curve_of_too_few_wrong_answers_is_never_called_calibrated() -> None:
    random = np.random.default_rng(2)
    scores = random.uniform(0.3, 0.9, 300)
    right = random.uniform(size=300) < scores
    bins, good = calibration(scores, right)
    assert not good
    assert all(one.low < one.right < one.high for one in bins)


def softmax(logits: np.ndarray) -> np.ndarray:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def test_the_confusion_has_a_row_per_label_and_a_column_per_answer() -> None:
    logits = np.array([[2.0, 0, 0], [0, 2, 0], [0, 2, 0], [0, 2, 0], [0, 0, 2], [2, 0, 0]])
    truth, groups = np.array([0, 0, 0, 1, 2, 2]), np.array([0, 0, 1, 1, 2, 3])
    figures = measure(logits, truth, groups, np.array([0, 0, 1, 1, 0, 1]), 3)
    assert figures.confusion == ((1, 2, 0), (0, 1, 0), (1, 0, 1))
    assert figures.cases == (3, 1, 2)
    assert figures.groups == (2, 1, 2)
    assert figures.balanced_accuracy == pytest.approx((1 / 3 + 1 + 1 / 2) / 3)
    assert figures.temperature == temperature(logits, truth)


def test_a_fold_is_scored_with_the_temperature_of_the_others() -> None:
    logits, truth = made_up(600)
    folds = np.arange(600) % 3
    logits[folds == 0] *= 4
    figures = measure(logits, truth, np.arange(600), folds, 3)
    scores = np.zeros(600)
    for fold in range(3):
        others = temperature(logits[folds != fold], truth[folds != fold])
        scores[folds == fold] = softmax(logits[folds == fold] / others).max(axis=1)
    right = logits.argmax(axis=1) == truth
    bins = np.array_split(np.argsort(scores), 5)
    assert [one.score for one in figures.bins] == pytest.approx([scores[rows].mean() for rows in bins])
    assert [one.right for one in figures.bins] == pytest.approx([right[rows].mean() for rows in bins])
    assert figures.calibrated == calibration(scores, right)[1]


def test_raising_all_logits_of_a_case_changes_nothing() -> None:
    logits, truth = made_up(300, sharp=3.0)
    rows = np.arange(300)
    plain = measure(logits, truth, rows, rows % 5, 3)
    raised = measure(logits + 20_000 + 100 * rows[:, None], truth, rows, rows % 5, 3)
    assert raised.temperature == pytest.approx(plain.temperature, rel=1e-3)
    assert [one.score for one in raised.bins] == pytest.approx([one.score for one in plain.bins], rel=1e-3)


def test_the_temperature_has_the_least_log_loss_of_all() -> None:
    logits, truth = made_up(400, sharp=4.0)
    tried = np.linspace(1, 20, 1_901)
    losses = [-np.log(softmax(logits / t)[np.arange(400), truth]).mean() for t in tried]
    assert temperature(logits, truth) == pytest.approx(tried[int(np.argmin(losses))], abs=0.02)


def test_the_temperature_stays_between_one_and_twenty() -> None:
    sure = np.array([[9.0, 0.0], [0.0, 9.0]] * 20)
    truth = np.array([0, 1] * 20)
    assert temperature(sure, truth) == pytest.approx(1, abs=1e-4)
    assert temperature(sure, 1 - truth) == pytest.approx(np.exp(3), rel=1e-4)


def test_the_interval_of_independent_cases_is_about_the_normal_one() -> None:
    # Of 400 cases of either label 300 and 240 are recognised.
    truth = np.repeat([0, 1], 400)
    said = np.array([0] * 300 + [1] * 100 + [1] * 240 + [0] * 160)
    rows = np.arange(800)
    figures = measure(np.eye(2)[said], truth, rows, rows % 5, 2)
    half = 1.96 * (0.75 * 0.25 / 400 + 0.6 * 0.4 / 400) ** 0.5 / 2
    assert figures.low == pytest.approx(0.675 - half, abs=0.05 * half)
    assert figures.high == pytest.approx(0.675 + half, abs=0.05 * half)
    assert measure(np.eye(2)[said], truth, rows, rows % 5, 2) == figures


def test_the_interval_of_few_cases_of_one_label_is_the_binomial_one() -> None:
    said, rows = np.array([0] * 16 + [1] * 8), np.arange(24)
    figures = measure(np.eye(2)[said], np.zeros(24, int), rows, rows % 5, 2)
    exact = binom.ppf([0.025, 0.975], 24, 16 / 24) / 24
    assert (figures.low, figures.high) == pytest.approx(tuple(exact))


def test_one_group_has_the_interval_of_one_group_and_not_of_its_cases() -> None:
    figures = measure(np.eye(2)[[0, 1, 1, 0]], np.array([0, 1, 0, 1]), np.zeros(4, int), np.arange(4) % 2, 2)
    assert figures.balanced_accuracy == 0.5
    assert figures.low < 0.1
    assert figures.high > 0.9


def test_many_tables_are_balanced_at_once() -> None:
    tables = np.array([[[3.0, 1.0], [2.0, 2.0]], [[0.0, 0.0], [1.0, 3.0]]])
    assert balanced(tables).tolist() == [0.625, 0.75]


def alternating(score: float, right: int, wrong: int) -> tuple[np.ndarray, np.ndarray]:
    """Cases of one score, right and wrong spread evenly over them."""
    answers = (np.arange(right + wrong) * right) % (right + wrong) < right
    return np.full(right + wrong, score), answers


@pytest.mark.parametrize(
    ("right", "wrong", "good"),
    [(200, 200, True), (199, 200, False), (200, 199, False), (1_900, 100, False), (100, 1_900, False)],
)
def test_scores_are_called_calibrated_from_two_hundred_right_and_as_many_wrong_answers(
    right: int, wrong: int, good: bool
) -> None:
    assert calibration(*alternating(right / (right + wrong), right, wrong))[1] is good


@pytest.mark.parametrize(("score", "good"), [(0.37, True), (0.63, True), (0.35, False), (0.65, False)])
def test_each_bin_is_held_against_its_interval_of_99_percent(score: float, good: bool) -> None:
    # 40 of 80 right: 0.5 ± 0.107 at 95 %, ± 0.138 at 99 %.
    assert calibration(*alternating(score, 200, 200))[1] is good


def test_one_bin_that_is_off_is_enough_to_call_the_scores_not_calibrated() -> None:
    random = np.random.default_rng(2)
    scores = np.sort(random.uniform(0.3, 0.9, 2_000))
    right = random.uniform(size=2_000) < scores
    assert calibration(scores, right)[1]
    right[:400] = random.uniform(size=400) < 0.8
    assert not calibration(scores, right)[1]


def test_a_bin_holds_a_fifth_of_the_cases_lowest_scores_first() -> None:
    scores = np.array([0.9, 0.1, 0.5, 0.3, 0.7, 0.95, 0.15, 0.55, 0.35, 0.75])
    right = np.array([True, False, True, False, True, True, False, False, False, False])
    bins, _ = calibration(scores, right)
    assert [one.score for one in bins] == pytest.approx([0.125, 0.325, 0.525, 0.725, 0.925])
    assert [one.right for one in bins] == [0, 0, 0.5, 0.5, 1]
    assert [one.count for one in bins] == [2] * 5
    assert [(one.low, one.high) for one in bins] == [wilson(one.right, 2, Z95) for one in bins]


def test_cases_of_one_score_stay_in_their_order() -> None:
    scores = np.tile([0.6, 0.3], 100)
    right = np.arange(200) < 100
    # Of the hundred cases at 0.3 the first fifty are right, and so of those at 0.6; a bin holds forty.
    assert [one.right for one in calibration(scores, right)[0]] == [1, 0.25, 0.5, 0.75, 0]


def test_bins_without_a_case_are_left_out() -> None:
    assert len(calibration(np.array([0.2, 0.4, 0.6]), np.array([True, False, True]))[0]) == 3


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)],
)
def test_wilson_s_interval_is_the_published_one(right: int, count: int, low: float, high: float) -> None:
    # Source: `scipy.stats.binomtest(right, count).proportion_ci(method="wilson")`.
    assert wilson(right / count, count, Z95) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500), st.floats(0, 1), st.floats(0.1, 5))
def test_wilson_s_interval_holds_its_share_within_0_and_1_and_has_a_width(
    count: int, share: float, z: float
) -> None:
    low, high = wilson(share, count, z)
    assert 0 <= low < high <= 1
    assert low <= share + 1e-12 and high >= share - 1e-12


def test_figures_survive_json() -> None:
    logits, truth = made_up(60)
    rows = np.arange(60)
    figures = measure(logits, truth, rows // 2, rows % 5, 3)
    assert Figures.from_json(json.loads(json.dumps(asdict(figures)))) == figures


def of_labels(*, groups_of: tuple[int, int], cases: int) -> Figures:
    """The figures of a head that is always right, on two labels with so many groups of so many cases."""
    labels = np.repeat([0, 1], groups_of)
    truth = np.repeat(labels, cases)
    rows = np.repeat(np.arange(len(labels)), cases)
    return measure(np.eye(2)[truth] * 4, truth, rows, rows % 5, 2)


def test_a_head_that_never_errs_is_as_sure_as_its_groups_allow() -> None:
    found = of_labels(groups_of=(10, 10), cases=11)
    assert (found.n, found.balanced_accuracy, found.high) == (220, 1.0, 1.0)
    # Wilson's interval of twenty groups: 20 / (20 + 1.96²).
    assert found.low == pytest.approx(20 / (20 + 1.96**2), abs=1e-4)


def test_many_groups_of_one_label_do_not_make_up_for_few_of_another() -> None:
    few, many = of_labels(groups_of=(10, 10), cases=2), of_labels(groups_of=(10, 200), cases=2)
    # Two labels, four over the sum of 1/10 and 1/200: as sure as 38 groups.
    count = 4 / (1 / 10 + 1 / 200)
    assert many.low == pytest.approx(count / (count + 1.96**2), abs=1e-4)
    assert few.low < many.low < 210 / (210 + 1.96**2)


def test_groups_that_have_both_labels_count_once() -> None:
    truth = np.tile([0, 1], 20)
    rows = np.repeat(np.arange(20), 2)
    found = measure(np.eye(2)[truth] * 4, truth, rows, rows % 5, 2)
    assert found.low == pytest.approx(20 / (20 + 1.96**2), abs=1e-4)


@pytest.mark.parametrize(("labels", "there"), [(3, 3), (4, 4), (2, 1), (3, 2)])
def test_every_label_that_has_cases_makes_a_head_that_never_errs_surer(labels: int, there: int) -> None:
    truth = np.repeat(np.arange(there), 10)
    rows = np.arange(len(truth))
    found = measure(np.eye(labels)[truth] * 4, truth, rows, rows % 5, labels)
    groups = 10 * there
    assert (found.low, found.high) == pytest.approx((groups / (groups + 1.96**2), 1), abs=1e-4)
