"""Pages of a mapped array can be given back, and what was written stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from store.pictures.mapped import let_go


def resident_kb():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="resident memory is told by Linux only")
def test_a_written_map_is_given_back_and_keeps_what_it_holds(tmp_path):
    array = np.lib.format.open_memmap(tmp_path / "a.npy", mode="w+", dtype=np.uint8, shape=(32, 1024, 1024))
    array[:] = 7
    full = resident_kb()
    let_go(array[3:])
    assert resident_kb() < full - 24 * 1024
    assert int(array.sum()) == 7 * array.size


def test_an_array_in_memory_is_left_alone():
    array = np.ones((4, 4), np.uint8)
    let_go(array)
    assert array.sum() == 16
