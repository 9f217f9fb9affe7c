"""Stand-in for radiographer: Llama-3.2-Vision with a LoRA adapter, in the layouts its repositories come in.

The base has the names of before 4.52 in two bfloat16 shards, a chat template in a file of its own and gates
that are open. The adapter is float32, its ``target_modules`` one long regular expression, and it names a
4-bit base that is not there.

Source of the layouts: the repository pages of unsloth/Llama-3.2-11B-Vision-Instruct and, for adapters and
merged weights of the same notebook, of MakiAi, MMoshtaghi, nes74 and bouthros.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.models.stand_ins.files import mark, write_json, write_safetensors
from tools.models.stand_ins.lora import write_adapter
from tools.models.stand_ins.vocabulary import byte_bpe
from tools.models.stand_ins.weights import favour_words, fill

if TYPE_CHECKING:
    from torch import Tensor

SYSTEM = "radiographer"
TRAINED_ON = "unsloth/llama-3.2-11b-vision-instruct-unsloth-bnb-4bit"
WORDS = 700
"""Size of the vocabulary before the control words (128000 in the real one)."""

CONTROL = (
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|finetune_right_pad_id|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eom_id|>",
    "<|eot_id|>",
    "<|python_tag|>",
)
IMAGE = "<|image|>"
STALE = {
    "bnb_4bit_compute_dtype": "bfloat16",
    "bnb_4bit_quant_type": "nf4",
    "bnb_4bit_use_double_quant": True,
    "load_in_4bit": True,
    "load_in_8bit": False,
    "quant_method": "bitsandbytes",
}
"""What training in 4 bits leaves in config.json although the merged weights are not in 4 bits."""

TARGETS = (
    r"(?:.*?(?:vision|image|visual|patch|language|text).*?(?:self_attn|attention|attn|mlp|feed_forward|ffn|dense)"
    r".*?(?:q_proj|k_proj|v_proj|o_proj|fc1|fc2|gate_proj|up_proj|down_proj).*?)"
)
"""Which modules the notebook's library trains. Source: adapter_config.json of a repository it wrote."""

TEMPLATE = """\
{{- bos_token }}
{%- set seen = namespace(picture=false) %}
{%- for message in messages if message.content is not string %}
{%- for part in message.content if part.type == "image" %}{%- set seen.picture = true %}{%- endfor %}
{%- endfor %}
{%- for message in messages %}
{%- if message.role == "system" and seen.picture %}
{{- raise_exception("A system message cannot be used together with images.") }}
{%- endif %}
{{- "<|start_header_id|>" + message.role + "<|end_header_id|>\\n\\n" }}
{%- if message.content is string %}{{- message.content }}
{%- else %}
{%- for part in message.content %}
{%- if part.type == "image" %}{{- "<|image|>" }}{%- elif part.type == "text" %}{{- part.text }}{%- endif %}
{%- endfor %}
{%- endif %}
{{- "<|eot_id|>" }}
{%- endfor %}
{%- if add_generation_prompt %}{{- "<|start_header_id|>assistant<|end_header_id|>\\n\\n" }}{%- endif %}
"""
"""Ours, behaving like the published one where a picture is asked about: it writes the first token itself,
keeps the order of picture and text, and refuses a system message beside a picture."""


def build(folder: Path, *, seed: int = 0, **size: int) -> Path:
    """Write a tiny Llama-3.2-Vision base to `folder`, which is made if missing. `size` as for `settings`."""
    folder.mkdir(parents=True, exist_ok=True)
    config = _write_settings(folder, settings(**size))
    write_json(folder / "config.json", config)
    write_safetensors(folder, _tensors(config, seed), count=2)
    mark(folder, SYSTEM)
    return folder


def build_adapter(folder: Path, base: Path, *, seed: int = 1, rank: int = 4) -> Path:
    """Write a LoRA adapter for the stand-in `base` to `folder` as the notebook saves it: no processor."""
    folder.mkdir(parents=True, exist_ok=True)
    write_adapter(folder, base, targets=TARGETS, trained_on=TRAINED_ON, rank=rank, seed=seed)
    mark(folder, SYSTEM)
    return folder


def build_merged(
    folder: Path, *, seed: int = 0, index: bool = False, stale: bool = True, **size: int
) -> Path:
    """Write merged weights to `folder`: float16 shards, by default without index and called 4-bit."""
    folder.mkdir(parents=True, exist_ok=True)
    config = _write_settings(folder, settings(**size)) | {"torch_dtype": "float16"}
    tensors = {name: tensor.half() for name, tensor in _tensors(config, seed).items()}
    write_safetensors(folder, tensors, count=3, index=index)
    write_json(folder / "config.json", config | ({"quantization_config": STALE} if stale else {}))
    mark(folder, SYSTEM)
    return folder


def settings(*, scale: int = 1, layers: int = 5, vision_layers: int = 3, tile: int = 56) -> dict[str, Any]:
    """The settings file of a base.

    Args:
        scale: both widths are 64 × scale; 1 is about 1 MB.
        layers: of the language model; the second and every third after it look at the picture.
        vision_layers: of the first of the two picture encoders; the second has two.
        tile: pixels of a tile's side, a multiple of 14 (560 in the real one).
    """
    width, words = 64 * scale, WORDS + len(CONTROL)
    return {
        "architectures": ["MllamaForConditionalGeneration"],
        "image_token_index": words,
        "model_type": "mllama",
        "text_config": _text_settings(width, words, layers),
        "torch_dtype": "bfloat16",
        "transformers_version": "4.45.0.dev0",
        "vision_config": _vision_settings(width, vision_layers, tile),
    }


