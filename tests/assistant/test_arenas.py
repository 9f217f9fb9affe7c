"""Threads of a server share one heap."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from tests.child import environment

HEAPS = """
import ctypes, os, sys, tempfile, threading
if sys.argv[1] == "shared":
    from assistant.arenas import share_memory
    share_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = libc.fclose.argtypes = [ctypes.c_void_p]
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
together = threading.Barrier(6)
def work():
    place = libc.malloc(5000)
    together.wait()
    libc.free(place)
threads = [threading.Thread(target=work) for _ in range(6)]
for one in threads: one.start()
for one in threads: one.join()
with tempfile.NamedTemporaryFile() as file:
    stream = libc.fdopen(os.open(file.name, os.O_WRONLY), b"w")
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(file.read().count(b"<heap nr="))
"""


@pytest.mark.process
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives threads heaps of their own")
def test_threads_make_no_heaps_of_their_own() -> None:
    assert heaps("apart") > 1
    assert heaps("shared") == 1


@pytest.mark.process
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives threads heaps of their own")
def test_what_the_operator_has_set_stays() -> None:
    assert heaps("shared", MALLOC_ARENA_MAX="4") == 4


def heaps(how: str, **more: str) -> int:
    command = [sys.executable, "-c", HEAPS, how]
    done = subprocess.run(command, check=True, capture_output=True, env=environment(**more), timeout=60)
    return int(done.stdout)
