"""Small repositories with the names and layout of the published ones, and bytes that mean nothing."""

from __future__ import annotations

import random
from pathlib import Path

CLIP = "flaviagiammarino/pubmed-clip-vit-base-patch32"
ADAPTER = "Bala9669/unsloth_finetune"
BASE = "unsloth/Llama-3.2-11B-Vision-Instruct"
DERM = "google/derm-foundation"

NEEDED_OF_CLIP = {
    "config.json",
    "merges.txt",
    "preprocessor_config.json",
    "pytorch_model.bin",
    "tokenizer_config.json",
    "vocab.json",
}


def write(folder: Path, names: dict[str, int]) -> Path:
    """Files of so many random bytes."""
    for name, nbytes in names.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(random.Random(f"{folder.name}/{name}").randbytes(nbytes))
    return folder


def clip(folder: Path, nbytes: int = 300_000) -> Path:
    small = dict.fromkeys(NEEDED_OF_CLIP - {"pytorch_model.bin"}, 300)
    others = {"README.md": 900, "flax_model.msgpack": 50_000, "tf_model.h5": 50_000, "scripts/train.json": 20}
    return write(folder, {**small, **others, "pytorch_model.bin": nbytes})


def adapter(folder: Path) -> Path:
    return write(folder, {"README.md": 800, "adapter_config.json": 700, "adapter_model.safetensors": 70_000})


def base(folder: Path) -> Path:
    shards = {f"model-0000{n}-of-00002.safetensors": 90_000 for n in (1, 2)}
    small = dict.fromkeys(
        ("config.json", "model.safetensors.index.json", "preprocessor_config.json", "tokenizer.json"), 500
    )
    return write(folder, {**shards, **small, "original/consolidated.bin": 5000, "USE_POLICY.md": 600})


def derm(folder: Path) -> Path:
    parts = {"saved_model.pb": 20_000, "fingerprint.pb": 60, "variables/variables.index": 900}
    data = {"variables/variables.data-00000-of-00001": 80_000}
    return write(folder, {**parts, **data, "scin_dataset_precomputed_embeddings.npz": 9000, "README.md": 100})
