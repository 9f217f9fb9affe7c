"""Agreement held against other sources: scikit-learn, the krippendorff package, and published tables."""

import numpy as np
import pytest
from krippendorff import alpha

from assistant.teaching.agreement import cohen, fleiss, krippendorff

NAMES = ["naevus", "melanoma", "angioma"]
# Source: https://en.wikipedia.org/wiki/Fleiss%27_kappa, the worked example: 14 raters, 10 subjects, 0.210.
FLEISS = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip
# Source: Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, example C: nominal alpha 0.743.
OBSERVERS = ["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .",
             "1 2 3 3 2 4 4 1 2 5 1 ."]  # fmt: skip


def said(cases: int, learners: int, seed: int, right: float) -> list[list[str]]:
    """Learners who give the case's own name so often, and any name otherwise."""
    lots = np.random.default_rng(seed)
    truth = [NAMES[at] for at in lots.integers(3, size=cases)]
    return [
        [one if lots.random() < right else NAMES[lots.integers(3)] for _ in range(learners)] for one in truth
    ]


@pytest.mark.parametrize("seed", range(5))
def test_cohens_kappa_is_that_of_scikit_learn(seed: int) -> None:
    from sklearn.metrics import cohen_kappa_score

    grades = said(40, 2, seed, 0.6)
    found = cohen(grades)
    assert found is not None
    assert found.value == pytest.approx(cohen_kappa_score(*zip(*grades, strict=True)))
    assert found.low <= found.value <= found.high


def test_fleiss_kappa_is_that_of_the_worked_example() -> None:
    grades = [[str(at) for at, count in enumerate(row) for _ in range(count)] for row in FLEISS]
    found = fleiss(grades)
    assert found is not None
    assert round(found.value, 3) == 0.210


def test_alpha_is_that_of_the_published_example_with_gaps() -> None:
    rows = [[None if one == "." else one for one in row.split()] for row in OBSERVERS]
    found = krippendorff(list(zip(*rows, strict=True)))
    assert found is not None
    assert round(found.value, 3) == 0.743
    assert found.cases == 11


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_the_krippendorff_package_where_some_said_nothing(seed: int) -> None:
    lots = np.random.default_rng(seed)
    grades = [[one if lots.random() < 0.8 else None for one in case] for case in said(30, 5, seed, 0.5)]
    codes = [[np.nan if one is None else NAMES.index(one) for one in case] for case in grades]
    found = krippendorff(grades)
    assert found is not None
    assert found.value == pytest.approx(alpha(np.array(codes).T, level_of_measurement="nominal"))


@pytest.mark.parametrize("figure", [cohen, fleiss, krippendorff])
def test_a_blank_is_no_grade(figure: object) -> None:
    grades = said(12, 2, 3, 0.6)
    blanks = [*grades, ["", "naevus"], [" ", ""], [None, "melanoma"]]
    assert callable(figure)
    assert figure(blanks) == figure(grades)


@pytest.mark.parametrize("figure", [cohen, fleiss, krippendorff])
def test_where_all_agree_the_figure_is_one_and_its_interval_has_a_width(figure: object) -> None:
    assert callable(figure)
    found = figure([["naevus"] * 2, ["melanoma"] * 2, ["angioma"] * 2] * 3)
    assert found.value == 1.0
    assert found.low < 1.0 == found.high


@pytest.mark.parametrize("figure", [cohen, fleiss, krippendorff])
@pytest.mark.parametrize("grades", [[], [["naevus", "naevus"]] * 4, [["", None]], [["naevus", None]]])
def test_where_nobody_could_have_disagreed_there_is_no_figure(figure: object, grades: object) -> None:
    assert callable(figure)
    assert figure(grades) is None


@pytest.mark.parametrize("figure", [fleiss, krippendorff])
def test_one_learner_agrees_with_nobody(figure: object) -> None:
    assert callable(figure)
    assert figure([["naevus"], ["melanoma"]]) is None


def test_names_have_no_order() -> None:
    grades = said(20, 2, 1, 0.5)
    other = {"naevus": "zzz", "melanoma": "aaa", "angioma": "mmm"}
    renamed = [[other[one] for one in case] for case in grades]
    found, again = cohen(grades), cohen(renamed)
    assert found is not None
    assert again is not None
    assert found.value == pytest.approx(again.value)


def test_three_are_no_two() -> None:
    with pytest.raises(ValueError, match="for two"):
        cohen([["a", "b", "c"]])


def test_most_intervals_hold_the_figure_of_all_cases_there_could_be() -> None:
    # Two learners say the same of half the cases, and would by chance of a third: a fourth of the way.
    truth = 0.25
    held = []
    for seed in range(100):
        one = fleiss(said(30, 4, seed, 0.5))
        held.append(one is not None and one.low <= truth <= one.high)
    assert 88 <= sum(held) <= 100
