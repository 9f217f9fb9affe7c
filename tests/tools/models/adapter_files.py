"""Adapters and merged weights written by hand, and adapters damaged or renamed, from the bare files."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.models.stand_ins.lora import write_adapter
from tools.models.stand_ins.weights import favour_words, fill

if TYPE_CHECKING:
    from torch import Tensor


WORDS = "q_proj k_proj v_proj o_proj out_proj gate_proj up_proj down_proj"
PICTURES = "fc1 fc2 linear linear_1 linear_2 multi_modal_projector"
LAST_PARTS = [*WORDS.split(), *PICTURES.split()]
EVERYTHING = rf".*\b(?:{'|'.join(LAST_PARTS)})"


def full_adapter(folder: Path, base: Path, form: str) -> Path:
    """An adapter on every matrix but embeddings and head, in the names of before 4.52."""
    folder.mkdir()
    write_adapter(folder, base, targets=EVERYTHING, trained_on="somebody/base-bnb-4bit", rank=4, seed=3)
    if form == "list":
        edit_settings(folder, target_modules=LAST_PARTS)
    if form == "all-linear":
        edit_settings(folder, target_modules="all-linear")
    if form == "paths":
        names = sorted({path_of(name) for name in read(folder)})
        edit_settings(folder, target_modules=names)
    return folder


def path_of(name: str) -> str:
    return name.removeprefix("base_model.model.").rsplit(".lora_", 1)[0]


def read(folder: Path) -> dict[str, Tensor]:
    import safetensors.torch

    return safetensors.torch.load_file(folder / "adapter_model.safetensors")


def write(folder: Path, tensors: Mapping[str, Tensor]) -> None:
    import safetensors.torch

    safetensors.torch.save_file(
        dict(tensors), folder / "adapter_model.safetensors", metadata={"format": "pt"}
    )


def edit_settings(folder: Path, **values: Any) -> None:
    file = folder / "adapter_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def edit_tensors(folder: Path, change: Callable[[str, Tensor], tuple[str, Tensor] | None]) -> None:
    pairs = (change(name, tensor.clone()) for name, tensor in read(folder).items())
    write(folder, dict(pair for pair in pairs if pair is not None))


def renamed(name: str, layout: str) -> str:
    """A name of before 4.52 as the libraries of `layout` would have saved it."""
    if layout == "4.4x":
        return name
    start = "base_model.model."
    path = name.removeprefix(start)
    if path.startswith("language_model.model."):
        path = "model.language_model." + path.removeprefix("language_model.model.")
    elif path.startswith("language_model.lm_head"):
        path = path.removeprefix("language_model.")
    else:
        path = "model." + path
    if layout == "5.x":
        path = path.replace("vision_tower.vision_model.", "vision_tower.")
    return start + path


def merged_by_hand(folder: Path, base: Path, adapter: Path) -> Path:
    """Whole weights in float32: every matrix of `base` plus alpha/r · B · A of the tensors named alike."""
    import safetensors.torch

    shutil.copytree(base, folder)
    settings = json.loads((adapter / "adapter_config.json").read_text())
    scale, lora, used = settings["lora_alpha"] / settings["r"], read(adapter), 0
    for file in folder.glob("*.safetensors"):
        tensors = {name: tensor.float() for name, tensor in safetensors.torch.load_file(file).items()}
        for name, tensor in list(tensors.items()):
            key = f"base_model.model.{name.removesuffix('.weight')}.lora_"
            if f"{key}A.weight" in lora:
                tensors[name] = tensor + scale * lora[f"{key}B.weight"] @ lora[f"{key}A.weight"]
                used += 2
        safetensors.torch.save_file(tensors, file, metadata={"format": "pt"})
    assert used == len(lora) > 0
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"torch_dtype": "float32"}))
    return folder


def build_llava(folder: Path) -> Path:
    """A tiny LLaVA base in the names of before 4.52: the third architecture adapters come for."""
    import safetensors.torch
    from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

    folder.mkdir()
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(
            hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=1, image_size=28,
            patch_size=14, projection_dim=32,
        ),
        text_config=LlamaConfig(
            hidden_size=64, intermediate_size=96, num_hidden_layers=1, num_attention_heads=4, vocab_size=99
        ),
        image_token_index=98,
    )  # fmt: skip
    model = LlavaForConditionalGeneration(config)
    fill(model, 5)
    favour_words(model.lm_head.weight, slice(0, 99), 2)
    tensors = {}
    for name, tensor in model.state_dict().items():
        old = name.removeprefix("model.")
        old = re.sub(r"^language_model\.", "language_model.model.", old)
        old = re.sub(r"^lm_head\.", "language_model.lm_head.", old)
        old = re.sub(r"^vision_tower\.(?!vision_model\.)", "vision_tower.vision_model.", old)
        tensors[old] = tensor.contiguous()
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config.save_pretrained(folder)
    return folder
