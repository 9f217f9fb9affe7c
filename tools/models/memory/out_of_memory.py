"""Recognise that memory ran out, let go of what the failure held, and return what is free to the device."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def within_memory(work: Callable[[], T]) -> tuple[T] | None:
    """What `work` returns, or None if memory ran out. What the failure held on to is free on return."""
    try:
        return (work(),)
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
    return None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, of Python, of a GPU, or of PyTorch on the CPU.

    Source: the texts of c10's allocator for the CPU, which raises a plain RuntimeError.
    """
    torch = sys.modules.get("torch")
    if isinstance(error, MemoryError) or (torch is not None and isinstance(error, torch.OutOfMemoryError)):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and (
        "can't allocate memory" in text or "not enough memory" in text
    )


def give_back() -> None:
    """Return freed memory to the device."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