def _text_settings(width: int, words: int, layers: int) -> dict[str, Any]:
    return {
        "bos_token_id": WORDS,
        "cross_attention_layers": list(range(1, layers, 3)),
        "dropout": 0,
        "eos_token_id": [WORDS + 1, WORDS + 5, WORDS + 6],
        "hidden_act": "silu",
        "hidden_size": width,
        "intermediate_size": 3 * width,
        "max_position_embeddings": 131072,
        "model_type": "mllama_text_model",
        "num_attention_heads": width // 16,
        "num_hidden_layers": layers,
        "num_key_value_heads": width // 32,
        "pad_token_id": WORDS + 2,
        "rms_norm_eps": 1e-05,
        "rope_scaling": {
            "factor": 8.0,
            "high_freq_factor": 4.0,
            "low_freq_factor": 1.0,
            "original_max_position_embeddings": 8192,
            "rope_type": "llama3",
        },
        "rope_theta": 500000.0,
        "tie_word_embeddings": False,
        "use_cache": True,
        "vocab_size": words,
    }


def _vision_settings(width: int, layers: int, tile: int) -> dict[str, Any]:
    return {
        "attention_heads": width // 16,
        "hidden_act": "gelu",
        "hidden_size": width,
        "image_size": tile,
        "intermediate_layers_indices": list(range(layers - 1)),
        "intermediate_size": 2 * width,
        "max_num_tiles": 4,
        "model_type": "mllama_vision_model",
        "norm_eps": 1e-05,
        "num_channels": 3,
        "num_global_layers": 2,
        "num_hidden_layers": layers,
        "patch_size": 14,
        "supported_aspect_ratios": [[1, 1], [1, 2], [1, 3], [1, 4], [2, 1], [2, 2], [3, 1], [4, 1]],
        "vision_output_dim": layers * width,
    }


def _tensors(config: dict[str, Any], seed: int) -> dict[str, Tensor]:
    """Random weights in bfloat16 under the names of before 4.52."""
    from transformers import MllamaConfig, MllamaForConditionalGeneration

    model = MllamaForConditionalGeneration(MllamaConfig(**config))
    fill(model, seed)
    favour_words(model.lm_head.weight, slice(256, WORDS), config["text_config"]["eos_token_id"][-1])
    return {_old_name(name): tensor.bfloat16() for name, tensor in model.state_dict().items()}


def _old_name(name: str) -> str:
    if name.startswith("lm_head."):
        return f"language_model.{name}"
    name = name.removeprefix("model.")
    part, rest = name.split(".", 1)
    return f"language_model.model.{rest}" if part == "language_model" else name


def _write_settings(folder: Path, config: dict[str, Any]) -> dict[str, Any]:
    """Write all files but the weights and config.json; returns `config`."""
    text, tile = config["text_config"], config["vision_config"]["image_size"]
    write_json(folder / "chat_template.json", {"chat_template": TEMPLATE})
    write_json(
        folder / "generation_config.json",
        {
            "bos_token_id": text["bos_token_id"],
            "do_sample": True,
            "eos_token_id": text["eos_token_id"],
            "pad_token_id": text["pad_token_id"],
            "temperature": 0.6,
            "top_p": 0.9,
            "transformers_version": "4.45.0.dev0",
        },
    )
    write_json(
        folder / "preprocessor_config.json",
        {
            "do_convert_rgb": True,
            "do_normalize": True,
            "do_pad": True,
            "do_rescale": True,
            "do_resize": True,
            "image_mean": [0.48145466, 0.4578275, 0.40821073],
            "image_processor_type": "MllamaImageProcessor",
            "image_std": [0.26862954, 0.26130258, 0.27577711],
            "max_image_tiles": 4,
            "resample": 2,
            "rescale_factor": 0.00392156862745098,
            "size": {"height": tile, "width": tile},
        },
    )
    _write_tokenizer(folder)
    return config


def _write_tokenizer(folder: Path) -> None:
    from tokenizers import AddedToken, processors

    tokenizer = byte_bpe(WORDS)
    tokenizer.add_special_tokens([AddedToken(word, special=True) for word in (*CONTROL, IMAGE)])
    # The published tokenizer puts the first token in front by itself, and so does its chat template.
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{CONTROL[0]} $A", special_tokens=[(CONTROL[0], WORDS)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"bos_token": CONTROL[0], "eos_token": "<|eot_id|>", "pad_token": CONTROL[2]}
    write_json(folder / "special_tokens_map.json", special)
    flags = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    write_json(
        folder / "tokenizer_config.json",
        {
            "added_tokens_decoder": {
                str(WORDS + number): {"content": word} | flags
                for number, word in enumerate((*CONTROL, IMAGE))
            },
            "clean_up_tokenization_spaces": True,
            "model_input_names": ["input_ids", "attention_mask"],
            "model_max_length": 131072,
            "processor_class": "MllamaProcessor",
            "tokenizer_class": "PreTrainedTokenizerFast",
        }
        | special,
    )
