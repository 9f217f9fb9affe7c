"""Stand-in for pubmedclip: an old CLIP checkpoint, one ``.bin`` with position ids and integer sizes.

Source of the layout: the repository page of flaviagiammarino/pubmed-clip-vit-base-patch32, whose file names
follow openai/clip-vit-base-patch32.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tools.models.stand_ins.files import mark, write_json
from tools.models.stand_ins.vocabulary import byte_bpe
from tools.models.stand_ins.weights import fill

SYSTEM = "pubmedclip"
TEXT_LENGTH = 77
LOGIT_SCALE = 4.6052
"""ln 100, where CLIP's training ends. Source: Radford et al. 2021, section 2.5."""


def build(folder: Path, *, seed: int = 0, scale: int = 1, layers: int = 2) -> Path:
    """Write a tiny PubMedCLIP to `folder`.

    Args:
        folder: made if missing.
        seed: of the random weights.
        scale: widths are 64 × scale; 1 is under 2 MB, 8 with 6 layers 160 MB.
        layers: of each tower.
    """
    import torch
    from transformers import CLIPConfig, CLIPModel

    folder.mkdir(parents=True, exist_ok=True)
    config = _config(_write_tokenizer(folder), 64 * scale, layers)
    model = CLIPModel(CLIPConfig(**config))
    fill(model, seed)
    tensors = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    tensors["logit_scale"] = torch.tensor(LOGIT_SCALE)
    tensors["text_model.embeddings.position_ids"] = torch.arange(TEXT_LENGTH)[None]
    tensors["vision_model.embeddings.position_ids"] = torch.arange(50)[None]
    torch.save(tensors, folder / "pytorch_model.bin")
    _write_settings(folder, config)
    mark(folder, SYSTEM)
    return folder


def _config(vocabulary: int, width: int, layers: int) -> dict[str, Any]:
    """The settings file. The end token's number, 2, is wrong in the published family too: readers know it."""
    tower = {
        "hidden_act": "quick_gelu",
        "hidden_size": width,
        "intermediate_size": 4 * width,
        "num_attention_heads": max(1, width // 64),
        "num_hidden_layers": layers,
        "projection_dim": 512,
    }
    text = {
        "bos_token_id": 0,
        "eos_token_id": 2,
        "max_position_embeddings": TEXT_LENGTH,
        "vocab_size": vocabulary,
    }
    return {
        "architectures": ["CLIPModel"],
        "initializer_factor": 1.0,
        "logit_scale_init_value": 2.6592,
        "model_type": "clip",
        "projection_dim": 512,
        "text_config": tower | text | {"model_type": "clip_text_model"},
        "torch_dtype": "float32",
        "transformers_version": "4.30.0.dev0",
        "vision_config": tower | {"image_size": 224, "model_type": "clip_vision_model", "patch_size": 32},
    }


def _write_settings(folder: Path, config: dict[str, Any]) -> None:
    write_json(folder / "config.json", config)
    write_json(
        folder / "preprocessor_config.json",
        {
            "crop_size": 224,
            "do_center_crop": True,
            "do_normalize": True,
            "do_resize": True,
            "feature_extractor_type": "CLIPFeatureExtractor",
            "image_mean": [0.48145466, 0.4578275, 0.40821073],
            "image_std": [0.26862954, 0.26130258, 0.27577711],
            "resample": 3,
            "size": 224,
        },
    )
    # Weights of two other frameworks lie beside the ones we read; a pull must leave them there.
    for other in ("flax_model.msgpack", "tf_model.h5"):
        (folder / other).write_bytes(b"not read by Casebook\n" * 64)


def _write_tokenizer(folder: Path) -> int:
    """Write vocab.json, merges.txt and the settings; returns the size of the vocabulary."""
    trained = json.loads(byte_bpe(900, suffix="</w>").to_str())["model"]
    vocabulary = dict(trained["vocab"])
    for special in ("<|startoftext|>", "<|endoftext|>"):
        vocabulary[special] = len(vocabulary)
    merges = [" ".join(pair) if isinstance(pair, list) else pair for pair in trained["merges"]]
    write_json(folder / "vocab.json", vocabulary)
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges, ""]), encoding="utf-8")
    write_json(
        folder / "tokenizer_config.json",
        {
            "add_prefix_space": False,
            "bos_token": "<|startoftext|>",
            "do_lower_case": True,
            "eos_token": "<|endoftext|>",
            "errors": "replace",
            "model_max_length": TEXT_LENGTH,
            "pad_token": "<|endoftext|>",
            "tokenizer_class": "CLIPTokenizer",
            "unk_token": "<|endoftext|>",
        },
    )
    write_json(
        folder / "special_tokens_map.json",
        {
            "bos_token": "<|startoftext|>",
            "eos_token": "<|endoftext|>",
            "pad_token": "<|endoftext|>",
            "unk_token": "<|endoftext|>",
        },
    )
    return len(vocabulary)
