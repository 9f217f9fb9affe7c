from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from store.errors import SetupError
from tests.packages import needs
from tools.models.encoders.clip_pictures import ClipPictures
from tools.models.stand_ins import clip

pytestmark = needs("torch")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip.build(tmp_path_factory.mktemp("pubmedclip"))


def noise(height: int, width: int, *, grey: bool = False) -> np.ndarray:
    drawn = np.random.default_rng(height * width).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return np.ascontiguousarray(np.repeat(drawn[..., :1], 3, axis=2)) if grey else drawn


SIZES = [(224, 224), (225, 224), (512, 300), (301, 997), (40, 90), (7, 100), (1000, 63), (1, 1), (3, 4)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("grey", [False, True])
def test_pictures_are_prepared_to_the_bit_as_by_the_librarys_pillow_backend(
    checkpoint: Path, size: tuple[int, int], grey: bool
) -> None:
    import torch
    from PIL import Image
    from transformers import CLIPImageProcessorPil

    pixels = noise(*size, grey=grey)
    reference = CLIPImageProcessorPil.from_pretrained(checkpoint)
    expected = reference(Image.fromarray(pixels), return_tensors="pt")["pixel_values"]
    pictures = ClipPictures.of(checkpoint, system="pubmedclip")
    assert torch.equal(pictures.tensor([pictures.square(pixels)]), expected)


def test_a_strip_of_one_row_stays_small() -> None:
    pictures = ClipPictures()
    assert pictures.square(noise(1, 60_000)).shape == (224, 224, 3)
    assert pictures.square(noise(30_000, 2)).shape == (224, 224, 3)


def test_the_centre_of_a_strip_is_what_is_seen() -> None:
    strip = np.zeros((10, 1000, 3), np.uint8)
    strip[:, 480:520] = 200
    assert ClipPictures().square(strip).min() == 200


def test_padding_keeps_the_borders_that_the_crop_loses() -> None:
    wide = np.zeros((200, 600, 3), np.uint8)
    wide[:, :40] = 255
    assert ClipPictures().square(wide).max() == 0
    padded = ClipPictures(pad=True).square(wide)
    assert padded.shape == (224, 224, 3)
    assert padded[112, 5].min() == 255
    assert padded[20, 5].max() == 0


def test_padding_does_nothing_to_a_square() -> None:
    square = noise(300, 300)
    assert np.array_equal(ClipPictures(pad=True).square(square), ClipPictures().square(square))


def test_old_and_new_settings_mean_the_same(checkpoint: Path, tmp_path: Path) -> None:
    settings = json.loads((checkpoint / "preprocessor_config.json").read_text())
    assert settings["size"] == 224
    settings |= {"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(settings))
    assert ClipPictures.of(tmp_path, system="x") == ClipPictures.of(checkpoint, system="x") == ClipPictures()


@pytest.mark.parametrize(
    "change",
    [
        {"resample": 2},
        {"do_center_crop": False},
        {"crop_size": 336},
        {"image_mean": [0.5]},
        {"size": {"height": 224, "width": 224}},
        {"size": None},
    ],
)
def test_another_way_of_preparing_is_refused(
    checkpoint: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    settings = json.loads((checkpoint / "preprocessor_config.json").read_text())
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(settings | change))
    with pytest.raises(SetupError, match=r"preprocessor_config\.json of x"):
        ClipPictures.of(tmp_path, system="x")


def test_missing_settings_are_said(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="missing or incomplete"):
        ClipPictures.of(tmp_path, system="x")
