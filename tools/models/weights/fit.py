"""Whether a model fits: bytes it will need, from the headers of its files, against the bytes there are."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from store.errors import SetupError
from tools.models.weights.checkpoints import Checkpoint, inspect_checkpoint
from tools.models.weights.device import cuda_devices

VALUE_BYTES = {"float32": 4.0, "bfloat16": 2.0, "float16": 2.0, "8bit": 1.2, "4bit": 0.7}
"""Bytes of one weight in memory. In 8 and 4 bits embeddings, heads and norms keep two bytes; the means are
ours, computed for Llama-3.2-11B-Vision with NF4 and double quantisation (4.13 bits, Dettmers et al. 2023)."""

WORK_SHARE = 0.15
"""What a model needs beside its weights (remembered pictures, caches, intermediate results), as a share of
them. Ours: the largest reader remembers four pictures of 220 MB beside 21 GB of weights."""

USABLE = {"cpu": 0.8, "cuda": 0.92}
"""Share of the free memory that models may take. Ours: other programs of the machine go on working, and the
drivers of a GPU keep some hundred MB."""

CGROUP = Path("/sys/fs/cgroup")
"""Where Linux tells a container's memory limit. Source: kernel documentation, cgroup-v2, memory.max."""


@dataclass(frozen=True)
class Need:
    """What one model will take in memory.

    Attributes:
        weights: bytes of its weights in the number format they are loaded in.
        values: how many numbers they are.
    """

    weights: int
    values: int

    @property
    def nbytes(self) -> int:
        """Weights and what is needed to work with them."""
        return with_work(self.weights)


def with_work(weights: float) -> int:
    """Bytes of a model whose weights take `weights`."""
    return round(weights * (1 + WORK_SHARE))


def need_of(system: str, path: Path, base: Path | None, *, device: str, precision: str) -> Need:
    """What `system` would take, without loading it.

    Args:
        system: named in errors.
        path: folder of the checkpoint or adapter.
        base: folder of the base under an adapter.
        device: ``cpu`` or ``cuda:N``.
        precision: ``auto`` or a name of `VALUE_BYTES`.

    Raises:
        SetupError: a folder holds no complete checkpoint.
    """
    parts = [inspect_checkpoint(path, system=system)]
    if parts[0].layout == "adapter" and base is not None:
        parts.append(inspect_checkpoint(base, system=system))
    each = VALUE_BYTES[_format(precision, device)]
    return Need(sum(_in_memory(part, each) for part in parts), sum(part.values for part in parts))


def free_bytes(device: str) -> int:
    """Bytes on `device` that nobody uses; on the CPU within the limit of the container, if there is one."""
    if device != "cpu":
        import torch

        return int(torch.cuda.mem_get_info(device)[0])
    import psutil

    return min(int(psutil.virtual_memory().available), _left_in_container())


def usable_bytes(device: str, held: int, most: int | None = None) -> int:
    """Bytes that models may take on `device` in all.

    Args:
        device: ``cpu`` or ``cuda:N``.
        held: bytes that models take there now.
        most: the budget that was set, or None.
    """
    share = USABLE[device.partition(":")[0]]
    measured = held + int(free_bytes(device) * share)
    return measured if most is None else min(most, measured)


def too_large(
    system: str, need: Need, *, device: str, usable: int, smaller: bool, served: bool = True
) -> SetupError:
    """The sentence for a model that cannot fit, with the ways out.

    Args:
        system: the model.
        need: of it.
        device: where it was to run.
        usable: bytes that models may take there.
        smaller: whether it can be loaded in 4 bits.
        served: whether a server can run it instead.
    """
    ways = []
    if smaller and device != "cpu":
        in_4_bits = with_work(need.values * VALUE_BYTES["4bit"])
        fits = "fits" if in_4_bits <= usable else "does not fit either"
        ways.append(f"CASEBOOK_PRECISION=4bit needs about {size(in_4_bits)} and {fits}")
    if other := _other_device(device):
        ways.append(f"another device (CASEBOOK_DEVICE={other})")
    if served:
        ways.append(f"a server that runs it (CASEBOOK_{_stem(system)}_SERVER=URL)")
    ways.append("less of the memory in use by other programs")
    return SetupError(
        f"{system} needs about {size(need.nbytes)} of memory on {device}, and models may take "
        f"{size(usable)} there. Ways out: {'; '.join(ways)}. CASEBOOK_MODEL_MEMORY_GB sets the budget."
    )


def ran_out(system: str, *, device: str, served: bool) -> SetupError:
    """The sentence for a model that ran out of memory twice.

    Args:
        system: the model.
        device: where it ran.
        served: whether a server can run it instead.
    """
    ways = ["a lower CASEBOOK_PRECISION"]
    if other := _other_device(device):
        ways.append(f"another device (CASEBOOK_DEVICE={other})")
    if served:
        ways.append(f"a server that runs it (CASEBOOK_{_stem(system)}_SERVER=URL)")
    return SetupError(
        f"{system} ran out of memory on {device} twice, the second time with all else let go. Ways out: "
        f"{'; '.join(ways)}."
    )


def size(nbytes: float) -> str:
    """Bytes for readers: ``21.3 GB``, ``512 MB``."""
    for unit, one in (("GB", 1e9), ("MB", 1e6)):
        if nbytes >= one:
            return f"{nbytes / one:.3g} {unit}"
    return f"{nbytes / 1e3:.3g} kB"


def _other_device(device: str) -> str | None:
    """Where else this machine could run a model."""
    if device != "cpu":
        return "cpu"
    return "cuda" if find_spec("torch") and cuda_devices() else None


def _format(precision: str, device: str) -> str:
    if precision != "auto":
        return precision
    return "float32" if device == "cpu" else "bfloat16"


def _in_memory(part: Checkpoint, each: float) -> int:
    return part.nbytes if part.quantised else round(part.values * each)


def _left_in_container() -> int:
    """Bytes left under the container's limit; files that are only cached count as free."""
    try:
        limit = int((CGROUP / "memory.max").read_text())
        used = int((CGROUP / "memory.current").read_text())
        stat = dict(line.split() for line in (CGROUP / "memory.stat").read_text().splitlines())
        return max(0, limit - used + int(stat.get("inactive_file", 0)) + int(stat.get("active_file", 0)))
    except (OSError, ValueError):  # no container, or no limit ("max")
        return 1 << 62


def _stem(system: str) -> str:
    return system.replace("-", "_").upper()
