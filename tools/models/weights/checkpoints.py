"""What lies in a checkpoint's folder: told from settings and the headers of files, without loading it.

Nothing here needs torch. Safetensors tell their shapes in a header; of ``.bin`` files only the size is known.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from store.errors import SetupError

MARK = "casebook_stand_in.json"
"""The file that says a checkpoint is a stand-in. Every loader looks for it and every answer repeats it."""

BYTES = {
    "F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "I16": 2,
    "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
}  # fmt: skip
"""Bytes of one number. Source: the safetensors format, https://github.com/huggingface/safetensors."""

OF_SETTINGS = {"float32": "F32", "float16": "F16", "bfloat16": "BF16"}
HEADER_LIMIT = 100_000_000
"""Longest header. Source: MAX_HEADER_SIZE of the safetensors format."""


@dataclass(frozen=True)
class Checkpoint:
    """One folder of weights, not loaded.

    Attributes:
        folder: where it lies.
        layout: ``adapter`` (LoRA weights that need a base) or ``whole``.
        files: names of its weight files.
        nbytes: bytes of all weights on disk.
        values: how many numbers they are; what a number format needs is this times its size.
        formats: number formats, the one with most numbers first (``BF16``).
        indexed: whether shards come with an index, or there is one file.
        quantised: whether the weights themselves are in 4 or 8 bits, whatever the settings say.
        settings: adapter_config.json or config.json.
        stand_in: whether the weights are random.
        notes: sentences on what was unusual.
    """

    folder: Path
    layout: Literal["adapter", "whole"]
    files: tuple[str, ...]
    nbytes: int
    values: int
    formats: tuple[str, ...]
    indexed: bool
    quantised: bool
    settings: Mapping[str, Any]
    stand_in: bool
    notes: tuple[str, ...] = ()


def inspect_checkpoint(folder: Path, *, system: str) -> Checkpoint:
    """Look at a folder of weights.

    Raises:
        SetupError: it is no folder, holds no weights or settings, or a file is missing or cut short.
    """
    if not folder.is_dir():
        raise SetupError(f"The folder given for {system} is not there.")
    adapter = (folder / "adapter_config.json").is_file() and bool(_adapter_files(folder))
    settings = read_json(folder / ("adapter_config.json" if adapter else "config.json"), system=system)
    files = _adapter_files(folder) if adapter else weight_files(folder, system=system)
    counts = _count(files, settings, system)
    quantised = any(name in counts for name in ("U8", "I8"))
    shards = len(files) > 1
    indexed = not shards or any(folder.glob("*.index.json"))
    notes = []
    if "quantization_config" in settings and not quantised:
        notes.append(
            "The settings speak of quantised weights, but the weights are not; the settings are wrong."
        )
    if not indexed:
        notes.append("The shards come without an index; it was made from their headers.")
    return Checkpoint(
        folder=folder,
        layout="adapter" if adapter else "whole",
        files=tuple(file.name for file in files),
        nbytes=sum(file.stat().st_size for file in files),
        values=sum(counts.values()),
        formats=tuple(sorted(counts, key=lambda name: -counts[name])),
        indexed=indexed,
        quantised=quantised,
        settings=settings,
        stand_in=is_stand_in(folder),
        notes=tuple(notes),
    )


def is_stand_in(folder: Path) -> bool:
    """Whether `folder` carries the mark of a stand-in."""
    return (folder / MARK).is_file()


def read_json(path: Path, *, system: str) -> dict[str, Any]:
    """The settings in `path`.

    Raises:
        SetupError: the file is missing or holds no JSON object.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SetupError(f"The checkpoint of {system} has no {path.name}. Fetch it again.") from None
    except (ValueError, OSError) as error:
        raise SetupError(f"{path.name} of {system} cannot be read as JSON. Fetch it again.") from error
    if not isinstance(value, dict):
        raise SetupError(f"{path.name} of {system} holds no settings. Fetch it again.")
    return value


def weight_files(folder: Path, *, system: str) -> tuple[Path, ...]:
    """The weight files of a whole checkpoint, safetensors before ``.bin``; an index decides if there is one.

    Raises:
        SetupError: there are none, or the index names one that is missing.
    """
    for stem, ending in (("model", "safetensors"), ("pytorch_model", "bin")):
        index = folder / f"{stem}.{ending}.index.json"
        if index.is_file():
            places = read_json(index, system=system).get("weight_map")
            names = (
                sorted({Path(str(name)).name for name in places.values()}) if isinstance(places, dict) else []
            )
            missing = [name for name in names if not (folder / name).is_file()]
            if missing or not names:
                lost = ", ".join(missing[:3]) or "all shards"
                raise SetupError(f"The checkpoint of {system} lacks {lost}. Fetch it again.")
            return tuple(folder / name for name in names)
        whole = folder / f"{stem}.{ending}"
        if found := (whole,) if whole.is_file() else tuple(sorted(folder.glob(f"{stem}-*-of-*.{ending}"))):
            return found
    raise SetupError(
        f"There are no weights of {system} in the folder given: Casebook looks for an adapter "
        "(adapter_model.safetensors), model*.safetensors and pytorch_model*.bin."
    )


def read_header(file: Path, *, system: str) -> dict[str, dict[str, Any]]:
    """Name → ``dtype``, ``shape`` and ``data_offsets`` of every tensor in a safetensors file.

    Raises:
        SetupError: the header is broken, or the file is shorter than it says.
    """
    size = file.stat().st_size
    try:
        with file.open("rb") as opened:
            (length,) = struct.unpack("<Q", opened.read(8))
            header: Any = json.loads(opened.read(min(length, size, HEADER_LIMIT)))
        tensors = {name: dict(one) for name, one in header.items() if name != "__metadata__"}
        end = 8 + length + max((one["data_offsets"][1] for one in tensors.values()), default=0)
    except (struct.error, ValueError, AttributeError, KeyError, TypeError, IndexError) as error:
        raise SetupError(f"{file.name} of {system} is no safetensors file. Fetch it again.") from error
    if end > size:
        raise SetupError(f"{file.name} of {system} is cut short: {size} of {end} bytes. Fetch it again.")
    return tensors


def _adapter_files(folder: Path) -> tuple[Path, ...]:
    for name in ("adapter_model.safetensors", "adapter_model.bin"):
        if (folder / name).is_file():
            return (folder / name,)
    return ()


def _count(files: tuple[Path, ...], settings: Mapping[str, Any], system: str) -> dict[str, int]:
    """How many numbers there are in each format."""
    counts: dict[str, int] = {}
    for file in files:
        if file.suffix == ".safetensors":
            for tensor in read_header(file, system=system).values():
                counts[tensor["dtype"]] = counts.get(tensor["dtype"], 0) + math.prod(tensor["shape"])
        else:
            kind = OF_SETTINGS.get(str(settings.get("torch_dtype")), "F32")
            counts[kind] = counts.get(kind, 0) + file.stat().st_size // BYTES[kind]
    return counts
