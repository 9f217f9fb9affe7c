"""Where a model runs and in which number format: ``auto`` is resolved once, here, and then reported."""

from __future__ import annotations

from typing import Any

from store.errors import SetupError

DTYPES = ("float32", "bfloat16", "float16")


def resolve_device(wanted: str = "auto") -> str:
    """``auto``, ``cpu``, ``cuda`` or ``cuda:1`` to the device that will be used, ``cpu`` or ``cuda:N``.

    Raises:
        SetupError: the name is unknown, or this machine has no such device.
    """
    count = cuda_devices()
    if wanted == "auto":
        return "cuda:0" if count else "cpu"
    if wanted == "cpu":
        return "cpu"
    kind, _, number = wanted.partition(":")
    if kind != "cuda" or not (number.isdecimal() or wanted == "cuda"):
        raise SetupError(
            f"The device {wanted!r} is not known. Casebook accepts auto, cpu, cuda and cuda:NUMBER."
        )
    if int(number or 0) >= count:
        have = f"{count} CUDA device(s), counted from 0" if count else "no CUDA device that PyTorch can use"
        raise SetupError(
            f"The device {wanted!r} was asked for, but this machine has {have}. Use auto or cpu."
        )
    return f"cuda:{int(number or 0)}"


def cuda_devices() -> int:
    """How many GPUs PyTorch can use here."""
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def resolve_dtype(wanted: str | None, device: str) -> Any:
    """The torch type called `wanted`; None is bfloat16 on a GPU and float32 on the CPU.

    Raises:
        SetupError: the name is none of `DTYPES`.
    """
    import torch

    if wanted is None:
        return torch.float32 if device == "cpu" else torch.bfloat16
    if wanted not in DTYPES:
        raise SetupError(f"The number format {wanted!r} is not known. Casebook accepts {', '.join(DTYPES)}.")
    return getattr(torch, wanted)
