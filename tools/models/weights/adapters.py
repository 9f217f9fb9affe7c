"""Put a LoRA adapter on its base so that every one of its weights is in place, or refuse.

The usual ways of loading only warn when the names in an adapter do not fit the model, and names changed
twice: Llama-3.2-Vision and PaliGemma moved their parts in transformers 4.52 and again in 5. Here the file
decides which modules get an adapter, every name is looked up in all three spellings, and afterwards the
tensors in the file are the tensors in place, each equal to the file's.

Order: settings → tensors → modules → shapes → complete → inject with PEFT → copy → compare → the output
differs from the base's → merge into the base if asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.errors import SetupError
from tools.models.weights.adapter_file import AdapterSettings, read_adapter_settings, read_adapter_tensors
from tools.models.weights.module_names import named, spellings

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

NAME = "default"
WEIGHT = re.compile(r"(?:base_model\.model\.)?(?P<path>.+)\.lora_(?P<side>[AB])(?:\.default)?\.weight")


@dataclass(frozen=True)
class AdapterReport:
    """What was loaded: for ``verify`` and the evidence.

    Attributes:
        modules: matrices of the base with an adapter.
        tensors: in the file, all of them in place.
        rank: of the adapter.
        scale: the adapter's product is multiplied by this.
        trained_on: the base its settings name, which may be another repository than the one used.
        change: largest difference of the scores on a fixed input to those of the base alone.
        merged: whether it was added into the base's weights.
    """

    modules: int
    tensors: int
    rank: int
    scale: float
    trained_on: str | None
    change: float
    merged: bool


Probe = Callable[["Module"], "Tensor"]
"""Runs a model on a fixed input and returns its scores."""

Pair = dict[str, "Tensor"]
"""``A`` (rank, inputs) and ``B`` (outputs, rank) of one module, float32."""


def apply_adapter(
    model: Module, folder: Path, probes: Sequence[Probe], *, system: str, merge: bool = False
) -> tuple[Any, AdapterReport]:
    """`model` with the adapter in `folder`, every tensor checked.

    Args:
        model: the base, loaded; it is changed.
        folder: holds adapter_config.json and adapter_model.safetensors (or ``.bin``).
        probes: each runs the model on a fixed input; the cheapest first, the first that differs decides.
        system: named in errors.
        merge: add the adapter into the base's weights: no extra work per token, not undoable. Not for
            quantised bases.

    Raises:
        SetupError: the adapter asks for something unsupported, is incomplete, is for another model, or
            changes nothing. The text says which.
    """
    settings = read_adapter_settings(folder, system=system)
    paths = _paths(model)
    pairs = _assign(read_adapter_tensors(folder, system=system), paths, system)
    _check_pairs(model, pairs, settings, system)
    _check_complete(settings, pairs, paths, system)
    tuner = _inject(model, sorted(pairs), settings)
    _copy(tuner, pairs, system)
    change = _change(tuner, probes, system)
    ready = tuner.merge_and_unload(progressbar=False, safe_merge=True) if merge else model
    scale = settings.alpha / (settings.rank**0.5 if settings.rslora else settings.rank)
    return ready, AdapterReport(
        modules=len(pairs),
        tensors=2 * len(pairs),
        rank=settings.rank,
        scale=scale,
        trained_on=settings.trained_on,
        change=change,
        merged=merge,
    )


def _paths(model: Module) -> dict[str, str]:
    """Every name a matrix of `model` may have in a file → its path now."""
    import torch

    return {
        name: path
        for path, module in model.named_modules()
        if isinstance(module, torch.nn.Linear)
        for name in spellings(path)
    }


def _assign(tensors: Mapping[str, Tensor], paths: Mapping[str, str], system: str) -> dict[str, Pair]:
    """The adapter's tensors by module of the model."""
    pairs: dict[str, Pair] = {}
    strange: list[str] = []
    for name, tensor in tensors.items():
        match = WEIGHT.fullmatch(name)
        path = paths.get(match["path"]) if match else None
        side = pairs.setdefault(path, {}) if path else {}
        if match is None or path is None or match["side"] in side:
            strange.append(name)
        else:
            side[match["side"]] = tensor.float()
    if strange:
        raise SetupError(
            f"{len(strange)} of {len(tensors)} tensors of the adapter of {system} have no place in this base "
            f"({_some(strange)}). It belongs to another base, or is no LoRA adapter."
        )
    if not pairs:
        raise SetupError(f"The adapter of {system} is empty.")
    return pairs


