"""Stand-in for derm-captioner: PaliGemma 3B at 224 pixels, as a base with an adapter or merged.

The base has the names of before 4.52 with the ``vision_model`` level, tied embeddings in three shards and a
preprocessor that says ``do_convert_rgb: null``. The adapter lists the last parts of its modules and brings
its processor along.

Source of the layout: the repository page of google/paligemma-3b-pt-224 and those of other fine-tunes of it,
as the one of brucewayne0459/paligemma_derm shows no file list.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.models.stand_ins.files import mark, write_json, write_safetensors
from tools.models.stand_ins.lora import write_adapter
from tools.models.stand_ins.vocabulary import PAGE
from tools.models.stand_ins.weights import favour_words, fill

if TYPE_CHECKING:
    from torch import Tensor

SYSTEM = "derm-captioner"
TRAINED_ON = "google/paligemma-3b-pt-224"
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
FIRST = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>")
"""Gemma's first five tokens, in order of their ids."""

WORDS = 600
"""Size of the vocabulary before the tokens for places (256000 in the real one)."""

PLACES = (*(f"<loc{number:04d}>" for number in range(1024)), *(f"<seg{number:03d}>" for number in range(128)))
IMAGE = WORDS + len(PLACES)
"""Id of ``<image>`` (257152 in the real one); 63 unused rows follow."""

GAIN = 1.0
"""How much larger the end token's scores are: not at all, as here they come from its embedding, too. Ours."""


def build(folder: Path, *, seed: int = 0, **size: int) -> Path:
    """Write a tiny PaliGemma base to `folder`, which is made if missing. `size` as for `settings`."""
    return _build(folder, seed, "float32", TRAINED_ON, size)


def build_adapter(folder: Path, base: Path, *, seed: int = 1, rank: int = 8) -> Path:
    """Write a LoRA adapter for the stand-in `base` to `folder`, with the processor's files."""
    folder.mkdir(parents=True, exist_ok=True)
    write_adapter(folder, base, targets=TARGETS, trained_on=TRAINED_ON, rank=rank, seed=seed)
    _write_processor(folder)
    mark(folder, SYSTEM)
    return folder


def build_merged(folder: Path, *, seed: int = 0, **size: int) -> Path:
    """Write merged weights to `folder`: bfloat16 shards with their index."""
    return _build(folder, seed, "bfloat16", TRAINED_ON, size)


def settings(*, scale: int = 1, layers: int = 3, vision_layers: int = 2) -> dict[str, Any]:
    """The settings file of a base.

    Args:
        scale: both widths are 64 × scale; 1 is about 1 MB.
        layers: of the language model.
        vision_layers: of the picture's encoder.
    """
    width = 64 * scale
    return {
        "architectures": ["PaliGemmaForConditionalGeneration"],
        "bos_token_id": 2,
        "eos_token_id": 1,
        "hidden_size": width,
        "ignore_index": -100,
        "image_token_index": IMAGE,
        "model_type": "paligemma",
        "pad_token_id": 0,
        "projection_dim": width,
        "text_config": {
            "head_dim": 32,
            "hidden_size": width,
            "intermediate_size": 4 * width,
            "model_type": "gemma",
            "num_attention_heads": 2 * scale,
            "num_hidden_layers": layers,
            "num_image_tokens": 256,
            "num_key_value_heads": 1,
            "torch_dtype": "float32",
            "vocab_size": IMAGE + 64,
        },
        "transformers_version": "4.41.0.dev0",
        "vision_config": {
            "hidden_size": width,
            "image_size": 224,
            "intermediate_size": 3 * width,
            "model_type": "siglip_vision_model",
            "num_attention_heads": 2 * scale,
            "num_hidden_layers": vision_layers,
            "num_image_tokens": 256,
            "patch_size": 14,
            "projection_dim": width,
            "projector_hidden_act": "gelu_fast",
            "vision_use_head": False,
        },
    }


def _build(folder: Path, seed: int, dtype: str, name: str, size: dict[str, int]) -> Path:
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    config = settings(**size) | {"_name_or_path": name, "torch_dtype": dtype}
    write_json(folder / "config.json", config)
    write_json(
        folder / "generation_config.json",
        {"_from_model_config": True, "bos_token_id": 2, "eos_token_id": 1, "pad_token_id": 0},
    )
    _write_processor(folder)
    tensors = {name: tensor.to(getattr(torch, dtype)) for name, tensor in _tensors(config, seed).items()}
    write_safetensors(folder, tensors, count=3)
    mark(folder, SYSTEM)
    return folder


def _tensors(config: dict[str, Any], seed: int) -> dict[str, Tensor]:
    """Random weights under the names of before 4.52; the head is the embedding and not written."""
    from transformers import PaliGemmaConfig, PaliGemmaForConditionalGeneration

    model = PaliGemmaForConditionalGeneration(PaliGemmaConfig(**config))
    fill(model, seed)
    favour_words(model.get_input_embeddings().weight, slice(len(FIRST) + 257, WORDS), 1, gain=GAIN)
    state = {name.removeprefix("model."): tensor for name, tensor in model.state_dict().items()}
    return {_old_name(name): tensor for name, tensor in state.items() if name != "lm_head.weight"}


def _old_name(name: str) -> str:
    part, rest = name.split(".", 1)
    if part == "language_model":
        return f"language_model.model.{rest}"
    if part == "vision_tower":
        return f"vision_tower.vision_model.{rest.removeprefix('vision_model.')}"
    return name


def _write_processor(folder: Path) -> None:
    write_json(
        folder / "preprocessor_config.json",
        {
            "do_convert_rgb": None,
            "do_normalize": True,
            "do_rescale": True,
            "do_resize": True,
            "image_mean": [0.5, 0.5, 0.5],
            "image_processor_type": "SiglipImageProcessor",
            "image_seq_length": 256,
            "image_std": [0.5, 0.5, 0.5],
            "processor_class": "PaliGemmaProcessor",
            "resample": 3,
            "rescale_factor": 0.00392156862745098,
            "size": {"height": 224, "width": 224},
        },
    )
    _write_tokenizer(folder)


def _write_tokenizer(folder: Path) -> None:
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))  # noqa: S106 - a token
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    byte_words = [f"<0x{number:02X}>" for number in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=WORDS, special_tokens=[*FIRST, *byte_words, "\n"], show_progress=False
    )
    tokenizer.train_from_iterator(PAGE.splitlines(), trainer)
    # Training counts bytes among the special tokens; in use they are ordinary ones.
    values = json.loads(tokenizer.to_str())
    values["added_tokens"] = [one for one in values["added_tokens"] if one["content"] in FIRST]
    tokenizer = Tokenizer.from_str(json.dumps(values))
    tokenizer.add_tokens([AddedToken(place, normalized=False) for place in PLACES])
    tokenizer.add_special_tokens([AddedToken("<image>", special=True, normalized=False)])
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(folder / "added_tokens.json", {"<image>": IMAGE})
    special = {"bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>", "unk_token": "<unk>"}
    write_json(folder / "special_tokens_map.json", special | {"additional_special_tokens": ["<image>"]})
    write_json(
        folder / "tokenizer_config.json",
        {
            "add_bos_token": True,
            "add_eos_token": False,
            "additional_special_tokens": ["<image>"],
            "clean_up_tokenization_spaces": False,
            "processor_class": "PaliGemmaProcessor",
            "sp_model_kwargs": {},
            "tokenizer_class": "GemmaTokenizer",
            "use_default_system_prompt": False,
        }
        | special,
    )
