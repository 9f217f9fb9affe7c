"""Stand-in for babydoctor: a merged LLaVA v1 as its own code wrote it, before any library knew it.

Flat settings with the architecture ``LlavaLlamaForCausalLM``, two ``.bin`` shards in half precision that hold
the language model, one linear projector, the whole CLIP tower and old ``inv_freq`` buffers; a sentencepiece
model with four added tokens; no preprocessor settings.

Source of the layout: the repository page of photonmz/llava-roco-8bit and, for the settings, those of
SaffalPoosh/llava-llama-2-7B-merged of the same time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.models.stand_ins.files import mark, write_bins, write_json
from tools.models.stand_ins.vocabulary import write_sentencepiece
from tools.models.stand_ins.weights import favour_words, fill

if TYPE_CHECKING:
    from torch import Tensor

SYSTEM = "babydoctor"
ADDED = ("<pad>", "<im_patch>", "<im_start>", "<im_end>")
"""Tokens behind the sentencepiece vocabulary, in order of their ids (32000 to 32003 in the real one)."""


TOWER = "openai/clip-vit-large-patch14"
TOWERS = {TOWER: (24, 14), "openai/clip-vit-base-patch32": (12, 32)}
"""Vision towers that the settings can name: layers, and pixels of a patch's side.

Source: Radford et al. 2021, table 20.
"""


def build(
    folder: Path,
    *,
    seed: int = 0,
    scale: int = 1,
    layers: int = 3,
    im_start_end: bool = False,
    tower: str = TOWER,
) -> Path:
    """Write a tiny BabyDoctor to `folder`.

    Args:
        folder: made if missing.
        seed: of the random weights.
        scale: the language model is 96 × scale wide, the tower 64 × scale; 1 is about 3 MB.
        layers: of the language model.
        im_start_end: what ``mm_use_im_start_end`` says.
        tower: one of `TOWERS`; BabyDoctor has the first, the other is quicker.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = _write_tokenizer(folder)
    config = _config(vocabulary, scale, layers, im_start_end) | {"mm_vision_tower": tower}
    write_json(folder / "config.json", config)
    write_json(
        folder / "generation_config.json",
        {
            "_from_model_config": True,
            "bos_token_id": 1,
            "eos_token_id": 2,
            "pad_token_id": 0,
            "temperature": 0.9,
            "top_p": 0.6,
            "transformers_version": "4.31.0",
        },
    )
    write_bins(folder, _tensors(config, seed), count=2)
    mark(folder, SYSTEM)
    return folder


def _config(vocabulary: int, scale: int, layers: int, im_start_end: bool) -> dict[str, Any]:
    width = 96 * scale
    return {
        "architectures": ["LlavaLlamaForCausalLM"],
        "bos_token_id": 1,
        "eos_token_id": 2,
        "freeze_mm_mlp_adapter": False,
        "hidden_act": "silu",
        "hidden_size": width,
        "image_aspect_ratio": "square",
        "image_grid_pinpoints": None,
        "initializer_range": 0.02,
        "intermediate_size": 2 * width,
        "max_position_embeddings": 2048,
        "mm_hidden_size": 64 * scale,
        "mm_use_im_patch_token": False,
        "mm_use_im_start_end": im_start_end,
        "mm_vision_select_feature": "patch",
        "mm_vision_select_layer": -2,
        "model_type": "llava",
        "num_attention_heads": width // 16,
        "num_hidden_layers": layers,
        "num_key_value_heads": width // 16,
        "pad_token_id": 0,
        "pretraining_tp": 1,
        "rms_norm_eps": 1e-06,
        "rope_scaling": None,
        "tie_word_embeddings": False,
        "torch_dtype": "float16",
        "transformers_version": "4.31.0",
        "tune_mm_mlp_adapter": False,
        "use_cache": True,
        "use_mm_proj": True,
        "vocab_size": vocabulary,
    }


def _tensors(config: dict[str, Any], seed: int) -> dict[str, Tensor]:
    """All tensors under the names LLaVA v1 gave them, in half precision."""
    import torch
    from transformers import CLIPVisionConfig, CLIPVisionModel, LlamaConfig, LlamaForCausalLM

    width, seen = config["hidden_size"], config["mm_hidden_size"]
    tower_layers, patch = TOWERS[config["mm_vision_tower"]]
    known = ("hidden_act", "hidden_size", "intermediate_size", "num_attention_heads", "num_hidden_layers")
    text = LlamaForCausalLM(
        LlamaConfig(
            **{name: config[name] for name in known}, vocab_size=config["vocab_size"], pad_token_id=None
        )
    )
    tower = CLIPVisionModel(
        CLIPVisionConfig(
            hidden_size=seen,
            intermediate_size=seen // 2,
            num_hidden_layers=tower_layers,
            # CLIP's towers all have heads of 64 numbers. Source: Radford et al. 2021, table 19.
            num_attention_heads=seen // 64,
            image_size=224,
            patch_size=patch,
        )
    )
    projector = torch.nn.Linear(seen, width)
    for number, part in enumerate((text, tower, projector)):
        fill(part, seed + number)
    favour_words(text.lm_head.weight, slice(259, config["vocab_size"] - len(ADDED)), 2)
    tensors = dict(text.state_dict())
    # Old Llama layers each kept the wave lengths of their rotary embedding as a buffer.
    wave = 1.0 / 10000.0 ** (torch.arange(0, 16, 2).float() / 16)
    for layer in range(config["num_hidden_layers"]):
        tensors[f"model.layers.{layer}.self_attn.rotary_emb.inv_freq"] = wave
    for name, tensor in projector.state_dict().items():
        tensors[f"model.mm_projector.{name}"] = tensor
    for name, tensor in tower.state_dict().items():
        tensors[f"model.vision_tower.vision_tower.vision_model.{name.removeprefix('vision_model.')}"] = tensor
    return {name: tensor if name.endswith("inv_freq") else tensor.half() for name, tensor in tensors.items()}


def _write_tokenizer(folder: Path) -> int:
    """Write the sentencepiece model, the added tokens and the settings; returns how many tokens."""
    import sentencepiece

    write_sentencepiece(folder / "tokenizer.model", 640)
    pieces: int = sentencepiece.SentencePieceProcessor(
        model_file=str(folder / "tokenizer.model")
    ).get_piece_size()
    added = {token: pieces + number for number, token in enumerate(ADDED)}
    write_json(folder / "added_tokens.json", dict(sorted(added.items())))
    tokens = {
        name: {"content": token, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
        for name, token in (("bos_token", "<s>"), ("eos_token", "</s>"), ("unk_token", "<unk>"))
    }
    write_json(folder / "special_tokens_map.json", tokens | {"pad_token": "<unk>"})
    write_json(
        folder / "tokenizer_config.json",
        {
            "add_bos_token": True,
            "add_eos_token": False,
            "clean_up_tokenization_spaces": False,
            "legacy": False,
            "model_max_length": 2048,
            "pad_token": None,
            "padding_side": "right",
            "sp_model_kwargs": {},
            "tokenizer_class": "LlamaTokenizer",
        }
        | {name: {"__type": "AddedToken"} | token for name, token in tokens.items()},
    )
    return pieces + len(ADDED)
