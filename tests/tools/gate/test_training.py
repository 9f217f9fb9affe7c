"""The parts of training: drawings, changed copies, samples from folders, folds, thresholds, the card."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from tools.gate.augment import augment, grey, zoom
from tools.gate.card import confusion
from tools.gate.data import Sample, drawings, medical, others, read_picture
from tools.gate.drawn import KINDS, draw
from tools.gate.estimator import Estimate, Estimator
from tools.gate.figures import (
    FOLDS,
    Held,
    choose_thresholds,
    collection_folds,
    cross_validate,
    fold_of,
    leave_collections_out,
    summarise,
)
from tools.gate.fit import fit
from tools.gate.scored import Scored
from tools.gate.table import Table, build_table
from tools.gate.verdict import Verdict

RNG = np.random.default_rng(5)
HEADER = "set,path,modality,body_site,group_id,licence\n"


def photo(folder: Path, name: str, size: tuple[int, int] = (128, 128), seed: int = 0) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    tiles = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    PillowImage.fromarray(tiles).resize(size).save(path)
    return path


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_drawing_depends_on_its_seed_only(kind):
    first, again, other = draw(kind, 4), draw(kind, 4), draw(kind, 5)
    assert first.dtype == np.uint8
    assert first.shape[2] == 3
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_changed_copy_is_a_picture_and_depends_on_the_generator_only():
    pixels = draw("shapes", 1)
    one, two = (augment(pixels, np.random.default_rng(8), turns=True) for _ in range(2))
    assert np.array_equal(one, two)
    assert one.dtype == np.uint8
    assert min(one.shape[:2]) >= 16


def test_copies_differ_from_each_other():
    rng = np.random.default_rng(9)
    copies = {augment(draw("noise", 2), rng, turns=False).tobytes() for _ in range(5)}
    assert len(copies) == 5


def test_a_grey_copy_has_equal_channels():
    copy = grey(draw("window", 3))
    assert np.array_equal(copy[..., 0], copy[..., 2])


def test_a_zoomed_copy_is_smaller_but_never_below_96_pixels():
    assert zoom(np.zeros((400, 300, 3), np.uint8), RNG).shape[0] <= 240
    assert min(zoom(np.zeros((140, 140, 3), np.uint8), RNG).shape[:2]) == 96


def test_medical_samples_come_from_the_manifest_without_masks_thumbnails_and_last_test_sets(tmp_path: Path):
    (tmp_path / "manifest.csv").write_text(
        HEADER
        + "skin,a.png,dermoscopy,FACE,p1,CC0\nskin,a_mask.png,dermoscopy,FACE,p1,CC0\n"
        + "bones,b.png,X-ray,hand,p2,CC0\nood_images,c.png,photo/other,,p3,CC0\n"
        + "bones,thumbnail.png,X-ray,hand,p4,CC0\n"
    )
    for name in ("skin/a.png", "bones/b.png"):
        photo(tmp_path, name)
    photo(tmp_path, "bones/thumbnail.png", (64, 64))
    found = {(s.name, s.label, s.group, s.source) for s in medical(tmp_path)}
    assert found == {
        ("skin/a.png", "DMS skin", "skin/p1", "skin"),
        ("bones/b.png", "DX limb", "bones/p2", "bones"),
    }


def test_near_duplicate_ultrasounds_share_a_group(tmp_path: Path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        photo(tmp_path, f"us/{name}.png", (128, 128) if name == "a" else (160, 144), seed)
    rows = "".join(f"us,{name}.png,ultrasound,breast,,CC0\n" for name in "abc")
    (tmp_path / "manifest.csv").write_text(HEADER + rows)
    first, second, third = (sample.group for sample in medical(tmp_path))
    assert first == second
    assert first != third


def test_other_samples_leave_out_tiny_repeated_and_forbidden_pictures(tmp_path: Path):
    package, forbidden = tmp_path / "package", tmp_path / "forbidden"
    photo(package, "kept.png", seed=1)
    photo(package, "deep/again.png", seed=1)
    photo(package, "tiny.png", (90, 90), seed=2)
    photo(package, "famous.png", (128, 96), seed=3)
    (package / "broken.png").write_bytes(b"\x89PNG nothing")
    photo(forbidden, "famous.jpg", (200, 200), seed=3)
    samples = others([package], [forbidden])
    assert len(samples) == 1
    assert samples[0].name in ("kept.png", "deep/again.png")
    assert samples[0].source == "package"


def test_transparent_parts_take_one_shade(tmp_path: Path):
    path = tmp_path / "clear.png"
    PillowImage.new("RGBA", (40, 40), (10, 200, 30, 0)).save(path)
    shades = {tuple(read_picture(path, seed)[0, 0].tolist()) for seed in (0, 2, 7)}
    assert shades == {(255, 255, 255), (0, 0, 0), (7, 7, 7)}


@pytest.mark.process
def test_the_table_holds_the_plain_picture_first_and_changed_copies_after():
    samples = [Sample("pie 0", "other", "drawn/pie", "drawn"), Sample("noise 0", "US breast", "g", "s")]
    table = build_table(samples, processes=1)
    assert Counter(table.sample.tolist()) == {0: 4, 1: 9}
    assert table.copy[table.sample == 0].tolist() == [0, 1, 2, 3]


def made_up(count: int = 60) -> tuple[list[Sample], Table]:
    """Samples whose label is plain in their features."""
    labels = ["CT abdomen", "CT head", "XC skin", "DMS skin", "other"] * (count // 5)
    samples = [Sample(str(i), label, f"g{i // 10}-{label}", "s") for i, label in enumerate(labels)]
    places = {label: RNG.normal(0, 3, 30) for label in set(labels)}
    features = np.array([places[label] + RNG.normal(0, 0.3, 30) for label in labels], np.float32)
    features = np.repeat(features, 4, axis=0) + RNG.normal(0, 0.1, (4 * count, 30)).astype(np.float32)
    return samples, Table(features, np.repeat(np.arange(count), 4), np.tile(np.arange(4), count))


@pytest.fixture(scope="module", autouse=True)
def few_centres():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tools.gate.fit._GUARD_CENTRES", 2)
        yield


def test_no_group_is_split_between_folds():
    samples = [*drawings(), *made_up()[0]]
    folds: dict[str, set[int]] = {}
    for sample, fold in zip(samples, fold_of(samples), strict=True):
        folds.setdefault(sample.group, set()).add(int(fold))
    assert all(len(own) == 1 for own in folds.values())
    assert len(set(fold_of(samples).tolist())) == FOLDS


def test_training_twice_gives_the_same_numbers():
    pytest.importorskip("sklearn")
    samples, table = made_up()
    labels = np.array([sample.label for sample in samples])[table.sample]
    first, second = fit(table.features, labels), fit(table.features, labels)
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_what_is_plain_in_the_features_is_learned_and_what_is_far_away_is_far():
    pytest.importorskip("sklearn")
    samples, table = made_up()
    labels = np.array([sample.label for sample in samples])[table.sample]
    estimator = Estimator(fit(table.features, labels))
    near = estimator.estimate_features(table.features[0])
    assert max(near.scores, key=near.scores.__getitem__) == "CT"
    assert max(near.parts, key=near.parts.__getitem__) == "abdomen"
    assert estimator.estimate_features(table.features[0] + 40).distance > 3 * near.distance


def test_cross_validation_scores_every_sample_once():
    pytest.importorskip("sklearn")
    samples, table = made_up()
    scored = cross_validate(samples, table)
    assert Counter(one.sample.name for one in scored) == Counter(sample.name for sample in samples)


def test_thresholds_follow_what_the_wrong_pictures_reach():
    scored = [
        Scored(
            Sample(str(i), label, "g", "s"),
            Estimate({"CT": 0.8 * i / 999, "XC": 0.6 * i / 999, "other": 0.9 * i / 999}, {}, i / 500),
            fold=0,
            learned=True,
            outside=False,
        )
        for i in range(1000)
        for label in ("other", "CT head")
    ]
    chosen = choose_thresholds(scored)
    assert chosen["radiology"] == pytest.approx(0.8 * 0.997, abs=0.001)
    assert chosen["dermatology"] == pytest.approx(0.6 * 0.997, abs=0.001)
    assert chosen["other"] == pytest.approx(0.9 * 0.99, abs=0.001)
    assert chosen["distance"] == pytest.approx(1.96, abs=0.01)


def test_a_threshold_is_never_below_a_half():
    weak = Estimate({"CT": 0.1, "XC": 0.1, "other": 0.2}, {}, 1.0)
    scored = [Scored(Sample("a", label, "g", "s"), weak, 0, learned=True, outside=False)
              for label in ("other", "CT head")]  # fmt: skip
    chosen = choose_thresholds(scored)
    assert (chosen["radiology"], chosen["dermatology"], chosen["other"]) == (0.5, 0.5, 0.5)


def test_a_collection_is_left_out_whole_and_small_ones_together():
    medical = [("rad_large", 40), ("rad_small_a", 3), ("rad_tiny", 4), ("derm_two_a", 20), ("derm_two_b", 20)]
    samples = [Sample(str(i), "CT head", "g", source) for source, count in medical for i in range(count)]
    samples += [Sample(str(i), "other", "g", source) for source in "pqrs" for i in range(9)]
    fold = collection_folds(samples)
    by_source = {source: set(fold[[s.source == source for s in samples]].tolist()) for source in
                 [*dict(medical), *"pqrs"]}  # fmt: skip
    assert all(len(own) == 1 for own in by_source.values())
    assert by_source["derm_two_a"] == by_source["derm_two_b"]
    assert by_source["rad_small_a"] == by_source["rad_tiny"]
    assert by_source["rad_large"] not in (by_source["derm_two_a"], by_source["rad_tiny"])


def test_a_fit_that_left_a_collection_out_did_not_see_its_kind():
    pytest.importorskip("sklearn")
    samples, table = made_up(200)
    source = {"CT": "rad_us", "XC": "derm_x", "DMS": "derm_y", "other": "s"}
    alone = [replace(sample, source=source[sample.label.split()[0]]) for sample in samples]
    scored = leave_collections_out(alone, table)
    assert {one.learned for one in scored if one.sample.label.startswith("CT")} == {False}
    assert all(one.outside for one in scored)


def held(label: str, domain: str, modality: str | None = None, part: str | None = None) -> Held:
    return Held(Sample("x", label, "g", "s"), Verdict(domain, modality, part, 0.9, ""))  # type: ignore[arg-type]


JUDGED = [
    held("CT head", "radiology", "CT", "head"),
    held("CT head", "radiology", "MR", "abdomen"),
    held("XC skin", "dermatology", None),
    held("XC skin", "unknown"),
    held("DX chest", "other"),
    held("other", "other"),
    held("other", "dermatology", "XC", "skin"),
]


def test_the_summary_counts_what_was_answered():
    told = summarise(JUDGED)
    assert (told.medical, told.others) == (5, 2)
    assert told.unknown == pytest.approx(1 / 5)
    assert told.domain == pytest.approx(3 / 4)
    assert told.modality == pytest.approx(1 / 3)
    assert told.unnamed == pytest.approx(1 / 4)
    assert told.body_part == pytest.approx(1 / 2)
    assert told.false_alarm == pytest.approx(1 / 2)


def test_the_confusion_table_has_a_row_for_each_truth():
    lines = confusion(JUDGED)
    assert lines[0] == "| | CT | DX | MR | US | XC | DMS | other | no modality | unknown |"
    assert "| **CT** | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 0 | 0 |" in lines
    assert "| **XC** | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 1 |" in lines
