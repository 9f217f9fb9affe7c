"""What a collection says about itself, against counts done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from store.cases.quality import Quality, measure_quality, nearest_elsewhere, precision_at_k


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def clusters(per_label: int, labels: int = 2, noise: float = 0.1) -> tuple[np.ndarray, list[str], list[str]]:
    random = np.random.default_rng(0)
    centres = np.eye(labels, 8)
    names = [i % labels for i in range(per_label * labels)]
    points = unit(centres[names] + random.normal(0, noise, (len(names), 8)))
    return points, [f"label {n}" for n in names], [f"group {i}" for i in range(len(names))]


def test_the_nearest_of_other_groups_are_found_exactly() -> None:
    points, _, groups = clusters(150)
    groups[1] = groups[0]
    order, similarity = nearest_elsewhere(points, groups, 3)
    full = points @ points.T
    for i in (0, 1, 77, 299):
        allowed = [j for j in range(300) if groups[j] != groups[i]]
        best = sorted(allowed, key=lambda j, i=i: -full[i, j])[:3]
        assert similarity[i] == pytest.approx(full[i, best], abs=1e-6)
        assert set(order[i]) == set(best)


def test_a_group_never_vouches_for_itself() -> None:
    points = unit(np.array([[1, 0], [1, 0.001], [0, 1], [0.1, 1]]))
    order, _ = nearest_elsewhere(points, ["a", "a", "b", "c"], 1)
    assert order[0, 0] == 3
    assert order[1, 0] == 3


def test_missing_neighbours_are_marked_and_not_counted() -> None:
    points = unit(np.array([[1.0, 0], [0.9, 0.1], [0, 1]]))
    order, _ = nearest_elsewhere(points, ["a", "a", "b"], 3)
    assert order.tolist()[0] == [2, -1, -1]
    assert set(order.tolist()[2]) == {0, 1, -1}
    precision, _ = precision_at_k(order, ["x", "x", "x"], ["a", "a", "b"])
    assert precision == 1.0


def test_precision_and_chance_match_a_count_by_hand() -> None:
    labels, groups = ["x", "x", "y", "y"], ["a", "b", "c", "c"]
    order = np.array([[1, 2], [0, 2], [0, 1], [0, 1]])
    precision, chance = precision_at_k(order, labels, groups)
    assert precision == pytest.approx(2 / 8)
    # x: 1 of 3 others; y: its only partner is of its own group.
    assert chance == pytest.approx((1 / 3 + 1 / 3 + 0 + 0) / 4)


def test_clear_clusters_measure_well_above_chance() -> None:
    quality = measure_quality(*clusters(30))
    assert quality is not None
    assert quality.precision == 1.0
    assert quality.chance == pytest.approx(29 / 59)
    assert quality.queries == 60


def test_shuffled_labels_measure_at_chance() -> None:
    points, labels, groups = clusters(300)
    np.random.default_rng(1).shuffle(labels)
    quality = measure_quality(points, labels, groups)
    assert quality is not None
    assert quality.precision == pytest.approx(quality.chance, abs=0.05)


def test_pictures_of_one_patient_do_not_flatter_the_measurement() -> None:
    random = np.random.default_rng(2)
    patients = unit(random.normal(size=(30, 8)))
    points = unit(np.repeat(patients, 4, axis=0) + random.normal(0, 1e-3, (120, 8)))
    labels = [str(i % 2) for i in range(30) for _ in range(4)]
    by_patient = measure_quality(points, labels, [f"p{i // 4}" for i in range(120)])
    by_picture = measure_quality(points, labels, [str(i) for i in range(120)])
    assert by_patient is not None
    assert by_picture is not None
    assert by_patient.precision < 0.65
    assert by_picture.precision > 0.75


@pytest.mark.parametrize(
    ("labels", "groups"),
    [
        (["x", "y"] * 9, [str(i) for i in range(18)]),
        (["x"] * 30, [str(i) for i in range(30)]),
        (["x"] * 29 + ["y"], [str(i) for i in range(30)]),
        (["x", "y"] * 30, [str(i // 6) for i in range(60)]),
    ],
    ids=["too few groups", "one label", "a label seen once", "many pictures of few patients"],
)
def test_a_collection_that_cannot_be_measured_says_none(labels: list[str], groups: list[str]) -> None:
    points = unit(np.random.default_rng(0).normal(size=(len(labels), 4)))
    assert measure_quality(points, labels, groups) is None


def test_near_is_what_the_sixth_neighbour_of_nineteen_in_twenty_cases_reaches() -> None:
    points, labels, groups = clusters(100, noise=0.3)
    quality = measure_quality(points, labels, groups)
    assert quality is not None
    _, similarity = nearest_elsewhere(points, groups, 6)
    assert (similarity[:, 5] >= quality.near).mean() == pytest.approx(0.95, abs=0.01)


def test_a_large_collection_is_measured_on_the_same_sample_every_time() -> None:
    points, labels, groups = clusters(1_500, noise=1.0)
    first, second = (measure_quality(points, labels, groups) for _ in range(2))
    assert first is not None
    assert first.queries == 2_000
    assert first == second


def test_a_collection_with_every_picture_twice_does_not_call_everything_else_far() -> None:
    points, labels, groups = clusters(60, noise=0.3)
    once = measure_quality(points, labels, groups)
    twice = measure_quality(
        np.repeat(points, 2, axis=0),
        [label for label in labels for _ in range(2)],
        [f"group {i}" for i in range(2 * len(groups))],
    )
    assert once is not None
    assert twice is not None
    assert twice.near < 0.99


def mixed() -> tuple[np.ndarray, list[str], list[str], list[str]]:
    """Two modalities far apart, each with two labels that their vectors do not tell apart."""
    random = np.random.default_rng(1)
    kinds = ["US"] * 60 + ["DX"] * 60
    points = unit(np.eye(8)[[0 if kind == "US" else 1 for kind in kinds]] + random.normal(0, 0.05, (120, 8)))
    labels = [f"{kind} {row % 2}" for row, kind in enumerate(kinds)]
    return points, labels, [f"group {row}" for row in range(120)], kinds


def test_telling_modalities_apart_is_no_merit() -> None:
    points, labels, groups, kinds = mixed()
    together, apart = measure_quality(points, labels, groups), measure_quality(points, labels, groups, kinds)
    assert together is not None
    assert apart is not None
    assert together.chance < 0.27 < apart.chance == pytest.approx(29 / 59)
    assert apart.precision == pytest.approx(apart.chance, abs=0.1)


def test_look_alikes_of_another_modality_do_not_count_where_pictures_lie_side_by_side() -> None:
    points, sides, groups = clusters(60)
    kinds = [("US", "DX")[row // 2 % 2] for row in range(120)]
    labels = [f"{kind} {side}" for kind, side in zip(kinds, sides, strict=True)]
    quality = measure_quality(points, labels, groups, kinds)
    assert quality is not None
    assert quality.precision == 1.0
    _, similarity = nearest_elsewhere(points, groups, 6, kinds=kinds)
    assert quality.near == pytest.approx(np.percentile(similarity[:, 5], 5))


def test_a_collection_of_one_label_in_each_modality_cannot_be_measured() -> None:
    points, _, groups, kinds = mixed()
    assert measure_quality(points, kinds, groups, kinds) is None


def test_the_nearest_are_of_the_same_modality() -> None:
    points, _, groups, kinds = mixed()
    order, _ = nearest_elsewhere(points, groups, 70, kinds=kinds)
    assert {kinds[other] for other in order[0] if other >= 0} == {"US"}
    assert (order[0] >= 0).sum() == 59


def test_neighbours_are_nearest_first_and_only_of_the_rows_asked_for() -> None:
    points = unit(np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0, 1], [-1, 0]]))
    groups = ["a", "b", "c", "d", "e"]
    order, similarity = nearest_elsewhere(points, groups, 3, np.array([3, 0]))
    assert order[:, :2].tolist() == [[2, 1], [1, 2]]
    assert similarity == pytest.approx(np.array([[0.8, 0.6, 0.0], [0.8, 0.6, 0.0]]), abs=1e-6)
    assert (order.dtype, similarity.dtype) == (np.int64, np.float32)


def test_more_neighbours_than_cases_are_as_many_as_there_are_and_minus_one() -> None:
    points = unit(np.array([[1, 0], [0.8, 0.6]]))
    order, similarity = nearest_elsewhere(points, ["a", "b"], 6)
    assert order.tolist() == [[1, -1], [0, -1]]
    assert similarity == pytest.approx(np.array([[0.8, -1], [0.8, -1]]), abs=1e-6)


def test_rows_beyond_the_first_chunk_are_looked_up_like_the_first() -> None:
    points, _, groups = clusters(300, noise=0.5)
    every, similarity = nearest_elsewhere(points, groups, 4)
    assert every.shape == similarity.shape == (600, 4)
    for row in (0, 255, 256, 511, 512, 599):
        alone, _ = nearest_elsewhere(points, groups, 4, np.array([row]))
        assert alone.tolist() == [every[row].tolist()]


def test_precision_and_chance_are_of_the_rows_asked_for() -> None:
    labels, groups = ["x", "y", "x", "y"], ["a", "b", "c", "d"]
    order = np.array([[0, 1], [3, -1]])
    precision, chance = precision_at_k(order, labels, groups, np.array([2, 1]))
    assert precision == pytest.approx(2 / 3)
    assert chance == pytest.approx(1 / 3)


def test_where_all_cases_are_one_group_there_is_nothing_to_find() -> None:
    assert precision_at_k(np.array([[-1], [-1]]), ["x", "x"], ["a", "a"]) == (0.0, 0.0)


def test_twenty_groups_and_two_labels_seen_twice_are_enough() -> None:
    points = unit(np.random.default_rng(0).normal(size=(20, 4)))
    groups = [str(i) for i in range(20)]
    labels = ["x", "x", "y", "y", *(f"once {i}" for i in range(16))]
    assert measure_quality(points, labels, groups) is not None
    assert measure_quality(points[:19], labels[:19], groups[:19]) is None


def test_a_collection_s_figures_are_those_of_its_six_nearest() -> None:
    points, labels, groups = clusters(50, noise=0.6)
    order, similarity = nearest_elsewhere(points, groups, 6)
    precision, chance = precision_at_k(order, labels, groups)
    assert measure_quality(points, labels, groups) == Quality(
        precision, chance, float(np.percentile(similarity[:, 5], 5)), 100
    )


def test_two_thousand_cases_are_all_looked_up_and_of_more_a_sample_like_the_whole() -> None:
    points, labels, groups = clusters(1_250, noise=0.7)
    all_of_2_000 = measure_quality(points[:2_000], labels[:2_000], groups[:2_000])
    order, _ = nearest_elsewhere(points[:2_000], groups[:2_000], 6)
    assert all_of_2_000 is not None
    assert all_of_2_000.precision == precision_at_k(order, labels[:2_000], groups[:2_000])[0]
    sample = measure_quality(points, labels, groups)
    order, similarity = nearest_elsewhere(points, groups, 6)
    assert sample is not None and sample.queries == 2_000
    assert sample.precision == pytest.approx(precision_at_k(order, labels, groups)[0], abs=0.01)
    assert sample.near == pytest.approx(np.percentile(similarity[:, 5], 5), abs=0.01)


@pytest.mark.parametrize("count", [1, 2, 25])
def test_however_many_are_asked_for_they_are_the_nearest_of_all(count: int) -> None:
    points, _, groups = clusters(300, noise=1.0)
    _, similarity = nearest_elsewhere(points, groups, count)
    full = points @ points.T
    np.fill_diagonal(full, -1)
    assert similarity == pytest.approx(-np.sort(-full, axis=1)[:, :count], abs=1e-6)


def test_a_single_neighbour_is_all_the_precision_there_is() -> None:
    assert precision_at_k(np.array([[1, -1], [-1, -1]]), ["x", "x"], ["a", "b"])[0] == 1


@pytest.mark.parametrize("short", ["labels", "groups", "kinds"])
def test_labels_groups_and_kinds_that_do_not_match_are_refused(short: str) -> None:
    points, labels, groups = clusters(30)
    given = {"labels": labels, "groups": groups, "kinds": ["US"] * 60}
    given[short] = given[short][:-1]
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        measure_quality(points, **given)
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        precision_at_k(np.zeros((len(given["labels"]), 1), np.int64), **given)


@pytest.mark.parametrize("short", ["labels", "groups"])
def test_labels_and_groups_that_do_not_match_are_refused_without_kinds_too(short: str) -> None:
    points, labels, groups = clusters(30)
    given = {"labels": labels, "groups": groups}
    given[short] = given[short][:-1]
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        measure_quality(points, **given)
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        precision_at_k(np.zeros((len(given["labels"]), 1), np.int64), **given)
