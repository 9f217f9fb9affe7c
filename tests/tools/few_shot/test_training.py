"""Training: which cases, which labels, when it refuses, and that a group is never on both sides."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from store.errors import CaseError, SetupError
from tests.inputs.few_shot_heads import Clouds, head
from tools.few_shot.head import HeadShelf
from tools.few_shot.training import STEPS, _fit, train


def run(tmp_path: Path, clouds: Clouds, *labels: str, name: str = "x", collection: str = "clouds") -> None:
    train(clouds, HeadShelf(tmp_path), name, collection, labels)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [2, 3])
def test_numpy_scores_as_scikit_learn_does(count: int) -> None:
    clouds = Clouds(36, labels=("a", "b", "c")[:count])
    truth = np.array([sorted(set(clouds.labels)).index(label) for label in clouds.labels])
    weights, bias = _fit(clouds.x, truth)
    logits = clouds.x @ weights.T + bias
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=2_000).fit(clouds.x, truth)
    assert np.abs(shares - model.predict_proba(clouds.x)).max() < 1e-4


def test_labels_that_look_different_are_told_apart_and_others_are_not() -> None:
    assert head().figures.low > 0.8
    lost = head(clouds=Clouds(apart=0.0)).figures
    assert lost.low < lost.chance < lost.high


def test_what_only_tells_the_group_does_not_help() -> None:
    """Each group has a mark of its own; whoever splits by case learns the marks."""
    clouds = Clouds(24, apart=0.0)
    random = np.random.default_rng(3)
    marks = np.repeat(random.normal(0, 1, (24, 200)), 2, axis=0)
    marks += random.normal(0, 0.05, marks.shape)
    clouds.x = (marks / np.linalg.norm(marks, axis=1, keepdims=True)).astype(np.float32)
    assert head(clouds=clouds).figures.low < 0.5
    clouds.groups = [f"case {i}" for i in range(48)]
    assert head(clouds=clouds).figures.low > 0.7


def test_capitals_make_no_other_label() -> None:
    clouds = Clouds()
    clouds.labels[0] = "NEVUS"
    assert head(clouds=clouds).labels == ("nevus", "wart")
    assert head(clouds=clouds).figures.cases == (24, 24)


def test_chosen_labels_leave_the_others_out(tmp_path: Path) -> None:
    clouds = Clouds(36, labels=("a", "b", "c"))
    run(tmp_path, clouds, "C", "a")
    made = HeadShelf(tmp_path).read("x")
    assert made.labels == ("c", "a")
    assert len(made.ids) == 48
    assert made.answer(made.vectors[0]).scores["a"] > 0.5


def test_too_few_groups_of_a_label_are_refused_with_the_count(tmp_path: Path) -> None:
    clouds = Clouds(24)
    for i in range(2, 8):
        clouds.labels[i] = "rare"
    with pytest.raises(CaseError, match="“rare” has 3; every label takes 10"):
        run(tmp_path, clouds)
    assert not list(tmp_path.iterdir())


def test_many_cases_of_one_patient_are_one_group(tmp_path: Path) -> None:
    clouds = Clouds(24)
    clouds.groups = [f"group {label} {i % 3}" for i, label in enumerate(clouds.labels)]
    with pytest.raises(CaseError, match="Too few groups"):
        run(tmp_path, clouds)


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (("nevus", "moon"), "No case has the label 'moon'. Labels: nevus, wart"),
        (("nevus",), "at least two"),
    ],
)
def test_labels_that_cannot_be_used_are_told(tmp_path: Path, labels: tuple[str, ...], says: str) -> None:
    with pytest.raises(CaseError, match=says):
        run(tmp_path, Clouds(), *labels)


def test_more_labels_than_a_table_shows_are_refused(tmp_path: Path) -> None:
    clouds = Clouds(24)
    clouds.labels = [f"l{i % 24}" for i in range(48)]
    with pytest.raises(CaseError, match="24 labels; a classifier takes at most 20"):
        run(tmp_path, clouds)


def test_an_unknown_collection_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"no collection 'moon'.*clouds \(dermatology, 48 cases\)"):
        run(tmp_path, Clouds(), collection="moon")


def test_without_scikit_learn_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.model_selection", None)
    with pytest.raises(SetupError, match=r"comes with: make models \(or pip install -c"):
        run(tmp_path, Clouds())


def test_a_head_is_kept_with_card_and_pictures(tmp_path: Path) -> None:
    run(tmp_path, Clouds())
    kept = {path.name for path in (tmp_path / "x").iterdir()}
    assert kept == {"head.npz", "head.json", "CARD.md", "confusion.png", "calibration.png"}


def test_every_training_of_a_head_is_told_when_it_is_done(tmp_path: Path) -> None:
    done: list[int] = []
    train(Clouds(), HeadShelf(tmp_path), "spots", "clouds", progress=done.append)  # type: ignore[arg-type]
    assert done == [*range(1, STEPS + 1)]
