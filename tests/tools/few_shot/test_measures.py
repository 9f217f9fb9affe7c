"""Balanced accuracy with interval, temperature, and calibration, against what can be worked out otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from tools.few_shot.measures import balanced, calibration, measure, temperature


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
