"""Write a trained adapter so that its reader loads it back: two files, a card, and the stand-in's mark."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.finetune.recipe import Recipe
from tools.models.stand_ins.files import write_json
from tools.models.weights.checkpoints import MARK


def write_adapter(
    folder: Path, model: Any, recipe: Recipe, *, stand_in: bool, facts: Mapping[str, str]
) -> None:
    """Write the LoRA weights of `model` to `folder`.

    The tensors are taken from the model by name, not through PEFT's own saving, which renames modules of
    these models and may rename them back wrongly.

    Args:
        folder: made if missing.
        model: a PEFT model whose only trainable parameters are an adapter's.
        recipe: how it was trained.
        stand_in: whether its base is one; the mark goes with the adapter.
        facts: name → value, for the card.
    """
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        name.replace(".default.weight", ".weight"): parameter.detach().float().cpu().contiguous()
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    }
    unfinished = folder / "adapter_model.safetensors.part"
    save_file(tensors, unfinished, metadata={"format": "pt"})
    settings = {
        "base_model_name_or_path": recipe.base,
        "bias": "none",
        "inference_mode": True,
        "lora_alpha": recipe.alpha,
        "lora_dropout": 0.0,
        "peft_type": "LORA",
        "r": recipe.rank,
        "target_modules": list(recipe.targets),
        "task_type": "CAUSAL_LM",
    }
    write_json(folder / "adapter_config.json", settings)
    if stand_in:
        write_json(folder / MARK, {"casebook_stand_in": True, "system": recipe.system})
    (folder / "README.md").write_text(_card(recipe, facts, stand_in), encoding="utf-8")
    # Last, and in one go: where this file is, the adapter is whole.
    unfinished.replace(folder / "adapter_model.safetensors")


def _card(recipe: Recipe, facts: Mapping[str, str], stand_in: bool) -> str:
    front = {"library_name": "peft", "base_model": recipe.base}
    head = "\n".join(["---", *(f"{name}: {json.dumps(value)}" for name, value in front.items()), "---"])
    rows = {
        "base": recipe.base,
        "rank, alpha": f"{recipe.rank}, {recipe.alpha}",
        "epochs": str(recipe.epochs),
        "rows per step": f"{recipe.batch} × {recipe.accumulate}",
        "learning rate": f"{recipe.learning_rate:g}, falling to zero in a straight line",
        "weight decay": f"{recipe.weight_decay:g}",
        "seed": str(recipe.seed),
        **facts,
    }
    warning = "Its base is a stand-in with random weights: it knows nothing.\n\n" if stand_in else ""
    table = "\n".join(f"| {name} | {value} |" for name, value in rows.items())
    return (
        f"{head}\n\n# LoRA adapter for {recipe.system}\n\n{warning}"
        "Trained with `casebook finetune`. A falling loss says that it learned the texts it was shown, not "
        "that its answers are right: nobody has measured that. For research and teaching; not a medical "
        f"device. The terms of the base hold for it.\n\n| | |\n|---|---|\n{table}\n\n"
        "![Loss by step](loss.png)\n\n"
        f"To use it: `casebook models verify {recipe.system} --path THIS_FOLDER --base BASE_FOLDER`\n"
    )
