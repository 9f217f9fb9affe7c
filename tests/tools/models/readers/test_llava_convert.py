from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.errors import SetupError
from tests.packages import needs
from tests.tools.models.checkpoint_edits import copied, rewrite_bins, without
from tests.tools.models.llava_by_hand import LlavaByHand
from tools.models.encoders.clip_pictures import ClipPictures
from tools.models.readers.llava_convert import converted_config, converted_tensors, is_original
from tools.models.readers.llava_v1 import load_babydoctor
from tools.models.stand_ins import llava_v1
from tools.models.weights.tensors import load_strictly, read_tensors

pytestmark = needs("torch")


SMALL = "openai/clip-vit-base-patch32"
PROMPT = "USER: <image>\nIs there a fracture? ASSISTANT:"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return llava_v1.build(tmp_path_factory.mktemp("babydoctor"), seed=3)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the tower of the fewest layers and places, for what does not ask which tower it is."""
    return llava_v1.build(tmp_path_factory.mktemp("small"), seed=3, tower=SMALL)


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (300, 410, 3), dtype=np.uint8)


def converted(folder: Path, **changes: Any) -> Any:
    import torch
    from transformers import LlavaForConditionalGeneration

    tensors = read_tensors(folder, system="babydoctor")
    config = converted_config(json.loads((folder / "config.json").read_text()), tensors)
    for name, value in changes.items():
        setattr(config, name, value)
    return load_strictly(
        LlavaForConditionalGeneration,
        config,
        converted_tensors(tensors),
        device="cpu",
        dtype=torch.float32,
        system="babydoctor",
    )


def difference(folder: Path, pixels: np.ndarray, **changes: Any) -> float:
    """Largest difference of any score at any place, against the forward pass written by hand."""
    import torch

    reference = LlavaByHand(folder)
    marked = reference.ids(PROMPT)
    expected = reference.logits(marked, reference.picture(pixels))
    model = converted(folder, **changes)
    place = model.config.image_token_index
    places = [place] * model.config.image_seq_length
    ids = [one for mark in marked for one in (places if mark == -200 else [mark])]
    pictures = ClipPictures()
    with torch.inference_mode():
        scores = model(
            input_ids=torch.tensor([ids]), pixel_values=pictures.tensor([pictures.square(pixels)])
        ).logits[0]
    return float((scores[:, : expected.shape[1]] - expected).abs().max())


def test_the_converted_model_scores_as_llava_v1_written_by_hand(checkpoint: Path, pixels: np.ndarray) -> None:
    assert difference(checkpoint, pixels) <= 1e-4


def test_the_same_holds_for_other_sizes_and_another_epsilon(tmp_path: Path, pixels: np.ndarray) -> None:
    folder = llava_v1.build(tmp_path / "a", seed=9, scale=2, layers=2, tower=SMALL)
    assert difference(copied(folder, tmp_path / "b", rms_norm_eps=1e-3), pixels) <= 1e-4


def test_a_projector_with_a_function_inside_would_be_noticed(small: Path, pixels: np.ndarray) -> None:
    assert difference(small, pixels, projector_hidden_act="gelu") > 0.01


def test_another_epsilon_would_be_noticed(small: Path, pixels: np.ndarray, tmp_path: Path) -> None:
    folder = copied(small, tmp_path / "eps", rms_norm_eps=1e-2)
    changed, usual = (
        one.logits(one.ids(PROMPT), one.picture(pixels)) for one in (LlavaByHand(folder), LlavaByHand(small))
    )
    assert (changed - usual).abs().max() > 1e-3


def test_the_placeholder_collides_with_no_token_of_the_checkpoint(checkpoint: Path) -> None:
    tensors = read_tensors(checkpoint, system="babydoctor")
    config = converted_config(json.loads((checkpoint / "config.json").read_text()), tensors)
    added = json.loads((checkpoint / "added_tokens.json").read_text())
    assert config.image_token_index == max(added.values()) + 1
    assert config.text_config.vocab_size == config.image_token_index + 1


def test_every_learned_tensor_is_kept_and_no_computed_one(checkpoint: Path) -> None:
    tensors = read_tensors(checkpoint, system="babydoctor")
    names = set(converted_tensors(tensors))
    assert any(name.endswith("inv_freq") for name in tensors)
    assert not any(name.endswith(("inv_freq", "position_ids")) for name in names)
    learned = [name for name in tensors if not name.endswith("inv_freq")]
    assert len(names) == len(learned) + 2


def test_position_ids_in_the_tower_are_no_obstacle(small: Path, tmp_path: Path, pixels: np.ndarray) -> None:
    import torch

    folder = copied(small, tmp_path / "old")
    shard = folder / "pytorch_model-00002-of-00002.bin"
    tensors = torch.load(shard, weights_only=True)
    tensors["model.vision_tower.vision_tower.vision_model.embeddings.position_ids"] = torch.arange(50)[None]
    torch.save(tensors, shard)
    assert difference(folder, pixels) <= 1e-4


def test_the_original_layout_is_told_by_architecture_or_tower() -> None:
    assert is_original({"architectures": ["LlavaLlamaForCausalLM"], "model_type": "llava"})
    assert is_original({"mm_vision_tower": "openai/clip-vit-large-patch14", "model_type": "llava"})
    assert not is_original({"architectures": ["LlavaForConditionalGeneration"], "model_type": "llava"})


@pytest.mark.parametrize(
    "setting",
    [
        {"mm_projector_type": "mlp2x_gelu"},
        {"image_aspect_ratio": "pad"},
        {"mm_vision_select_feature": "cls_patch"},
        {"rope_scaling": {"type": "linear", "factor": 2.0}},
    ],
)
def test_a_later_llava_is_refused_by_name(checkpoint: Path, tmp_path: Path, setting: dict[str, Any]) -> None:
    folder = copied(checkpoint, tmp_path / "later", **setting)
    with pytest.raises(SetupError, match=next(iter(setting))):
        load_babydoctor(folder, device="cpu")


def test_settings_that_lack_a_size_are_refused(checkpoint: Path, tmp_path: Path) -> None:
    folder = copied(checkpoint, tmp_path / "short")
    config = json.loads((folder / "config.json").read_text())
    del config["rms_norm_eps"]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(SetupError, match="does not say rms_norm_eps"):
        load_babydoctor(folder, device="cpu")


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (("mm_projector.weight", "mm_projector.bias"), "no linear projector"),
        (("lm_head.weight",), "no language model"),
        (("embeddings.class_embedding",), "no vision tower"),
        (("layers.0.mlp.fc1.weight",), "vision tower"),
        (("layers.1.self_attn.q_proj.weight",), "without"),
    ],
)
def test_a_checkpoint_with_a_part_missing_is_refused(
    small: Path, tmp_path: Path, gone: tuple[str, ...], said: str
) -> None:
    folder = copied(small, tmp_path / "part")
    rewrite_bins(folder, without(*gone))
    with pytest.raises(SetupError, match=said):
        load_babydoctor(folder, device="cpu")


def test_a_tensor_nobody_knows_is_refused(small: Path, tmp_path: Path) -> None:
    folder = copied(small, tmp_path / "more")
    rewrite_bins(folder, lambda name, tensor: (name.replace("model.norm", "model.gnorm"), tensor))
    with pytest.raises(SetupError, match="unknown"):
        load_babydoctor(folder, device="cpu")


@pytest.mark.parametrize("lost", [{23}, {22, 23}, {0}, {11}])
def test_a_tower_without_some_of_its_layers_is_refused(
    checkpoint: Path, tmp_path: Path, lost: set[int]
) -> None:
    folder = copied(checkpoint, tmp_path / "lost")
    gone = tuple(f"vision_model.encoder.layers.{layer}." for layer in lost)
    rewrite_bins(folder, lambda name, tensor: None if any(one in name for one in gone) else (name, tensor))
    with pytest.raises(SetupError, match=f"has {24 - len(lost)} layers, and .*patch14 has 24|lacks encoder"):
        load_babydoctor(folder, device="cpu")


@pytest.mark.parametrize("tower", ["openai/clip-vit-large-patch14-336", "/models/clip-vit-large-patch14/"])
def test_a_tower_is_known_by_the_last_part_of_its_name(checkpoint: Path, tmp_path: Path, tower: str) -> None:
    assert load_babydoctor(copied(checkpoint, tmp_path / "named", mm_vision_tower=tower), device="cpu")


@pytest.mark.parametrize("tower", ["openai/clip-vit-base-patch16", "somebody/a-tower", None])
def test_a_tower_of_another_depth_or_an_unknown_one_is_refused(
    checkpoint: Path, tmp_path: Path, tower: str | None
) -> None:
    folder = copied(checkpoint, tmp_path / "named", mm_vision_tower=tower)
    with pytest.raises(SetupError, match=f"{tower}.*(has 12|not known)"):
        load_babydoctor(folder, device="cpu")
