"""Stand-ins: the published file layouts to the name, loadable by plain transformers, and not vacuous."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from store.errors import SetupError
from tests.packages import needs
from tools.models.stand_ins import build_stand_in, clip, llava_v1, mllama, paligemma
from tools.models.systems.cards import SYSTEMS
from tools.models.weights.checkpoints import MARK

pytestmark = needs("torch", "transformers", "safetensors")

ALWAYS = {"README.md", MARK}


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} - ALWAYS


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def settings(folder: Path, file: str = "config.json") -> dict:
    return json.loads((folder / file).read_text())


def tensors(folder: Path) -> dict:
    import safetensors.torch
    import torch

    found = {}
    for file in folder.glob("*.safetensors"):
        found |= safetensors.torch.load_file(file)
    for file in folder.glob("*.bin"):
        found |= torch.load(file, weights_only=True)
    return found


def test_without_the_packages_the_command_that_installs_them_is_named(tmp_path, monkeypatch):
    # Not one that transformers looks for: it would remember for the whole process that it is missing.
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(SetupError, match=r"not installed: make models \(or pip install -c"):
        build_stand_in("pubmedclip", tmp_path)


def load(kind: str, folder: Path):
    import torch
    import transformers

    model, report = getattr(transformers, kind).from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True
    )
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    return model.eval()


def test_the_radiographers_base_has_the_old_names_in_two_shards(radiographer_files):
    import torch

    base = radiographer_files.base
    assert names(base) == {
        "chat_template.json",
        "config.json",
        "generation_config.json",
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
        "model.safetensors.index.json",
        "preprocessor_config.json",
        "special_tokens_map.json",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    found = tensors(base)
    assert {name.split(".")[0] for name in found} == {
        "language_model",
        "vision_model",
        "multi_modal_projector",
    }
    assert "language_model.model.layers.0.self_attn.q_proj.weight" in found
    assert {tensor.dtype for tensor in found.values()} == {torch.bfloat16}
    gates = [tensor for name, tensor in found.items() if name.endswith(("attn_gate", "mlp_gate", ".gate"))]
    assert len(gates) == 2 * 2 + 3
    assert all((tensor.abs() > 0.05).all() for tensor in gates)


def test_the_radiographers_adapter_is_float32_and_points_at_a_base_that_is_not_there(radiographer_files):
    import torch

    folder = radiographer_files.path
    assert names(folder) == {"adapter_config.json", "adapter_model.safetensors"}
    found = tensors(folder)
    assert {tensor.dtype for tensor in found.values()} == {torch.float32}
    assert all(
        name.startswith(("base_model.model.language_model.model.", "base_model.model.vision_model."))
        for name in found
    )
    values = settings(folder, "adapter_config.json")
    assert isinstance(values["target_modules"], str)
    assert values["base_model_name_or_path"].endswith("-bnb-4bit")


def test_merged_shards_come_without_index_and_with_settings_that_are_wrong(merged_folder):
    import torch

    folder = mllama.build_merged(merged_folder / "radiographer")
    assert not list(folder.glob("*.index.json"))
    assert len(list(folder.glob("model-*-of-00003.safetensors"))) == 3
    assert settings(folder)["quantization_config"]["load_in_4bit"]
    assert {tensor.dtype for tensor in tensors(folder).values()} == {torch.float16}


def test_the_derm_captioner_converts_nothing_to_rgb_and_keeps_the_old_level(derm_captioner_files):
    for folder in (derm_captioner_files.path, derm_captioner_files.base):
        assert settings(folder, "preprocessor_config.json")["do_convert_rgb"] is None
        assert settings(folder, "preprocessor_config.json")["image_seq_length"] == 256
    assert {"adapter_config.json", "adapter_model.safetensors", "tokenizer.json"} <= names(
        derm_captioner_files.path
    )
    assert settings(derm_captioner_files.path, "adapter_config.json")["target_modules"] == paligemma.TARGETS
    found = tensors(derm_captioner_files.base)
    assert "vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight" in found
    assert not [name for name in found if "lm_head" in name]
    assert len(list(derm_captioner_files.base.glob("model-*-of-00003.safetensors"))) == 3


def test_pubmedclip_is_one_old_bin_file_with_position_ids(tmp_path):
    folder = clip.build(tmp_path / "clip")
    assert names(folder) == {
        "config.json",
        "flax_model.msgpack",
        "merges.txt",
        "preprocessor_config.json",
        "pytorch_model.bin",
        "special_tokens_map.json",
        "tf_model.h5",
        "tokenizer_config.json",
        "vocab.json",
    }
    found = tensors(folder)
    assert found["text_model.embeddings.position_ids"].shape == (1, 77)
    assert found["vision_model.embeddings.position_ids"].shape == (1, 50)
    picture = settings(folder, "preprocessor_config.json")
    assert (picture["size"], picture["crop_size"]) == (224, 224)
    assert picture["feature_extractor_type"] == "CLIPFeatureExtractor"
    assert (folder / "preprocessor_config.json").stat().st_size == 316
    load("CLIPModel", folder)


def test_babydoctor_is_a_flat_llava_in_two_half_precision_bins(tmp_path):
    import torch

    folder = llava_v1.build(tmp_path / "llava")
    assert names(folder) == {
        "added_tokens.json",
        "config.json",
        "generation_config.json",
        "pytorch_model-00001-of-00002.bin",
        "pytorch_model-00002-of-00002.bin",
        "pytorch_model.bin.index.json",
        "special_tokens_map.json",
        "tokenizer.model",
        "tokenizer_config.json",
    }
    values, found = settings(folder), tensors(folder)
    assert values["architectures"] == ["LlavaLlamaForCausalLM"]
    assert "vision_config" not in values
    assert found["model.layers.0.self_attn.rotary_emb.inv_freq"].dtype == torch.float32
    assert found["model.mm_projector.weight"].dtype == torch.float16
    assert found["model.mm_projector.weight"].shape == (values["hidden_size"], values["mm_hidden_size"])
    assert set(settings(folder, "pytorch_model.bin.index.json")["weight_map"]) == set(found)
    added = settings(folder, "added_tokens.json")
    assert sorted(added.values()) == list(range(values["vocab_size"] - 4, values["vocab_size"]))


def test_babydoctors_pieces_keep_the_space_at_the_end(tmp_path):
    sentencepiece = pytest.importorskip("sentencepiece")
    folder = llava_v1.build(tmp_path / "llava")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    assert pieces.encode("USER: ") != pieces.encode("USER:")
    assert pieces.decode(pieces.encode("\nwas é  ist?")) == "\nwas é  ist?"


@pytest.mark.parametrize(
    ("kind", "build"),
    [
        ("MllamaForConditionalGeneration", mllama.build),
        ("PaliGemmaForConditionalGeneration", paligemma.build),
    ],
)
def test_the_picture_changes_the_scores(kind, build, tmp_path, pictures):
    import torch
    import transformers

    folder = build(tmp_path / "base")
    model = load(kind, folder)
    processor = transformers.AutoProcessor.from_pretrained(folder, backend="pil")
    text = "<|image|>What is it?" if kind.startswith("Mllama") else "<image>What is it?"
    scores = []
    for picture in pictures:
        inputs = processor(images=picture, text=text, return_tensors="pt")
        inputs.pop("labels", None)
        with torch.no_grad():
            scores.append(model(**inputs).logits[0, -1])
    assert (scores[0] - scores[1]).abs().max() > 0.1
    assert (scores[1] - scores[2]).abs().max() > 0.1


def test_the_chat_template_keeps_the_order_and_refuses_a_system_message(radiographer_files):
    import transformers

    processor = transformers.AutoProcessor.from_pretrained(radiographer_files.base, backend="pil")
    picture, words = {"type": "image"}, {"type": "text", "text": "Q?"}
    for content, middle in (([picture, words], "<|image|>Q?"), ([words, picture], "Q?<|image|>")):
        text = processor.apply_chat_template(
            [{"role": "user", "content": content}], add_generation_prompt=True
        )
        assert text == (
            f"<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n{middle}<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n"
        )
    messages = [{"role": "system", "content": "x"}, {"role": "user", "content": [picture, words]}]
    with pytest.raises(Exception, match="system message"):
        processor.apply_chat_template(messages)
    assert processor.tokenizer("a").input_ids[0] == processor.tokenizer.bos_token_id


@pytest.mark.parametrize("system", [name for name in SYSTEMS if name != "derm-foundation"])
@pytest.mark.parametrize("variant", ["adapter", "merged"])
def test_each_is_small_marked_and_the_same_every_time(system, variant, tmp_path):
    import torch

    made = build_stand_in(system, tmp_path / "one", variant=variant)
    again = build_stand_in(system, tmp_path / "two", variant=variant)
    assert (made.base is not None) == (variant == "adapter" and system in ("radiographer", "derm-captioner"))
    for folder, other in ((made.path, again.path), (made.base, again.base)):
        if folder is None:
            continue
        assert settings(folder, MARK) == {"casebook_stand_in": True, "system": system}
        assert size(folder) < 3_000_000
        assert names(folder) == names(other)
        first, second = tensors(folder), tensors(other)
        assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_system_without_stand_in_is_named(tmp_path):
    with pytest.raises(SetupError, match="no stand-in for 'x-ray-oracle'"):
        build_stand_in("x-ray-oracle", tmp_path)


def test_scale_makes_them_large_enough_to_matter(tmp_path):
    folder = mllama.build(tmp_path / "base", scale=4, tile=112)
    assert size(folder) > 10_000_000
    assert np.prod(settings(folder)["vision_config"]["image_size"]) == 112
