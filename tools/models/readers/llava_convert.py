"""Turn a LLaVA v1 checkpoint, as its own code wrote it, into the LLaVA of transformers. Exactly.

The settings file of such a checkpoint says ``llava`` and looks as if transformers knew it, but is flat and
from another code base: read the ordinary way it silently gives another model. It is therefore read as JSON.

    model.vision_tower.vision_tower.X   → vision_tower.X
    model.mm_projector.{weight,bias}    → multi_modal_projector.linear_1.{weight,bias}
    (new) identity and zero             → multi_modal_projector.linear_2.{weight,bias}
    *.inv_freq, *.position_ids          dropped: computed, not learned
    anything else                       → language_model.(the same)

LLaVA v1 has one linear projector where transformers has two with a function between: the second becomes the
identity and the function the identity. The image placeholder gets the first id behind the vocabulary, so that
it cannot collide with the four tokens the checkpoint added itself; embeddings and head grow by that row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from store.errors import SetupError

if TYPE_CHECKING:
    from torch import Tensor

SYSTEM = "babydoctor"
_VISION = "model.vision_tower.vision_tower."
_PROJECTOR = "model.mm_projector."
_GROWN = ("model.embed_tokens.weight", "lm_head.weight")

CLIP_HEAD = 64
"""Numbers per attention head in all of CLIP's vision towers. Source: Radford et al. 2021, appendix F."""

TOWER_LAYERS = {
    "clip-vit-base-patch32": 12,
    "clip-vit-base-patch16": 12,
    "clip-vit-large-patch14": 24,
    "clip-vit-large-patch14-336": 24,
}
"""Layers of the vision towers that LLaVA v1 can name, by the last part of the name: the settings do not give
them, and the layer that is read is counted from the end. Source: Radford et al. 2021, table 20."""

# What the conversion is exact for; absent counts as the first. Source: the settings and builder of LLaVA v1.
_KNOWN: dict[str, tuple[Any, ...]] = {
    "mm_projector_type": (None, "linear"),
    "mm_vision_select_feature": ("patch", None),
    "image_aspect_ratio": ("square", None),
    "rope_scaling": (None,),
    "tie_word_embeddings": (False, None),
}


def is_original(settings: Mapping[str, Any]) -> bool:
    """Whether `settings` come from LLaVA v1's own code."""
    return settings.get("architectures") == ["LlavaLlamaForCausalLM"] or "mm_vision_tower" in settings


