"""The built-in encoders: unit vectors that put drawn look-alikes together, whatever is thrown at them."""

from __future__ import annotations

import numpy as np
import pytest

from store.encoders import Encoder, built_in_encoders
from store.encoders.blocks import BlockEncoder, Scale, read_scale, shrink
from store.encoders.grey import GreyEncoder
from store.encoders.lesion import see_lesion
from store.encoders.skin import SkinEncoder
from tests.inputs.case_library import DARK, RED, mole, scan

ENCODERS = built_in_encoders()


@pytest.fixture(autouse=True)
def each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encode each time anew: elsewhere the same pixels are encoded once in a run of tests."""
    monkeypatch.setattr(BlockEncoder, "encode", BlockEncoder.encode.__wrapped__)


def similarity(encoder: Encoder, one: np.ndarray, other: np.ndarray) -> float:
    return float(encoder.encode(one) @ encoder.encode(other))


def odd_pictures() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    return {
        "one pixel": np.zeros((1, 1, 3), np.uint8),
        "one white column": np.full((300, 1, 3), 255, np.uint8),
        "all black": np.zeros((40, 50, 3), np.uint8),
        "all ink blue": np.full((64, 64, 3), (20, 30, 200), np.uint8),
        "very wide noise": random.integers(0, 256, (10, 3000, 3), dtype=np.uint8),
        "a ramp": np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (64, 1, 3)),
        "read-only": np.broadcast_to(np.uint8(90), (30, 30, 3)),
    }


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda e: e.name)
@pytest.mark.parametrize("name", odd_pictures())
def test_any_picture_gives_a_finite_unit_vector(encoder: Encoder, name: str) -> None:
    with np.errstate(all="raise"):
        vector = encoder.encode(odd_pictures()[name])
    assert vector.shape == (encoder.dimension,)
    assert vector.dtype == np.float32
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda e: e.name)
def test_the_same_pixels_give_the_same_vector(encoder: Encoder) -> None:
    picture = mole(3)
    assert np.array_equal(encoder.encode(picture), encoder.encode(picture.copy()))


def test_there_is_one_encoder_per_domain() -> None:
    assert {e.domain: type(e) for e in ENCODERS} == {"dermatology": SkinEncoder, "radiology": GreyEncoder}
    assert len({e.name for e in ENCODERS}) == 2
    assert all(e.space == "cosine" for e in ENCODERS)


@pytest.mark.parametrize(("encoder", "length"), [(SkinEncoder(), 162), (GreyEncoder(), 229)])
def test_features_have_the_lengths_the_scale_was_fitted_for(encoder: BlockEncoder, length: int) -> None:
    scale = read_scale(encoder.name)
    lengths = {block: len(values) for block, values in encoder.features(mole()).items()}
    assert lengths == {block: len(values) for block, values in scale.centre.items()}
    assert encoder.dimension == length
    assert all((spread > 0).all() for spread in scale.spread.values())


@pytest.mark.parametrize(
    ("encoder", "picture", "every", "numbers"),
    [
        (SkinEncoder(), mole(3), 21, [0.0521, -0.0129, 0.0092, 0.0073, -0.0285, -0.0177, -0.0486, 0.0069]),
        (GreyEncoder(), scan(3), 30, [-0.0008, -0.0522, -0.0019, -0.0122, -0.0419, 0.0892, -0.0667, -0.0938]),
    ],
)  # fmt: skip
def test_version_1_describes_a_picture_by_the_numbers_that_collections_hold(
    encoder: BlockEncoder, picture: np.ndarray, every: int, numbers: list[float]
) -> None:
    assert encoder.encode(picture)[::every] == pytest.approx(numbers, abs=2e-3)


def test_moles_of_one_colour_are_more_alike_than_moles_of_two() -> None:
    skin = SkinEncoder()
    same = similarity(skin, mole(1, DARK), mole(2, DARK))
    other = similarity(skin, mole(1, DARK), mole(2, RED))
    assert same > other + 0.3


def test_moles_of_one_size_are_more_alike_than_moles_of_two() -> None:
    skin = SkinEncoder()
    assert similarity(skin, mole(1, radius=0.3), mole(2, radius=0.32)) > 0.1 + similarity(
        skin, mole(1, radius=0.3), mole(2, radius=0.7)
    )


def test_a_mole_turned_upside_down_stays_the_same_mole() -> None:
    picture = mole(5, ragged=0.3)
    assert similarity(SkinEncoder(), picture, picture[::-1, ::-1]) > 0.95


def test_the_size_of_the_file_hardly_matters() -> None:
    small = mole(4, side=200)
    large = np.kron(small, np.ones((3, 3, 1), np.uint8))
    assert similarity(SkinEncoder(), small, large) > 0.95
    assert similarity(GreyEncoder(), small, large) > 0.95


def test_the_black_frame_of_a_dermatoscope_is_no_lesion() -> None:
    picture = mole(6, side=160)
    y, x = np.mgrid[0:160, 0:160] / 160 - 0.5
    framed = np.where(np.hypot(y, x)[..., None] > 0.56, 8, picture).astype(np.uint8)
    view = see_lesion(shrink(framed))
    assert not view.usable[0, 0]
    assert not view.inside[0, 0]
    assert view.usable[80, 80]
    assert view.inside[80, 80]


def test_pen_ink_is_not_taken_for_the_lesion() -> None:
    picture = mole(7, side=160, radius=0.3)
    inked = picture.copy()
    inked[20:30, 20:140] = (40, 40, 140)
    clean, marked = see_lesion(shrink(picture)), see_lesion(shrink(inked))
    assert not marked.usable[25, 60]
    both = (clean.inside & marked.inside).sum()
    assert 2 * both / (clean.inside.sum() + marked.inside.sum()) > 0.9


def test_the_lesion_is_found_where_it_was_drawn() -> None:
    view = see_lesion(shrink(mole(8, side=160, radius=0.5)))
    y, x = np.mgrid[0:160, 0:160] / 160 - 0.5
    drawn = np.hypot(y, x) < 0.25
    assert 2 * (view.inside & drawn).sum() / (view.inside.sum() + drawn.sum()) > 0.9


def test_scans_of_one_shape_are_more_alike_than_scans_of_two() -> None:
    grey = GreyEncoder()
    assert similarity(grey, scan(1), scan(2)) > similarity(grey, scan(1), scan(2, wide=True)) + 0.3


def test_another_window_changes_a_scan_less_than_another_body() -> None:
    grey = GreyEncoder()
    darker = (scan(1) * 0.8).astype(np.uint8)
    assert similarity(grey, scan(1), darker) > similarity(grey, scan(1), scan(1, wide=True)) + 0.05


def test_every_block_has_the_same_say_whatever_its_length() -> None:
    scale = Scale(
        {"short": np.zeros(1, np.float32), "long": np.zeros(100, np.float32)},
        {"short": np.ones(1, np.float32), "long": np.ones(100, np.float32)},
    )
    vector = scale.join({"short": np.ones(1), "long": np.ones(100)})
    assert vector[0] ** 2 == pytest.approx((vector[1:] ** 2).sum(), rel=1e-5)


def test_one_extreme_feature_cannot_drown_the_others() -> None:
    scale = Scale({"a": np.zeros(2, np.float32)}, {"a": np.ones(2, np.float32)})
    vector = scale.join({"a": np.array([1e9, 1.0])})
    assert vector[0] / vector[1] == pytest.approx(3.0)


def test_a_perfectly_typical_picture_still_has_a_direction() -> None:
    scale = Scale({"a": np.zeros(2, np.float32)}, {"a": np.ones(2, np.float32)})
    assert np.linalg.norm(scale.join({"a": np.zeros(2)})) == 1.0
