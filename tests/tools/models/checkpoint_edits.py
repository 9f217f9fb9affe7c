"""Change one thing in a checkpoint, as damage or another publisher would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


def copied(folder: Path, to: Path, **settings: Any) -> Path:
    """A copy of `folder` whose ``config.json`` also says `settings`."""
    shutil.copytree(folder, to)
    config = json.loads((to / "config.json").read_text())
    (to / "config.json").write_text(json.dumps(config | settings))
    return to


def rewrite_bins(folder: Path, change: Callable[[str, Tensor], tuple[str, Tensor] | None]) -> None:
    """Pass every tensor of every ``.bin`` through `change`; None leaves it out. The index is dropped."""
    import torch

    for shard in folder.glob("pytorch_model*.bin"):
        pairs = (change(name, tensor) for name, tensor in torch.load(shard, weights_only=True).items())
        torch.save(dict(pair for pair in pairs if pair is not None), shard)
    (folder / "pytorch_model.bin.index.json").unlink(missing_ok=True)


def without(*endings: str) -> Callable[[str, Tensor], tuple[str, Tensor] | None]:
    return lambda name, tensor: None if name.endswith(endings) else (name, tensor)