def _check_pairs(model: Module, pairs: Mapping[str, Pair], settings: AdapterSettings, system: str) -> None:
    """Each module has both sides, in shapes that fit, and neither is zero or not a number."""
    problems: dict[str, list[str]] = {}
    for path, pair in pairs.items():
        if problem := _problem(model.get_submodule(path), pair, settings.rank):
            problems.setdefault(problem, []).append(path)
    if problems:
        told = "; ".join(f"{words} in {_some(paths)}" for words, paths in problems.items())
        raise SetupError(
            f"The adapter of {system} cannot be used: {told}. Give the right base, or fetch it again."
        )


def _problem(module: Any, pair: Pair, rank: int) -> str | None:
    if missing := [f"lora_{side}" for side in "AB" if side not in pair]:
        return f"{missing[0]} is missing"
    shapes = (tuple(pair["A"].shape), tuple(pair["B"].shape))
    if shapes != ((rank, module.in_features), (module.out_features, rank)):
        return "a shape does not fit"
    for side in "AB":
        if not bool(pair[side].isfinite().all()):
            return f"lora_{side} is not a number"
        if not bool(pair[side].any()):
            return f"lora_{side} is all zero (it was never trained)"
    return None


def _check_complete(
    settings: AdapterSettings, pairs: Mapping[str, Pair], paths: Mapping[str, str], system: str
) -> None:
    """No module that the settings name is without weights in the file."""
    if not settings.everywhere or not settings.targets:
        return
    missing = named(settings.targets, set(paths.values()), set(pairs)) - pairs.keys()
    if missing:
        raise SetupError(
            f"The adapter of {system} is incomplete: its settings name {len(missing)} modules that its file "
            f"has no weights for ({_some(sorted(missing))}). Fetch it again."
        )


def _inject(model: Module, modules: list[str], settings: AdapterSettings) -> Any:
    from peft import LoraConfig
    from peft.tuners.lora import LoraModel

    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        use_rslora=settings.rslora,
        target_modules="|".join(re.escape(module) for module in modules),
        lora_dropout=0.0,
        inference_mode=True,
    )
    # Made without memory: the file's own tensors take these places.
    return LoraModel(model, config, NAME, low_cpu_mem_usage=True)


def _copy(tuner: Any, pairs: Mapping[str, Pair], system: str) -> None:
    """Put the file's tensors in place and see that they are the only ones and arrived unchanged."""
    import torch
    from peft.tuners.lora import LoraLayer

    layers = {path: module for path, module in tuner.model.named_modules() if isinstance(module, LoraLayer)}
    if layers.keys() != pairs.keys():
        raise SetupError(
            f"The adapter of {system} could not be put in place: {len(pairs)} modules in the file, "
            f"{len(layers)} in the model."
        )
    for path, layer in layers.items():
        where = layer.get_base_layer().weight.device
        for side, stack in (("A", layer.lora_A), ("B", layer.lora_B)):
            given = pairs[path][side]
            stack[NAME].weight = torch.nn.Parameter(given.to(where), requires_grad=False)
            if not torch.equal(stack[NAME].weight.cpu(), given):
                raise SetupError(f"A tensor of the adapter of {system} changed while loading ({path}).")


def _change(tuner: Any, probes: Sequence[Probe], system: str) -> float:
    """How far the output is from the base's on the first fixed input where it differs."""
    for probe in probes:
        changed = probe(tuner.model).float()
        tuner.disable_adapter_layers()
        change = float((changed - probe(tuner.model).float()).abs().max())
        tuner.enable_adapter_layers()
        tuner.model.requires_grad_(False)
        if 0 < change < math.inf:
            return change
    raise SetupError(f"The adapter of {system} does not change the base's output on a test input.")


def _some(names: list[str], most: int = 3) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
