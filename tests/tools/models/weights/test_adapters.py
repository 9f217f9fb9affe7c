"""Adapters: every tensor in place whatever it is called, or a refusal that names what is wrong."""

from __future__ import annotations

import copy
import re
import shutil
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from store.errors import SetupError
from tests.packages import needs
from tests.tools.models import adapter_files as files
from tools.models.stand_ins import mllama, paligemma
from tools.models.weights.adapters import apply_adapter
from tools.models.weights.probes import square_probe, tiles_probe, words_probe

pytestmark = needs("torch", "peft")

CLASSES = {
    "mllama": "MllamaForConditionalGeneration",
    "paligemma": "PaliGemmaForConditionalGeneration",
    "llava": "LlavaForConditionalGeneration",
}
# Small, but with every kind of layer: names and shapes are looked at, and all scores.
BUILDERS = {
    "mllama": partial(mllama.build, layers=2, vision_layers=2),
    "paligemma": partial(paligemma.build, layers=1, vision_layers=1),
    "llava": files.build_llava,
}


@cache
def loaded(kind: str, folder: Path) -> Any:
    import torch
    import transformers

    model, report = getattr(transformers, CLASSES[kind]).from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True
    )
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    return model.eval()


def base_of(kind: str, folder: Path) -> Any:
    return copy.deepcopy(loaded(kind, folder))


@pytest.fixture(scope="module", params=list(CLASSES))
def architecture(request, tmp_path_factory):
    """Its name, a base, and the weights with the adapter of `full_adapter` merged by hand.

    An adapter holds the same tensors in every form, and so is merged once.
    """
    kind, folder = request.param, tmp_path_factory.mktemp(request.param)
    base = BUILDERS[kind](folder / "base")
    adapter = files.full_adapter(folder / "adapter", base, "expression")
    return kind, base, loaded(kind, files.merged_by_hand(folder / "merged", base, adapter)).state_dict()


@pytest.fixture(scope="module")
def radiology(tmp_path_factory):
    """A Llama-3.2-Vision base and its adapter, to be copied before it is damaged."""
    folder = tmp_path_factory.mktemp("radiology")
    base = mllama.build(folder / "base")
    return base, mllama.build_adapter(folder / "adapter", base)


@pytest.fixture
def damaged(radiology, tmp_path):
    return Path(shutil.copytree(radiology[1], tmp_path / "adapter"))


def refused(radiology, adapter: Path) -> str:
    """What is said of `adapter`, before anything of the base is changed."""
    base = loaded("mllama", radiology[0])
    with pytest.raises(SetupError) as error:
        apply_adapter(base, adapter, [words_probe], system="radiographer")
    assert not any("lora" in name for name, _ in base.named_modules())
    return str(error.value)


@pytest.mark.parametrize("layout", ["4.4x", "4.52", "5.x"])
@pytest.mark.parametrize("form", ["expression", "list", "paths", "all-linear"])
def test_every_spelling_and_form_gives_the_weights_merged_by_hand(architecture, form, layout, tmp_path):
    kind, base, expected = architecture
    adapter = files.full_adapter(tmp_path / "adapter", base, form)
    count = len(files.read(adapter))
    files.edit_tensors(adapter, lambda name, tensor: (files.renamed(name, layout), tensor))
    model, report = apply_adapter(base_of(kind, base), adapter, [words_probe], system="test", merge=True)
    assert report.tensors == count == 2 * report.modules
    assert report.merged
    state = model.state_dict()
    assert state.keys() == expected.keys()
    assert max(float((state[name] - expected[name]).abs().max()) for name in state) < 1e-5


def test_unmerged_and_merged_answer_the_same_and_not_as_the_base(radiology):
    base, adapter = radiology
    outputs = [words_probe(base_of("mllama", base))]
    for merge in (False, True):
        model, report = apply_adapter(
            base_of("mllama", base), adapter, [words_probe], system="radiographer", merge=merge
        )
        outputs.append(words_probe(model))
    alone, unmerged, merged = outputs
    assert (unmerged - merged).abs().max() < 1e-4
    assert (alone - merged).abs().max() == pytest.approx(report.change, abs=1e-4)
    assert report.change > 0.1
    assert report.trained_on.endswith("-bnb-4bit")


def test_vision_modules_are_among_those_in_place(radiology):
    _, report = apply_adapter(
        base_of("mllama", radiology[0]), radiology[1], [words_probe], system="radiographer"
    )
    # 5 language layers of 7 matrices, 3 + 2 vision layers of 6.
    assert report.modules == 5 * 7 + 5 * 6


