"""Memory-mapped arrays: their pages given back, so that a volume on disk is never whole in memory."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray


def let_go(array: NDArray[Any]) -> None:
    """Give the memory of a mapped array back to the system; what it holds stays in its file.

    Does nothing for an array in memory, and nothing where the system knows no such advice (Windows).
    """
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if isinstance(owner, mmap.mmap) and hasattr(owner, "madvise"):
        owner.madvise(mmap.MADV_DONTNEED)
