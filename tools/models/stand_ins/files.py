"""Write the files of a stand-in checkpoint: settings, shards with their index, and its mark."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.models.weights.checkpoints import MARK

if TYPE_CHECKING:
    from torch import Tensor


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write `value` the way the hub's files are written: two spaces, a newline at the end."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def mark(folder: Path, system: str) -> None:
    """Say in `folder` that its weights are random and which system they stand for."""
    write_json(folder / MARK, {"casebook_stand_in": True, "system": system})
    (folder / "README.md").write_text(
        f"# Stand-in for {system}\n\nRandom weights in the real system's file layout. It knows nothing.\n",
        encoding="utf-8",
    )


def split(tensors: Mapping[str, Tensor], count: int) -> list[dict[str, Tensor]]:
    """`tensors` in `count` groups of about the same bytes, order kept."""
    total = sum(tensor.nbytes for tensor in tensors.values())
    groups: list[dict[str, Tensor]] = [{} for _ in range(count)]
    done = 0
    for name, tensor in tensors.items():
        groups[min(done * count // total, count - 1)][name] = tensor
        done += tensor.nbytes
    return groups


def write_safetensors(
    folder: Path, tensors: Mapping[str, Tensor], *, count: int = 1, index: bool = True
) -> None:
    """Write `tensors` as `count` safetensors files, with the index unless `index` is False."""
    from safetensors.torch import save_file

    whole = {name: tensor.contiguous() for name, tensor in tensors.items()}
    if count == 1:
        save_file(whole, folder / "model.safetensors", metadata={"format": "pt"})
        return
    places: dict[str, str] = {}
    for number, group in enumerate(split(whole, count), start=1):
        file = f"model-{number:05d}-of-{count:05d}.safetensors"
        save_file(group, folder / file, metadata={"format": "pt"})
        places |= dict.fromkeys(group, file)
    if index:
        write_index(folder / "model.safetensors.index.json", whole, places)


def write_bins(folder: Path, tensors: Mapping[str, Tensor], *, count: int) -> None:
    """Write `tensors` as `count` older files, ``pytorch_model-0000i-of-0000n.bin``, with index."""
    import torch

    places: dict[str, str] = {}
    for number, group in enumerate(split(tensors, count), start=1):
        file = f"pytorch_model-{number:05d}-of-{count:05d}.bin"
        torch.save({name: tensor.clone() for name, tensor in group.items()}, folder / file)
        places |= dict.fromkeys(group, file)
    write_index(folder / "pytorch_model.bin.index.json", tensors, places)


def write_index(path: Path, tensors: Mapping[str, Tensor], places: Mapping[str, str]) -> None:
    """Write which file holds which tensor."""
    total = sum(tensor.nbytes for tensor in tensors.values())
    write_json(path, {"metadata": {"total_size": total}, "weight_map": dict(sorted(places.items()))})