@pytest.mark.parametrize(("kind", "probe"), [("mllama", tiles_probe), ("paligemma", square_probe)])
def test_an_adapter_of_the_encoder_alone_is_seen_by_the_probe_with_a_picture(kind, probe, tmp_path):
    base = BUILDERS[kind](tmp_path / "base")
    adapter = files.full_adapter(tmp_path / "adapter", base, "list")
    part = "vision_model." if kind == "mllama" else "vision_tower."
    files.edit_tensors(adapter, lambda name, tensor: (name, tensor) if part in name else None)
    files.edit_settings(adapter, target_modules=rf"{part}.*(?:{'|'.join(files.LAST_PARTS)})")
    with pytest.raises(SetupError, match="does not change"):
        apply_adapter(base_of(kind, base), adapter, [words_probe], system="test")
    _, report = apply_adapter(base_of(kind, base), adapter, [words_probe, probe], system="test")
    assert report.change > 0


def test_rank_stabilised_scaling_divides_by_the_root_of_the_rank(radiology, damaged):
    import torch

    files.edit_settings(damaged, use_rslora=True, lora_alpha=8)
    model, report = apply_adapter(
        base_of("mllama", radiology[0]), damaged, [words_probe], system="radiographer", merge=True
    )
    assert report.scale == 4
    name = "language_model.model.layers.0.self_attn.q_proj"
    lora = files.read(damaged)
    added = lora[f"base_model.model.{name}.lora_B.weight"] @ lora[f"base_model.model.{name}.lora_A.weight"]
    path = "model.language_model.layers.0.self_attn.q_proj.weight"
    before = loaded("mllama", radiology[0]).state_dict()[path]
    assert torch.allclose(model.state_dict()[path], before + 4 * added, atol=1e-5)


def test_an_older_adapter_in_a_bin_file_loads_and_code_in_one_is_refused(radiology, damaged):
    import torch

    tensors = files.read(damaged)
    (damaged / "adapter_model.safetensors").unlink()
    torch.save(tensors, damaged / "adapter_model.bin")
    _, report = apply_adapter(base_of("mllama", radiology[0]), damaged, [words_probe], system="radiographer")
    assert report.tensors == len(tensors)
    torch.save({"run": print}, damaged / "adapter_model.bin")
    assert "damaged" in refused(radiology, damaged)


def wrong_names(name, tensor):
    return name.replace("vision_model", "vision_encoder"), tensor


def one_side_missing(name, tensor):
    return None if name.endswith("layers.2.mlp.up_proj.lora_B.weight") else (name, tensor)


def one_module_missing(name, tensor):
    return None if "global_transformer.layers.1.mlp.fc1" in name else (name, tensor)


def zero(name, tensor):
    return name, tensor * 0 if "layers.0.mlp.fc2.lora_B" in name else tensor


def not_a_number(name, tensor):
    return name, tensor / 0 if "layers.0.mlp.fc2.lora_A" in name else tensor


def other_rank(name, tensor):
    return name, tensor[:2] if "q_proj.lora_A" in name else tensor


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (wrong_names, "60 of 130 tensors .* have no place"),
        (one_side_missing, "lora_B is missing in .*layers.2.mlp.up_proj"),
        (one_module_missing, "incomplete: .* 1 modules .*global_transformer.layers.1.mlp.fc1"),
        (zero, "lora_B is all zero"),
        (not_a_number, "lora_A is not a number"),
        (other_rank, "a shape does not fit"),
        (lambda name, tensor: (name + ".more", tensor), "130 of 130 tensors"),
        (lambda *_: None, "is empty"),
    ],
)
def test_damaged_tensors_are_refused_by_name(radiology, damaged, change, told):
    files.edit_tensors(damaged, change)
    assert re.search(told, refused(radiology, damaged))


def test_a_file_cut_short_is_refused(radiology, damaged):
    file = damaged / "adapter_model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    assert "cut short" in refused(radiology, damaged)
    file.write_bytes(b"not safetensors")
    assert "no safetensors file" in refused(radiology, damaged)
    file.unlink()
    assert "has no adapter_model.safetensors" in refused(radiology, damaged)


def test_an_adapter_of_another_base_is_refused(radiology, tmp_path):
    larger = mllama.build(tmp_path / "larger", scale=2)
    assert "a shape does not fit" in refused(radiology, mllama.build_adapter(tmp_path / "a", larger))
    deeper = mllama.build(tmp_path / "deeper", layers=6)
    assert "have no place in this base" in refused(radiology, mllama.build_adapter(tmp_path / "b", deeper))
    skin = paligemma.build(tmp_path / "skin")
    assert "have no place in this base" in refused(radiology, paligemma.build_adapter(tmp_path / "c", skin))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"use_dora": True}, "DoRA"),
        ({"bias": "all"}, "trained biases"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"rank_pattern": {"q_proj": 8}}, "rank_pattern"),
        ({"alpha_pattern": {"q_proj": 8}}, "alpha_pattern"),
        ({"peft_type": "IA3"}, "the method IA3"),
        ({"r": None}, "no usable r"),
    ],
)
def test_what_it_does_not_load_is_named(radiology, damaged, settings, told):
    files.edit_settings(damaged, **settings)
    assert told in refused(radiology, damaged)


def test_missing_settings_are_named(radiology, damaged):
    (damaged / "adapter_config.json").unlink()
    assert "has no adapter_config.json" in refused(radiology, damaged)
