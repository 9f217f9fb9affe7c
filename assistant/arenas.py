"""Memory that the threads of a server share, so that it does not grow with every chat.

glibc gives each new thread a heap of its own, up to eight for each core, and what was freed in one of them
serves no other. Every turn is a thread and holds pictures: after some hundred turns much of a server's memory
was such leavings. One heap for all costs Python little, whose threads take turns anyway.
"""

from __future__ import annotations

import ctypes
import os

# Source: mallopt(3), M_ARENA_MAX in malloc.h of glibc.
_M_ARENA_MAX = -8


def share_memory() -> None:
    """From now on threads make no heaps of their own; call it before the first turn of a process.

    Does nothing where the C library knows no such option, or where the operator has set it.
    """
    if "MALLOC_ARENA_MAX" in os.environ:
        return
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if set_option is not None:
        set_option(_M_ARENA_MAX, 1)
