"""Write a random LoRA adapter the way PEFT saves one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tools.models.stand_ins.files import write_json


def write_adapter(
    folder: Path, base: Path, *, targets: str | list[str], trained_on: str, rank: int, seed: int
) -> None:
    """Write an adapter for all matrices of `base` that `targets` names.

    Names are those the base has in its own files; weights are float32 and none is zero.

    Args:
        folder: where to write.
        base: a checkpoint of safetensors.
        targets: as in ``target_modules``: an expression for whole paths or a list of last parts.
        trained_on: the base that adapter_config.json names.
        rank: of the adapter; alpha is the same.
        seed: of the random weights.
    """
    import torch
    from safetensors.torch import save_file

    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for path, (rows, columns) in matrices(base).items():
        if not _named(path, targets):
            continue
        first = torch.randn(rank, columns, generator=generator) / columns**0.5
        second = torch.randn(rows, rank, generator=generator) / rank**0.5 / 2
        tensors[f"base_model.model.{path}.lora_A.weight"] = first
        tensors[f"base_model.model.{path}.lora_B.weight"] = second
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    write_json(folder / "adapter_config.json", _settings(targets, trained_on, rank))


def matrices(base: Path) -> dict[str, tuple[int, int]]:
    """Paths and shapes of all two-dimensional weights in the safetensors files of `base`."""
    from safetensors import safe_open

    found = {}
    for file in sorted(base.glob("*.safetensors")):
        with safe_open(file, framework="pt") as opened:
            for name in opened.keys():  # noqa: SIM118 - no mapping
                shape = opened.get_slice(name).get_shape()
                if name.endswith(".weight") and len(shape) == 2:
                    found[name.removesuffix(".weight")] = (shape[0], shape[1])
    return found


def _named(path: str, targets: str | list[str]) -> bool:
    if isinstance(targets, str):
        return re.fullmatch(targets, path) is not None
    return path.rsplit(".", 1)[-1] in targets


def _settings(targets: str | list[str], trained_on: str, rank: int) -> dict[str, Any]:
    """adapter_config.json as PEFT writes it."""
    return {
        "alpha_pattern": {},
        "auto_mapping": None,
        "base_model_name_or_path": trained_on,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "init_lora_weights": True,
        "layers_pattern": None,
        "layers_to_transform": None,
        "loftq_config": {},
        "lora_alpha": rank,
        "lora_dropout": 0,
        "megatron_config": None,
        "megatron_core": "megatron.core",
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": rank,
        "rank_pattern": {},
        "revision": None,
        "target_modules": targets,
        "task_type": "CAUSAL_LM",
        "use_dora": False,
        "use_rslora": False,
    }
