"""Scores to a verdict: clear winners, no clear winner, pictures unlike the training set."""

from __future__ import annotations

import numpy as np

from tools.gate.estimator import Estimate
from tools.gate.verdict import domain_scores, judge

THRESHOLDS = {
    "radiology": 0.7,
    "dermatology": 0.8,
    "other": 0.9,
    "modality": 0.6,
    "part": 0.8,
    "distance": 5.0,
}
# Every raw score is worth itself, but of CT it is worth half, and of MR a tenth.
SAME = np.array([[0.0, 1.0], [0.0, 1.0]])
CURVES = {name: SAME for name in ("DX", "US", "XC", "DMS", "other", "radiology", "dermatology")}
CURVES |= {"CT": np.array([[0.0, 1.0], [0.0, 0.5]]), "MR": np.array([[0.0, 1.0], [0.0, 0.1]])}
ZERO = dict.fromkeys(("CT", "DX", "MR", "US", "XC", "DMS", "other"), 0.0)


def verdict(distance: float = 1.0, parts: dict[str, float] | None = None, **scores: float):
    return judge(Estimate({**ZERO, **scores}, parts or {}, distance), THRESHOLDS, CURVES)


def test_a_clear_radiograph_is_named_with_its_part():
    told = verdict(DX=0.9, other=0.1, parts={"chest": 0.95, "limb": 0.05})
    assert (told.domain, told.modality, told.body_part, told.score) == ("radiology", "DX", "chest", 0.9)


def test_two_modalities_of_one_domain_name_the_domain_only():
    told = verdict(XC=0.42, DMS=0.48, other=0.1)
    assert (told.domain, told.modality, told.body_part) == ("dermatology", None, None)


def test_scores_that_are_not_clear_are_unknown_and_say_between_what():
    told = verdict(DX=0.55, other=0.45)
    assert (told.domain, told.modality) == ("unknown", None)
    assert told.reason.endswith("0.55 for radiology, 0.45 for neither radiology nor skin")


def test_other_needs_its_own_higher_score():
    assert verdict(other=0.85, CT=0.15).domain == "unknown"
    assert verdict(other=0.95, CT=0.05).domain == "other"


def test_each_domain_has_its_own_score_to_reach():
    assert verdict(DX=0.75, other=0.25).domain == "radiology"
    assert verdict(XC=0.75, other=0.25).domain == "unknown"


def test_a_picture_unlike_all_medical_training_pictures_is_unknown():
    told = verdict(CT=0.99, other=0.01, distance=5.1)
    assert told.domain == "unknown"
    assert "unlike" in told.reason


def test_what_is_unknown_leans_to_radiology_alone_and_only_by_more_than_half_and_when_alike():
    assert verdict(DX=0.3, CT=0.25, other=0.45).leans == "radiology"
    assert verdict(DX=0.49, other=0.31, XC=0.2).leans is None
    assert verdict(XC=0.6, other=0.4).leans is None
    assert verdict(other=0.6, DX=0.4).leans is None
    assert verdict(DX=0.6, other=0.4, distance=5.1).leans is None
    assert verdict(CT=0.99, other=0.01, distance=5.1).leans is None
    assert verdict(DX=0.9, other=0.1).leans is None


def test_distance_does_not_matter_for_what_is_not_medical():
    assert verdict(other=0.99, distance=50.0).domain == "other"


def test_an_unclear_body_part_is_not_named():
    assert verdict(CT=0.95, parts={"head": 0.5, "abdomen": 0.5}).body_part is None


def test_the_only_trained_part_of_a_modality_is_not_named():
    assert verdict(US=0.95, parts={"breast": 1.0}).body_part is None


def test_domain_scores_add_the_modalities_up():
    scores = domain_scores(Estimate({**ZERO, "CT": 0.25, "MR": 0.25, "DMS": 0.5}, {}, 0.0))
    assert scores == {"radiology": 0.5, "dermatology": 0.5, "other": 0.0}


def test_the_score_is_of_the_kind_that_is_named_and_what_it_was_worth_on_held_out_pictures():
    assert verdict(CT=0.9, DX=0.06, other=0.04).score == 0.45
    assert verdict(DX=0.9, CT=0.06, other=0.04).score == 0.9


def test_a_kind_that_was_mostly_wrong_is_not_named_but_its_domain_is():
    told = verdict(MR=0.9, CT=0.06, other=0.04, parts={"head": 1.0, "knee": 0.0})
    assert (told.domain, told.modality, told.body_part, told.score) == ("radiology", None, None, 0.96)
    assert "kind" in told.reason


def test_what_is_unknown_has_no_score():
    assert verdict(DX=0.55, other=0.45).score == 0
