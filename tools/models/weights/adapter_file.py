"""Read a LoRA adapter's two files: what it asks for, and its tensors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import SetupError
from tools.models.weights.checkpoints import read_header, read_json

if TYPE_CHECKING:
    from torch import Tensor

UNSUPPORTED = {
    "use_dora": "DoRA",
    "modules_to_save": "whole modules beside the adapter (modules_to_save)",
    "rank_pattern": "ranks that differ between modules (rank_pattern)",
    "alpha_pattern": "scales that differ between modules (alpha_pattern)",
    "lora_bias": "a bias in the adapter (lora_bias)",
    "fan_in_fan_out": "transposed weights (fan_in_fan_out)",
    "target_parameters": "bare parameters (target_parameters)",
    "alora_invocation_tokens": "an activated adapter (aLoRA)",
    "trainable_token_indices": "trained tokens (trainable_token_indices)",
}
"""What an adapter may ask for that Casebook does not load, by setting. Source: LoraConfig of PEFT 0.21."""


@dataclass(frozen=True)
class AdapterSettings:
    """What adapter_config.json says.

    Attributes:
        rank: r.
        alpha: lora_alpha.
        rslora: whether the scale is alpha/√r and not alpha/r.
        targets: target_modules: an expression or a list.
        everywhere: whether `targets` holds for all layers.
        trained_on: the base it names.
    """

    rank: int
    alpha: float
    rslora: bool
    targets: str | list[str] | None
    everywhere: bool
    trained_on: str | None


def read_adapter_settings(folder: Path, *, system: str) -> AdapterSettings:
    """What adapter_config.json in `folder` says.

    Raises:
        SetupError: it is missing, no LoRA, or asks for something Casebook does not load.
    """
    values = read_json(folder / "adapter_config.json", system=system)
    kind = str(values.get("peft_type"))
    wanted = [words for name, words in UNSUPPORTED.items() if values.get(name)]
    wanted += [f"the method {kind}"] if kind != "LORA" else []
    wanted += ["trained biases"] if values.get("bias", "none") != "none" else []
    if wanted:
        raise SetupError(
            f"The adapter of {system} uses {' and '.join(wanted)}, which Casebook does not load. "
            "Merge it into its base and give the merged weights."
        )
    rank, alpha = values.get("r"), values.get("lora_alpha")
    if not isinstance(rank, int) or not isinstance(alpha, int | float) or rank < 1:
        raise SetupError(f"adapter_config.json of {system} gives no usable r and lora_alpha.")
    base = values.get("base_model_name_or_path")
    return AdapterSettings(
        rank=rank,
        alpha=float(alpha),
        rslora=bool(values.get("use_rslora")),
        targets=values.get("target_modules"),
        everywhere=not (values.get("layers_to_transform") or values.get("exclude_modules")),
        trained_on=str(base) if base else None,
    )


def read_adapter_tensors(folder: Path, *, system: str) -> dict[str, Tensor]:
    """All tensors of an adapter's file, by the names they have there.

    Raises:
        SetupError: there is no file, or it is damaged or cut short.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    unreadable = (RuntimeError, ValueError, EOFError, OSError, torch.serialization.pickle.UnpicklingError)
    for name in ("adapter_model.safetensors", "adapter_model.bin"):
        file = folder / name
        if not file.is_file():
            continue
        try:
            if name.endswith(".bin"):
                return dict(torch.load(file, map_location="cpu", weights_only=True))
            read_header(file, system=system)
            return dict(load_file(file))
        except (SafetensorError, *unreadable) as error:
            raise SetupError(f"{name} of {system} is damaged. Fetch it again.") from error
    raise SetupError(f"The adapter of {system} has no adapter_model.safetensors. Fetch it again.")
