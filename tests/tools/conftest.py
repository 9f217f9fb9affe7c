"""Stand-ins built once for all tests of readers, and pictures to ask about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tools.models.stand_ins import StandIn, build_stand_in


@pytest.fixture(scope="session")
def radiographer_files(tmp_path_factory) -> StandIn:
    return build_stand_in("radiographer", tmp_path_factory.mktemp("radiographer"))


@pytest.fixture(scope="session")
def derm_captioner_files(tmp_path_factory) -> StandIn:
    return build_stand_in("derm-captioner", tmp_path_factory.mktemp("derm-captioner"))


@pytest.fixture(scope="session")
def merged_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("merged")


@pytest.fixture(scope="session")
def pictures() -> list[np.ndarray]:
    """Wide, tall and square: noise, a gradient, a disc."""
    random = np.random.default_rng(7)
    rows, columns = np.mgrid[0:300, 0:200]
    disc = (np.hypot(*np.mgrid[-100:100, -100:100]) < 60) * np.uint8(200)
    return [
        random.integers(0, 255, (120, 260, 3), dtype=np.uint8),
        np.stack([rows * 255 // 300, columns * 255 // 200, rows * 0 + 90], axis=-1).astype(np.uint8),
        np.repeat(disc[:, :, None], 3, axis=2).astype(np.uint8),
    ]
