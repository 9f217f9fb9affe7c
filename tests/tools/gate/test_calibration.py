"""What a raw score is worth: curves from held-out answers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.packages import needs
from tools.gate.calibration import SURE, choose_curves, curve
from tools.gate.data import Sample
from tools.gate.estimator import Estimate
from tools.gate.scored import Scored, is_right, kinds_of_several
from tools.gate.verdict import Verdict

pytestmark = needs("sklearn")


ZERO = dict.fromkeys(("CT", "DX", "MR", "US", "XC", "DMS", "other"), 0.0)
THRESHOLDS = {
    "radiology": 0.5,
    "dermatology": 0.5,
    "other": 0.5,
    "modality": 0.5,
    "part": 0.8,
    "distance": 5.0,
}


def scored(truth: str, source: str, *, outside: bool = True, learned: bool = True, **scores: float) -> Scored:
    estimate = Estimate({**ZERO, **scores}, {}, 1.0)
    return Scored(Sample("x", truth, "g", source), estimate, 0, learned=learned, outside=outside)


def answers(pairs: list[tuple[float, bool]], *, outside: bool = True) -> list[tuple[float, bool, Scored]]:
    return [(raw, right, scored("CT head", "rad_a", outside=outside)) for raw, right in pairs]


def worth(table: np.ndarray, raw: float) -> float:
    return float(np.interp(raw, *table))


def test_a_curve_never_falls_and_stays_within_zero_and_one():
    rng = np.random.default_rng(3)
    raw = rng.uniform(0.5, 1, 400)
    table = curve(answers(list(zip(raw, rng.random(400) < raw, strict=True))), alone=False)
    assert (np.diff(table[0]) >= 0).all()
    assert (np.diff(table[1]) >= 0).all()
    assert 0 <= table[1].min() <= table[1].max() < 1


def test_a_curve_goes_above_nine_tenths_only_where_one_in_a_hundred_is_wrong():
    wrong_low = [(0.6 + i / 1000, i % 3 > 0) for i in range(200)]
    right_high = [(0.9 + i / 10000, True) for i in range(200)]
    table = curve(answers(wrong_low + right_high), alone=False)
    assert worth(table, 0.95) > SURE
    assert worth(table, 0.79) <= SURE
    loud_and_wrong = [(0.915, False)] * 8
    assert worth(curve(answers(wrong_low + right_high + loud_and_wrong), alone=False), 0.905) <= SURE


def test_few_answers_are_never_enough_to_be_sure():
    assert curve(answers([(0.99, True)] * 20), alone=False)[1].max() <= SURE


def test_answers_about_the_sets_learned_from_make_no_curve_sure():
    assert curve(answers([(0.99, True)] * 500, outside=False), alone=False)[1].max() <= SURE


def test_a_kind_that_one_collection_has_is_never_sure():
    assert curve(answers([(0.99, True)] * 500), alone=True)[1].max() <= SURE


def test_without_answers_every_score_is_worth_a_half():
    assert worth(curve([], alone=False), 0.97) == 0.5


def test_the_kinds_of_several_collections_are_found():
    names = [
        ("CT head", "rad_a_1"),
        ("CT head", "rad_b_1"),
        ("US breast", "rad_a_1"),
        ("US breast", "rad_a_2"),
    ]
    assert kinds_of_several([Sample("x", label, "g", source) for label, source in names]) == {"CT"}


def test_a_kind_mistaken_for_another_lowers_what_that_one_is_worth():
    right = [scored("CT head", "rad_a", CT=0.95, other=0.05) for _ in range(100)]
    mistaken = [scored("MR head", "rad_b", CT=0.95, other=0.05) for _ in range(100)]
    alone = choose_curves(right, THRESHOLDS, {"CT", "MR"})
    both = choose_curves(right + mistaken, THRESHOLDS, {"CT", "MR"})
    assert worth(alone["CT"], 0.95) > SURE
    assert worth(both["CT"], 0.95) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("domain", "modality", "truth", "right"),
    [
        ("radiology", "CT", "CT", True),
        ("radiology", "CT", "MR", False),
        ("radiology", None, "MR", True),
        ("other", None, "XC", False),
    ],
)
def test_an_answer_is_right_as_far_as_it_goes(domain, modality, truth, right):
    assert is_right(Verdict(domain, modality, None, 0.9, ""), truth) is right
