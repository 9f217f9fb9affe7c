"""Random weights that make a tiny model behave like a model: every part matters, nothing explodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch.nn import Module

GATE = 0.5
"""Mllama's gates start at zero and then the picture changes nothing; a stand-in must not hide that."""

EMBEDDING = 0.3
"""Spread of token embeddings. Ours: greedy answers neither repeat one word nor ignore the picture."""


def fill(model: Module, seed: int) -> None:
    """Draw all parameters of `model` anew, the same for the same `seed`.

    Matrices get a spread of 1/√(inputs), norms stay near one, biases near zero, gates are open.
    """
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "gate" in name.rsplit(".", 1)[-1]:
                value = GATE + 0.1 * noise
            elif "embed" in name or "class_embedding" in name:
                value = EMBEDDING * noise
            elif parameter.dim() >= 2:
                value = noise / parameter[0].numel() ** 0.5
            elif name.endswith("weight"):
                value = 1 + 0.05 * noise
            else:
                value = 0.05 * noise
            parameter.copy_(value)