def converted_config(settings: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Any:
    """The ``LlavaConfig`` for flat `settings`; sizes of the vision tower are read off its `tensors`.

    Raises:
        SetupError: the checkpoint is of a LLaVA that is not v1, parts are missing, or its vision tower is
            unknown or has not the layers that its name stands for.
    """
    from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig

    _require_v1(settings, tensors)
    vocabulary = tensors["model.embed_tokens.weight"].shape[0]
    try:
        heads = settings["num_attention_heads"]
        text = LlamaConfig(
            vocab_size=vocabulary + 1,
            hidden_size=settings["hidden_size"],
            intermediate_size=settings["intermediate_size"],
            num_hidden_layers=settings["num_hidden_layers"],
            num_attention_heads=heads,
            num_key_value_heads=settings.get("num_key_value_heads", heads),
            hidden_act=settings.get("hidden_act", "silu"),
            max_position_embeddings=settings["max_position_embeddings"],
            # 1e-5 and 1e-6 were both published for Llama 2: never assume it.
            rms_norm_eps=settings["rms_norm_eps"],
            rope_parameters={"rope_type": "default", "rope_theta": settings.get("rope_theta", 10000.0)},
            bos_token_id=settings.get("bos_token_id", 1),
            eos_token_id=settings.get("eos_token_id", 2),
            pad_token_id=None,
        )
    except KeyError as error:
        raise SetupError(f"config.json of {SYSTEM} does not say {error.args[0]}.") from error
    sizes = _vision_sizes(tensors)
    _require_whole_tower(settings, sizes["num_hidden_layers"])
    vision = CLIPVisionConfig(**sizes)
    return LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=vocabulary,
        image_seq_length=(vision.image_size // vision.patch_size) ** 2,
        projector_hidden_act="linear",
        vision_feature_layer=settings.get("mm_vision_select_layer", -2),
        vision_feature_select_strategy="default",
        tie_word_embeddings=False,
    )


def converted_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """`tensors` under the names transformers reads, with the identity and the placeholder's row added."""
    import torch

    converted: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if name.endswith((".inv_freq", ".position_ids")):
            continue
        if name.startswith(_VISION):
            converted["vision_tower." + name.removeprefix(_VISION)] = tensor
        elif name.startswith(_PROJECTOR):
            converted["multi_modal_projector.linear_1." + name.removeprefix(_PROJECTOR)] = tensor
        elif name in _GROWN:
            converted["language_model." + name] = torch.cat([tensor, tensor.new_zeros(1, tensor.shape[1])])
        else:
            converted["language_model." + name] = tensor
    bias = tensors[_PROJECTOR + "bias"]
    converted["multi_modal_projector.linear_2.weight"] = torch.eye(len(bias), dtype=bias.dtype)
    converted["multi_modal_projector.linear_2.bias"] = torch.zeros_like(bias)
    return converted


def _require_v1(settings: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> None:
    for name, accepted in _KNOWN.items():
        if settings.get(name) not in accepted:
            wanted = accepted[0] or accepted[-1] or "none"
            raise SetupError(
                f"config.json of {SYSTEM} says {name} is {settings[name]!r}. Casebook converts LLaVA v1 with "
                f"{wanted}; later LLaVA models are read in the layout of transformers."
            )
    parts = {
        "language model": all(name in tensors for name in _GROWN),
        "linear projector": {_PROJECTOR + "weight", _PROJECTOR + "bias"} <= tensors.keys(),
        "vision tower": f"{_VISION}vision_model.embeddings.class_embedding" in tensors,
    }
    if absent := [part for part, there in parts.items() if not there]:
        raise SetupError(
            f"The weights of {SYSTEM} hold no {' and no '.join(absent)}: give the merged checkpoint."
        )


def _require_whole_tower(settings: Mapping[str, Any], layers: int) -> None:
    named = str(settings.get("mm_vision_tower"))
    wanted = TOWER_LAYERS.get(named.rstrip("/").split("/")[-1])
    if wanted is None:
        raise SetupError(
            f"config.json of {SYSTEM} says mm_vision_tower is {named!r}, and how many layers that has is not "
            f"known. Casebook converts LLaVA v1 with {', '.join(TOWER_LAYERS)}."
        )
    if layers != wanted:
        raise SetupError(
            f"The vision tower of {SYSTEM} has {layers} layers, and {named} has {wanted}: the picture would "
            "be read off another layer. Fetch the checkpoint again."
        )


def _vision_sizes(tensors: Mapping[str, Tensor]) -> dict[str, int]:
    """Sizes of the CLIP vision tower from the shapes of its weights.

    Raises:
        SetupError: a part of the tower is missing.
    """
    tower = {
        name.removeprefix(_VISION + "vision_model."): one for name, one in tensors.items() if _VISION in name
    }
    try:
        hidden, _, _, patch = tower["embeddings.patch_embedding.weight"].shape
        patches = tower["embeddings.position_embedding.weight"].shape[0] - 1
        layers = {int(name.split(".")[2]) for name in tower if name.startswith("encoder.layers.")}
        inner = tower["encoder.layers.0.mlp.fc1.weight"].shape[0]
    except KeyError as error:
        raise SetupError(f"The vision tower of {SYSTEM} lacks {error.args[0]}. Fetch it again.") from error
    return {
        "hidden_size": hidden,
        "intermediate_size": inner,
        "num_hidden_layers": len(layers),
        "num_attention_heads": max(1, hidden // CLIP_HEAD),
        "patch_size": patch,
        "image_size": patch * math.isqrt(patches),
    }
