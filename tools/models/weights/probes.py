"""Fixed inputs that show whether an adapter changes a model: a cheap one for words, others for pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


def words_probe(model: Module) -> Tensor:
    """Scores after eight fixed tokens, without a picture."""
    import torch

    device = next(model.parameters()).device
    with torch.inference_mode():
        logits: Tensor = model(input_ids=torch.arange(1, 9, device=device)[None], logits_to_keep=1).logits
    return logits


def tiles_probe(model: Any) -> Tensor:
    """What Llama-3.2-Vision's encoder makes of a fixed picture of one tile."""
    import torch

    device, config = next(model.parameters()).device, model.config.vision_config
    shape = (1, 1, config.max_num_tiles, 3, config.image_size, config.image_size)
    values = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    tiles = torch.zeros(1, 1, config.max_num_tiles, dtype=torch.long)
    tiles[..., 0] = 1
    with torch.inference_mode():
        seen: Tensor = model.model.vision_model(
            pixel_values=values.to(device),
            aspect_ratio_ids=torch.ones(1, 1, dtype=torch.long, device=device),
            aspect_ratio_mask=tiles.to(device),
        ).last_hidden_state
    return seen


def square_probe(model: Any) -> Tensor:
    """What PaliGemma's encoder and projector make of a fixed square picture."""
    import torch

    parameter, size = next(model.parameters()), model.config.vision_config.image_size
    values = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        seen: Tensor = model.get_image_features(values.to(parameter.device, model.dtype)).pooler_output
    return seen
