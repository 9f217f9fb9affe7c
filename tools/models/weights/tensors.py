"""Read the weights of a checkpoint folder and put them into a model, all of them or none.

Tensors are mapped from disk, shard by shard, so a checkpoint costs no memory before it is used. Pickled
files (``.bin``) are read as weights only: code inside them is never run.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.errors import SetupError
from tools.models.weights.checkpoints import weight_files

if TYPE_CHECKING:
    from torch import Tensor


def read_tensors(folder: Path, *, system: str) -> dict[str, Tensor]:
    """Every weight in `folder` by the name it has in the file, on the CPU, mapped from disk.

    Safetensors are preferred to ``.bin``. Shards may come with an index or without.

    Raises:
        SetupError: there are no weights, or a file is missing, damaged or more than weights.
    """
    tensors: dict[str, Tensor] = {}
    for file in weight_files(folder, system=system):
        read = _read_safetensors if file.suffix == ".safetensors" else _read_bin
        tensors |= read(file, system)
    return tensors


def load_strictly(
    kind: Any,
    config: Any,
    tensors: dict[str, Tensor],
    *,
    device: str,
    dtype: Any,
    system: str,
    quantisation: Any = None,
) -> Any:
    """A model of class `kind` holding exactly `tensors`, ready to answer.

    Args:
        kind: a transformers model class.
        config: its configuration.
        tensors: every weight, under names the class knows or maps.
        device: ``cpu``, ``cuda:0`` …
        dtype: the torch type the weights get.
        system: named in errors.
        quantisation: a transformers quantisation configuration, None for the weights as they are.

    Raises:
        SetupError: a weight is missing, left over or of another shape.
    """
    where: dict[str, Any] = {} if device == "cpu" else {"device_map": {"": device}}
    if quantisation is not None:
        where["quantization_config"] = quantisation
    model, report = kind.from_pretrained(
        None,
        config=config,
        state_dict=tensors,
        dtype=dtype,
        ignore_mismatched_sizes=True,
        output_loading_info=True,
        **where,
    )
    shapes = [str(name[0] if isinstance(name, tuple) else name) for name in report["mismatched_keys"]]
    problems = [
        f"{word} {_some(sorted(names))}"
        for word, names in (
            ("without", report["missing_keys"]),
            ("with unknown", report["unexpected_keys"]),
            ("with other shapes in", shapes),
        )
        if names
    ]
    if problems:
        raise SetupError(
            f"The checkpoint of {system} does not fit its architecture: {'; '.join(problems)}. "
            "Give the folder as it was published, or fetch it again."
        )
    return model.eval()


def _read_safetensors(file: Path, system: str) -> dict[str, Tensor]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="pt") as opened:
            return {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError) as error:
        raise _broken(file, system) from error


def _read_bin(file: Path, system: str) -> dict[str, Tensor]:
    import torch

    unreadable = (RuntimeError, ValueError, EOFError, OSError, torch.serialization.pickle.UnpicklingError)
    try:
        loaded = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    except unreadable as error:
        raise _broken(file, system) from error
    if not isinstance(loaded, dict) or not all(isinstance(one, torch.Tensor) for one in loaded.values()):
        raise _broken(file, system)
    return loaded


def _broken(file: Path, system: str) -> SetupError:
    return SetupError(
        f"{file.name} of {system} cannot be read as weights: it is cut short, damaged, or holds more than "
        "weights. Fetch it again."
    )


def _some(names: Iterable[str], most: int = 3) -> str:
    """The first few of `names` and how many more there are."""
    known = list(names)
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more
