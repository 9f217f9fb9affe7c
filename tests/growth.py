"""How the work of a function grows with its input: a ratio within one run, so that no machine is too slow."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 8
# What is this close to linear on the first look is linear; only what looks like growth is measured again.
LINEAR = 1.5


def growth(work: Callable[[int], object], size: int) -> float:
    """How much more work a part of a large input makes than the same part of a small one.

    Args:
        work: does its work on an input of the given size.
        size: of the large input; the small one is an eighth of it.

    Returns:
        1 for linear growth, 8 for quadratic growth. The sizes are run in turn, and the least CPU time of
        this thread counts, so that neither other processes nor other threads are measured. Others can still
        take the caches of the processor, so what looks like growth is measured up to a dozen times.
    """
    work(size // TIMES)
    small = large = ratio = float("inf")
    for _ in range(12):
        small = min(small, *(_seconds(work, size // TIMES) for _ in range(2)))
        large = min(large, _seconds(work, size))
        ratio = large / small / TIMES
        if ratio < LINEAR:
            break
    return ratio


def _seconds(work: Callable[[int], object], size: int) -> float:
    began = time.thread_time()
    work(size)
    return time.thread_time() - began
