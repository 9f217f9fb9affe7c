"""The shipped file and the NumPy inference on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from store.errors import SetupError
from tools.gate.estimator import MODEL_FILE, fine_scores, load_estimator
from tools.gate.features import VERSION

RNG = np.random.default_rng(11)


def rewrite(folder: Path, **changes: object) -> Path:
    with np.load(MODEL_FILE, allow_pickle=False) as stored:
        numbers = {name: stored[name] for name in stored.files}
    path = folder / "gate.npz"
    np.savez(path, **{**numbers, **changes})
    return path


def test_the_shipped_file_holds_plain_numbers_and_is_small():
    with np.load(MODEL_FILE, allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "fU" for name in stored.files)
    assert MODEL_FILE.stat().st_size < 2 * 1024 * 1024


def test_the_shipped_file_is_of_the_version_that_its_card_describes():
    card = MODEL_FILE.with_name("CARD.md").read_text(encoding="utf-8")
    assert f"Version `{load_estimator().version}`" in card


def test_the_shipped_file_was_trained_on_the_features_of_this_code():
    assert str(load_estimator().numbers["features"]) == VERSION


def test_the_shipped_curves_never_fall_and_cover_every_answer():
    curves = load_estimator().curves
    assert set(curves) == {"CT", "DX", "MR", "US", "XC", "DMS", "other", "radiology", "dermatology"}
    assert all((np.diff(table) >= 0).all() and table[1].max() < 1 for table in curves.values())


def test_the_scores_add_up_to_one_and_cover_every_trained_modality():
    estimate = load_estimator().estimate(RNG.integers(0, 256, (90, 120, 3), dtype=np.uint8))
    assert set(estimate.scores) == {"CT", "DX", "MR", "US", "XC", "DMS", "other"}
    assert sum(estimate.scores.values()) == pytest.approx(1, abs=1e-4)


def test_the_same_pixels_give_the_same_estimate():
    pixels = RNG.integers(0, 256, (90, 120, 3), dtype=np.uint8)
    assert load_estimator().estimate(pixels) == load_estimator().estimate(pixels.copy())


def test_different_pictures_get_different_scores():
    dark, light = (np.tile(np.linspace(a, b, 200).astype(np.uint8)[None, :, None], (150, 1, 3))
                   for a, b in ((0, 60), (180, 255)))  # fmt: skip
    assert load_estimator().estimate(dark).scores != load_estimator().estimate(light).scores


def test_two_classifiers_that_disagree_are_averaged():
    zeros = np.zeros((1, 1))
    numbers = {
        "linear_weight": np.zeros((1, 2)),
        "linear_bias": np.array([30.0, -30.0]),
        "hidden_weight": zeros,
        "hidden_bias": np.zeros(1),
        "output_weight": np.zeros((1, 2)),
        "output_bias": np.array([-30.0, 30.0]),
    }
    assert fine_scores(np.zeros(1), numbers) == pytest.approx([0.5, 0.5])


def test_a_file_trained_on_other_features_is_refused(tmp_path: Path):
    path = rewrite(tmp_path, features=np.array("gate-features-0"))
    with pytest.raises(SetupError, match="trained on gate-features-0"):
        load_estimator(path)


def test_a_damaged_file_is_refused_with_the_way_out(tmp_path: Path):
    path = tmp_path / "gate.npz"
    path.write_bytes(MODEL_FILE.read_bytes()[:1000])
    with pytest.raises(SetupError, match=r"python -m tools\.gate\.train"):
        load_estimator(path)


def test_a_file_with_pickled_objects_is_refused(tmp_path: Path):
    path = rewrite(tmp_path, classes=np.array([{"a": 1}], object))
    with pytest.raises(SetupError):
        load_estimator(path)
